package import Entries

extension GoNumber {
    /// Reads a whole text as Go's `strconv.ParseInt(text, 10, 64)`: optional sign and decimal digits.
    ///
    /// Nil for anything else and for what does not fit 64 bits.
    package static func parseInteger(_ text: Bytes) -> Int64? {
        var index = 0
        var isNegative = false
        if !text.isEmpty, text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
            isNegative = text[0] == UInt8(ascii: "-")
            index = 1
        }
        guard index < text.count else { return nil }
        // Summed up below zero, where there is room for one number more.
        var value: Int64 = 0
        while index < text.count {
            guard text[index].isDecimalDigit else { return nil }
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (next, under) = tenfold.subtractingReportingOverflow(Int64(text[index] - UInt8(ascii: "0")))
            if overflow || under { return nil }
            value = next
            index += 1
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// Reads a whole text as Go's `strconv.ParseFloat(text, 64)`.
    ///
    /// Decimal and hexadecimal floats (`1.5e3`, `.5`, `0x1p-2`; hexadecimal needs its exponent), digits parted by
    /// single underscores, `inf`, `infinity` and `nan` in any case. Nil for anything else and for what is too large for
    /// a double.
    package static func parseFloat(_ text: Bytes) -> Double? {
        if let special = special(text) { return special }
        guard let shape = FloatShape(text) else { return nil }
        return value(of: text, shape)
    }

    private static func special(_ text: Bytes) -> Double? {
        guard let last = text.count > 0 ? text[text.count - 1] | 0x20 : nil else { return nil }
        // The last letters of nan, inf and infinity: a quick no for every ordinary number.
        guard last == UInt8(ascii: "n") || last == UInt8(ascii: "f") || last == UInt8(ascii: "y") else { return nil }
        switch text.string.lowercased() {
        case "nan": return .nan
        case "inf", "+inf", "infinity", "+infinity": return .infinity
        case "-inf", "-infinity": return -.infinity
        default: return nil
        }
    }

    /// The value of a float whose form has been checked; nil when it is too large.
    static func value(of text: Bytes, _ shape: FloatShape) -> Double? {
        if let quick = shape.exactValue { return quick }
        let digits: String
        if shape.hasUnderscores {
            digits = String(decoding: text.array.filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
        } else {
            digits = text.string
        }
        guard let value = Double(digits), value.isFinite else { return nil }
        return value
    }
}

extension UInt8 {
    var isDecimalDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    var isHexDigit: Bool {
        isDecimalDigit || (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "f"))
    }
}
