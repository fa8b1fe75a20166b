import Entries

/// Numbers out of values and literals, as Go's parser and spf13/cast (behind sprig) read them.
enum TemplateNumber {
    /// A literal: `1_000`, `0x1F`, `0b1`, `017`, `1e3` (a float), `1.5`; nil when it is none.
    static func literal(_ text: String) -> TemplateValue? {
        let bytes = Array(text.utf8)
        if let whole = integer(bytes) { return .int(Int(whole)) }
        return Bytes.with(bytes) { GoNumber.parseFloat($0) }.map(TemplateValue.float)
    }

    /// `strconv.ParseInt(text, 0, 64)`: the prefix chooses the base, underscores may part digits.
    static func integer(_ text: [UInt8]) -> Int64? {
        var digits = text[...]
        var isNegative = false
        if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            digits = digits.dropFirst()
        }
        var base: Int64 = 10
        if digits.count > 1, digits.first == UInt8(ascii: "0") {
            switch digits[digits.startIndex + 1] | 0x20 {
            case UInt8(ascii: "x"): base = 16
            case UInt8(ascii: "o"): base = 8
            case UInt8(ascii: "b"): base = 2
            default: base = 0
            }
            digits = digits.dropFirst(base == 0 ? 1 : 2)
            if base == 0 { base = 8 }
        }
        let isPrefixed = base != 10
        guard !digits.isEmpty, digits.last != UInt8(ascii: "_") else { return nil }
        var value: Int64 = 0
        var previous = isPrefixed ? UInt8(ascii: "0") : UInt8(ascii: "_")
        for byte in digits {
            defer { previous = byte }
            if byte == UInt8(ascii: "_") {
                guard isPrefixed, previous != byte else { return nil }
                continue
            }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < base else { return nil }
            let (scaled, overflow) = value.multipliedReportingOverflow(by: base)
            let (sum, under) = scaled.subtractingReportingOverflow(Int64(digit))
            if overflow || under { return nil }
            value = sum
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// cast.ToInt64: 0 for what is no whole number.
    static func int64(_ value: TemplateValue) -> Int64 {
        switch value {
        case .int(let value): Int64(value)
        case .int64(let value): value
        case .float(let value): whole(value)
        case .bool(let value): value ? 1 : 0
        case .string(let text): integer(withoutZeroDecimals(text)) ?? 0
        case .null, .root, .list, .map, .time: 0
        }
    }

    /// cast.ToFloat64: 0 for what is no number.
    static func float(_ value: TemplateValue) -> Double {
        switch value {
        case .int(let value): Double(value)
        case .int64(let value): Double(value)
        case .float(let value): value
        case .bool(let value): value ? 1 : 0
        case .string(let text): Bytes.with(text) { GoNumber.parseFloat($0) } ?? 0
        case .null, .root, .list, .map, .time: 0
        }
    }

    /// Go's conversion cuts the fraction off; what does not fit becomes the least number, as amd64 does it.
    static func whole(_ value: Double) -> Int64 { Int64(exactly: value.rounded(.towardZero)) ?? .min }

    /// `12.00` as `12`.
    private static func withoutZeroDecimals(_ text: [UInt8]) -> [UInt8] {
        var sawZero = false
        for index in text.indices.reversed() {
            switch text[index] {
            case UInt8(ascii: "."):
                if sawZero { return Array(text[..<index]) }
            case UInt8(ascii: "0"): sawZero = true
            default: return text
            }
        }
        return text
    }
}
