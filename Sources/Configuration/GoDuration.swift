/// Durations as Go writes them: `250ms`, `1h30m`, `1.5h`.
package enum GoDuration {
    /// Decimal numbers with the units ns, us, ms, s, m, h, optionally signed; or `0`.
    ///
    /// Nil for anything else, and
    /// beyond 292 years.
    package static func parse(_ text: String) -> Duration? {
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual([UInt8(ascii: "0")]) { return .zero }
        guard !rest.isEmpty else { return nil }
        var nanoseconds: UInt64 = 0
        while !rest.isEmpty {
            guard let term = takeTerm(&rest) else { return nil }
            let (sum, overflow) = nanoseconds.addingReportingOverflow(term)
            guard !overflow, sum <= UInt64(Int64.max) else { return nil }
            nanoseconds = sum
        }
        return .nanoseconds(isNegative ? -Int64(nanoseconds) : Int64(nanoseconds))
    }

    private static let units: [String: UInt64] = [
        "ns": 1, "us": 1_000, "\u{B5}s": 1_000, "\u{3BC}s": 1_000, "ms": 1_000_000, "s": 1_000_000_000,
        "m": 60_000_000_000, "h": 3_600_000_000_000,
    ]

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private static func takeTerm(_ rest: inout String.UTF8View.SubSequence) -> UInt64? {
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard whole.count + fraction.count > 0 else { return nil }
        let name = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
        rest = rest.dropFirst(name.count)
        guard let unit = units[String(Substring(name))] else { return nil }
        guard let count = whole.isEmpty ? 0 : UInt64(Substring(whole)) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow, product <= UInt64(Int64.max) else { return nil }
        // Digits beyond the 18th are far below a nanosecond.
        let digits = fraction.prefix(18)
        let numerator = digits.reduce(0.0) { $0 * 10 + Double($1 - 0x30) }
        let scale = digits.reduce(1.0) { power, _ in power * 10 }
        return product + UInt64(numerator * (Double(unit) / scale))
    }

    /// `duration` as Go prints it: `1m30s`, `250ms`, `0s`.
    package static func text(_ duration: Duration) -> String {
        let total = nanoseconds(duration)
        if total == 0 { return "0s" }
        let sign = total < 0 ? "-" : ""
        let rest = total.magnitude
        if rest < 1_000 { return "\(sign)\(rest)ns" }
        if rest < 1_000_000 { return sign + decimal(rest, unit: 1_000) + "\u{B5}s" }
        if rest < 1_000_000_000 { return sign + decimal(rest, unit: 1_000_000) + "ms" }
        let (hours, minutes) = (rest / 3_600_000_000_000, rest / 60_000_000_000 % 60)
        let seconds = decimal(rest % 60_000_000_000, unit: 1_000_000_000) + "s"
        if hours > 0 { return "\(sign)\(hours)h\(minutes)m\(seconds)" }
        return minutes > 0 ? "\(sign)\(minutes)m\(seconds)" : sign + seconds
    }

    /// Whole nanoseconds, cut off at the range of Int64.
    package static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || carry ? (seconds < 0 ? Int64.min : Int64.max) : sum
    }

    private static func decimal(_ value: UInt64, unit: UInt64) -> String {
        guard value % unit > 0 else { return "\(value / unit)" }
        var digits = String(value % unit + unit).dropFirst()
        while digits.last == "0" { digits = digits.dropLast() }
        return "\(value / unit).\(digits)"
    }
}
