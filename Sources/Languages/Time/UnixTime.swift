import Entries

/// Timestamps that are numbers counted from 1970, with the limits of Promtail's `Unix` formats.
enum UnixTime {
    /// `1562708916` or `1562708916.414123`; whole numbers on both sides of one dot.
    ///
    /// A fraction is always added: `-1.5` is half a second before 1970. Digits beyond nanoseconds are dropped.
    static func seconds(_ text: Bytes) -> Timestamp? {
        guard let dot = text.firstIndex(of: UInt8(ascii: ".")) else {
            return integer(text).map { Timestamp(seconds: $0) }
        }
        let digits = text[(dot + 1)..<text.count]
        guard let whole = integer(text[0..<dot]), let fraction = integer(digits) else { return nil }
        // In floating point, as Promtail reckons: it shows in the last digit of long fractions.
        var scale = 1.0
        for _ in 0..<abs(9 - digits.count) { scale *= 10 }
        let nanoseconds = digits.count <= 9 ? Double(fraction) * scale : Double(fraction) * (1 / scale)
        return Timestamp(seconds: whole, nanoseconds: Int64(nanoseconds))
    }

    /// A whole number of units of `unit` nanoseconds; beyond 64 bits of nanoseconds it wraps.
    static func units(_ text: Bytes, unit: Int64) -> Timestamp? {
        integer(text).map { Timestamp(unixNanoseconds: $0 &* unit) }
    }

    /// A decimal number of 64 bits, perhaps with a sign, and nothing else.
    private static func integer(_ text: Bytes) -> Int64? {
        var index = 0
        let isNegative = !text.isEmpty && text[0] == UInt8(ascii: "-")
        if isNegative || !text.isEmpty && text[0] == UInt8(ascii: "+") { index = 1 }
        guard index < text.count else { return nil }
        // Counted downwards, where there is room for the least number of 64 bits.
        var value: Int64 = 0
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            let (product, isTooLong) = value.multipliedReportingOverflow(by: 10)
            let (difference, isTooLow) = product.subtractingReportingOverflow(Int64(digit))
            if isTooLong || isTooLow { return nil }
            value = difference
            index += 1
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }
}
