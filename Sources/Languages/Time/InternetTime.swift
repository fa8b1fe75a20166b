import Entries

/// The quick way through RFC 3339 timestamps as programs write them: `2026-01-02T03:04:05[.fraction](Z|±hh:mm)`.
enum InternetTime {
    /// The instant; nil for every text that is not exactly of this form, right or wrong: ask the layout then.
    static func parse(_ text: Bytes) -> Timestamp? {
        // Through the bare pointer, because every nanosecond counts here; `count` bounds all that is read.
        let bytes = text.start
        guard text.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
        else { return nil }
        var digits = DigitReader(bytes)
        let year = digits.pair(at: 0) &* 100 &+ digits.pair(at: 2)
        let month = digits.pair(at: 5)
        let day = digits.pair(at: 8)
        let hour = digits.pair(at: 11)
        let minute = digits.pair(at: 14)
        let second = digits.pair(at: 17)
        guard digits.areDigits, month &- 1 < 12, hour < 24, minute < 60, second < 60, day >= 1,
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

    /// Two digits at a time; whether all were digits is asked once at the end.
    private struct DigitReader {
        private let bytes: UnsafePointer<UInt8>
        private var worst: UInt8 = 0

        init(_ bytes: UnsafePointer<UInt8>) { self.bytes = bytes }

        var areDigits: Bool { worst <= 9 }

        @inline(__always)
        mutating func pair(at index: Int) -> UInt32 {
            let tens = bytes[index] &- UInt8(ascii: "0")
            let ones = bytes[index &+ 1] &- UInt8(ascii: "0")
            worst = max(worst, max(tens, ones))
            return UInt32(tens) &* 10 &+ UInt32(ones)
        }
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
        var value: UInt32 = 0
        var scale: UInt32 = 1_000_000_000
        let start = position
        while position < count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            if scale > 1 {
                value = value &* 10 &+ UInt32(digit)
                scale /= 10
            }
            position &+= 1
        }
        return position > start ? value &* scale : nil
    }

    /// Seconds east of UTC that `Z` or `±hh:mm` mean; nil when the rest of the text is neither.
    @inline(__always)
    private static func offset(of bytes: UnsafePointer<UInt8>, count: Int, at position: Int) -> Int32? {
        let rest = count &- position
        if rest == 1 { return bytes[position] == UInt8(ascii: "Z") ? 0 : nil }
        guard rest == 6, bytes[position + 3] == UInt8(ascii: ":") else { return nil }
        var digits = DigitReader(bytes)
        let hours = digits.pair(at: position + 1)
        let minutes = digits.pair(at: position + 4)
        guard digits.areDigits, hours <= 24, minutes <= 60 else { return nil }
        let seconds = Int32(bitPattern: hours &* 3_600 &+ minutes &* 60)
        switch bytes[position] {
        case UInt8(ascii: "+"): return seconds
        case UInt8(ascii: "-"): return -seconds
        default: return nil
        }
    }
}
