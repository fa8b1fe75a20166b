import Entries

/// Durations of Go's `time` package in nanoseconds.
enum TemplateDuration {
    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 60e9), ("h", 3600e9),
    ]

    /// `time.ParseDuration`: `-1h30m`, `1.5s`; nil for anything else.
    static func nanoseconds(_ text: [UInt8]) -> Int64? {
        var rest = text[...]
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        if rest.elementsEqual("0".utf8) { return 0 }
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isDecimalDigit || $0 == UInt8(ascii: ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !$0.isDecimalDigit && $0 != UInt8(ascii: ".") }
            rest = rest.dropFirst(unit.count)
            let digits = String(decoding: number, as: UTF8.self)
            guard number.contains(where: \.isDecimalDigit),
                let value = Double("0" + digits + "0") ?? Double("0" + digits),
                let found = units.first(where: { unit.elementsEqual($0.name.utf8) })
            else { return nil }
            let exact = number.contains(UInt8(ascii: ".")) ? value : Double(digits) ?? value
            total += exact * found.nanoseconds
        }
        return Int64(exactly: (isNegative ? -total : total).rounded(.towardZero))
    }

    /// `1h2m3s`, as `Duration.String` writes whole seconds.
    static func text(seconds: Int64) -> String {
        let all = seconds.magnitude
        let sign = seconds < 0 ? "-" : ""
        if all < 60 { return "\(sign)\(all)s" }
        if all < 3600 { return "\(sign)\(all / 60)m\(all % 60)s" }
        return "\(sign)\(all / 3600)h\(all / 60 % 60)m\(all % 60)s"
    }

    /// sprig's `durationRound`: only the largest unit, and no sign.
    static func rounded(_ nanoseconds: Int64) -> String {
        let seconds: UInt64 = 1_000_000_000
        let units: [(String, UInt64)] = [
            ("y", 365 * 86_400 * seconds), ("mo", 30 * 86_400 * seconds), ("d", 86_400 * seconds),
            ("h", 3600 * seconds),
            ("m", 60 * seconds), ("s", seconds),
        ]
        for (name, length) in units where nanoseconds.magnitude > length {
            return "\(nanoseconds.magnitude / length)\(name)"
        }
        return "0s"
    }
}

extension TemplateTime {
    func advanced(by change: Int64) -> TemplateTime {
        let moved = Timestamp(seconds: seconds, nanoseconds: Int64(nanoseconds)).adding(nanoseconds: change)
        return TemplateTime(seconds: moved.seconds, nanoseconds: moved.nanoseconds, zone: zone)
    }
}
