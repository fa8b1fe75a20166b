import CBytes
package import Entries

/// The quick way through RFC 3339 timestamps as programs write them: `2026-01-02T03:04:05[.fraction](Z|±hh:mm)`.
package enum InternetTime {
    /// The instant; nil for every text that is not exactly of this form, right or wrong: ask the layout then.
    package static func parse(_ text: Bytes) -> Timestamp? {
        // Through the bare pointer, because every nanosecond counts here; `count` bounds all that is read.
        let bytes = text.start
        guard text.count >= 20 else { return nil }
        // `2026-01-`, `02T03:04`, `:05`.
        let date = DigitPairs(cbytes_load64(bytes), signs: 0x2D00_002D_0000_0000, at: 0xFF00_00FF_0000_0000)
        let clock = DigitPairs(cbytes_load64(bytes + 8), signs: 0x0000_3A00_0054_0000, at: 0x0000_FF00_00FF_0000)
        let last = DigitPairs(UInt64(cbytes_load32(bytes + 16)) & 0xFF_FFFF, signs: 0x3A, at: 0xFFFF_FFFF_FF00_00FF)
        guard date.areRight, clock.areRight, last.areRight else { return nil }
        let year = date[0] &* 100 &+ date[2]
        let month = date[5]
        let day = clock[0]
        let hour = clock[3]
        let minute = clock[6]
        let second = last[1]
        guard month &- 1 < 12, hour < 24, minute < 60, second < 60, day >= 1,
            day <= 28 || day <= CivilDay.count(ofMonth: Int(month), year: Int(year))
        else { return nil }
        var position = 19
        guard let nanoseconds = fraction(of: bytes, count: text.count, at: &position),
            let offset = offset(of: bytes, count: text.count, at: position)
        else { return nil }
        let time = Int64(hour &* 3_600 &+ minute &* 60 &+ second)
        let seconds = Int64(dayNumber(year, month, day)) &* 86_400 &+ time &- Int64(offset)
        return Timestamp(seconds: seconds, nanoseconds: Int64(nanoseconds))
    }

    /// Eight bytes of a text in which digits stand at known places, all looked at together.
    private struct DigitPairs {
        /// Whether signs stand where they should and digits everywhere else.
        let areRight: Bool
        private let pairs: UInt64

        /// `signs` are the bytes wanted where `mask` has ones, the first byte lowest.
        @inline(__always)
        init(_ word: UInt64, signs: UInt64, at mask: UInt64) {
            let digits = (word ^ 0x3030_3030_3030_3030) & ~mask
            // Ten and more carry into the highest bit of their byte.
            let wrong = ((digits &+ 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080
            areRight = (wrong | ((word & mask) ^ signs)) == 0
            pairs = digits &* 10 &+ (digits >> 8)
        }

        /// The number that the digits at `index` and behind it make.
        @inline(__always)
        subscript(index: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: pairs >> (8 &* index)) & 0xFF }
    }

    /// Days since 1970 of a date in the years 0 to 9999, without branches on the sign.
    @inline(__always)
    private static func dayNumber(_ year: UInt32, _ month: UInt32, _ day: UInt32) -> Int32 {
        // Four hundred years on, so that March of the year before stays positive.
        let isEarly: UInt32 = month <= 2 ? 1 : 0
        let shifted = year &+ 400 &- isEarly
        let marchMonth = month &+ 12 &* isEarly &- 3
        let dayOfYear = (153 &* marchMonth &+ 2) / 5 &+ day &- 1
        let days = shifted &* 365 &+ shifted / 4 &- shifted / 100 &+ shifted / 400 &+ dayOfYear
        return Int32(bitPattern: days) &- (719_468 + 146_097)
    }

    /// Nanoseconds of a fraction at `position`, 0 without one; nil when a separator has no digit behind it.
    @inline(__always)
    private static func fraction(of bytes: UnsafePointer<UInt8>, count: Int, at position: inout Int) -> UInt32? {
        guard bytes[position] == UInt8(ascii: ".") || bytes[position] == UInt8(ascii: ",") else { return 0 }
        position &+= 1
        let start = position
        var value: UInt32 = 0
        if count &- start >= 8 || (start < count && cbytes_may_load(bytes + start, 8) != 0) {
            // Eight digits at once: what follows the last one counts as zeros.
            let word = cbytes_load64(bytes + start) ^ 0x3030_3030_3030_3030
            let others = ((word &+ 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080
            let length = min(others == 0 ? 8 : others.trailingZeroBitCount >> 3, count &- start)
            position &+= length
            value = number(ofEightDigits: length < 8 ? word & ((1 << UInt64(8 &* length)) &- 1) : word) &* 10
            if length < 8 { return length > 0 ? value : nil }
            if position < count, bytes[position] &- UInt8(ascii: "0") <= 9 {
                value = value &+ UInt32(bytes[position] &- UInt8(ascii: "0"))
            }
            // What is finer than a nanosecond is cut off.
            while position < count, bytes[position] &- UInt8(ascii: "0") <= 9 { position &+= 1 }
            return value
        }
        while position < count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            if position &- start < 9 { value = value &* 10 &+ UInt32(digit) }
            position &+= 1
        }
        return position > start ? value &* scale(position &- start) : nil
    }

    /// The number that eight digits make, each in a byte of `word` as 0 to 9, the first one lowest.
    @inline(__always)
    private static func number(ofEightDigits word: UInt64) -> UInt32 {
        let pairs = word &* 10 &+ (word >> 8)
        let high = (pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        let low = ((pairs >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
        return UInt32(truncatingIfNeeded: (high &+ low) >> 32)
    }

    /// Nanoseconds that the last of so many digits of a fraction counts.
    @inline(__always)
    private static func scale(_ digits: Int) -> UInt32 {
        switch digits {
        case 1: 100_000_000
        case 2: 10_000_000
        case 3: 1_000_000
        case 4: 100_000
        case 5: 10_000
        case 6: 1_000
        case 7: 100
        case 8: 10
        default: 1
        }
    }

    /// Seconds east of UTC that `Z` or `±hh:mm` mean; nil when the rest of the text is neither.
    @inline(__always)
    private static func offset(of bytes: UnsafePointer<UInt8>, count: Int, at position: Int) -> Int32? {
        let rest = count &- position
        if rest == 1 { return bytes[position] == UInt8(ascii: "Z") ? 0 : nil }
        guard rest == 6 else { return nil }
        let word = UInt64(cbytes_load32(bytes + position + 1)) | UInt64(bytes[position + 5]) << 32
        let digits = DigitPairs(word, signs: 0x3A_0000, at: 0xFFFF_FF00_00FF_0000)
        let (hours, minutes) = (digits[0], digits[3])
        guard digits.areRight, hours <= 24, minutes <= 60 else { return nil }
        let seconds = Int32(bitPattern: hours &* 3_600 &+ minutes &* 60)
        switch bytes[position] {
        case UInt8(ascii: "+"): return seconds
        case UInt8(ascii: "-"): return -seconds
        default: return nil
        }
    }
}
