import Entries

/// The form of a floating-point literal of Go, found in one pass; without its value where that takes more than one
/// step.
struct FloatShape {
    private(set) var hasUnderscores = false
    private var isHex = false
    private var isNegative = false
    /// The digits as a whole number, as long as there are at most 18.
    private var mantissa: UInt64 = 0
    private var digitCount = 0
    private var fractionDigits = 0
    private var exponent = 0

    /// Nil when `text` is not a float in Go's syntax; `inf` and `nan` are not seen here.
    init?(_ text: Bytes) {
        var index = 0
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        let numberStart = index
        if index + 2 < text.count, text[index] == UInt8(ascii: "0"), text[index + 1] | 0x20 == UInt8(ascii: "x") {
            isHex = true
            index += 2
        }
        guard readMantissa(text, &index) else { return nil }
        let marker = isHex ? UInt8(ascii: "p") : UInt8(ascii: "e")
        if index < text.count, text[index] | 0x20 == marker {
            guard readExponent(text, &index) else { return nil }
        } else if isHex {
            return nil
        }
        guard index == text.count else { return nil }
        if hasUnderscores, !Self.underscoresSeparateDigits(text[numberStart..<text.count], isHex: isHex) { return nil }
    }

    private mutating func readMantissa(_ text: Bytes, _ index: inout Int) -> Bool {
        var sawPoint = false
        var sawDigit = false
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "_") {
                hasUnderscores = true
            } else if byte == UInt8(ascii: "."), !sawPoint {
                sawPoint = true
            } else if byte.isDecimalDigit {
                sawDigit = true
                if digitCount > 0 || byte != UInt8(ascii: "0") { digitCount += 1 }
                if digitCount <= 18 { mantissa = mantissa &* 10 &+ UInt64(byte - UInt8(ascii: "0")) }
                if sawPoint { fractionDigits += 1 }
            } else if isHex, byte.isHexDigit {
                sawDigit = true
            } else {
                break
            }
            index += 1
        }
        return sawDigit
    }

    private mutating func readExponent(_ text: Bytes, _ index: inout Int) -> Bool {
        index += 1
        var isNegative = false
        if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
            isNegative = text[index] == UInt8(ascii: "-")
            index += 1
        }
        guard index < text.count, text[index].isDecimalDigit else { return false }
        while index < text.count, text[index].isDecimalDigit || text[index] == UInt8(ascii: "_") {
            if text[index] == UInt8(ascii: "_") {
                hasUnderscores = true
            } else if exponent < 10_000 {
                exponent = exponent * 10 + Int(text[index] - UInt8(ascii: "0"))
            }
            index += 1
        }
        if isNegative { exponent = -exponent }
        return true
    }

    /// Whether each underscore stands between two digits; a base prefix counts as a digit.
    private static func underscoresSeparateDigits(_ text: Bytes, isHex: Bool) -> Bool {
        var index = isHex ? 2 : 0
        var previousIsDigit = isHex
        var previousIsUnderscore = false
        while index < text.count {
            let byte = text[index]
            if byte.isDecimalDigit || (isHex && byte.isHexDigit) {
                previousIsDigit = true
                previousIsUnderscore = false
            } else if byte == UInt8(ascii: "_") {
                guard previousIsDigit else { return false }
                previousIsDigit = false
                previousIsUnderscore = true
            } else {
                if previousIsUnderscore { return false }
                previousIsDigit = false
            }
            index += 1
        }
        return !previousIsUnderscore
    }

    /// The value where one exact operation gives it: at most 2^53 in the digits and a power of ten up to 22.
    ///
    /// Both operands are exact doubles then, so that the one rounding is the right one.
    var exactValue: Double? {
        guard !isHex, digitCount <= 18, mantissa <= 1 << 53 else { return nil }
        let scale = exponent - fractionDigits
        guard scale >= -22, scale <= 22 else { return nil }
        let digits = Double(mantissa)
        let value = scale < 0 ? digits / Self.powersOfTen[-scale] : digits * Self.powersOfTen[scale]
        return isNegative ? -value : value
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
