import Glibc

/// Floating-point numbers as `fmt` writes them.
enum TemplateFloatText {
    static let verbs = Array("veEfFgGxXb".utf8)

    /// With a sign, without padding.
    static func text(_ value: Double, _ verb: TemplateVerb) -> [UInt8] {
        if value.isNaN { return Array((verb.plus ? "+NaN" : verb.space ? " NaN" : "NaN").utf8) }
        if value.isInfinite { return Array((value < 0 ? "-Inf" : verb.space && !verb.plus ? " Inf" : "+Inf").utf8) }
        let digits: [UInt8]
        switch verb.letter {
        case UInt8(ascii: "e"), UInt8(ascii: "E"): digits = printed("e", value, verb.precision ?? 6)
        case UInt8(ascii: "f"), UInt8(ascii: "F"): digits = printed("f", value, verb.precision ?? 6)
        case UInt8(ascii: "x"), UInt8(ascii: "X"): digits = hexadecimal(value, verb.precision)
        case UInt8(ascii: "b"):
            let significand = value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)
            let exponent = max(Int(value.exponentBitPattern), 1) - 1075
            let sign = value.sign == .minus ? "-" : ""
            digits = Array("\(sign)\(significand)p\(exponent < 0 ? "" : "+")\(exponent)".utf8)
        default:
            digits = verb.precision.map { general(value, $0) } ?? shortest(value)
        }
        let sign = value.sign == .minus ? "" : verb.plus ? "+" : verb.space ? " " : ""
        let isUpper = "EGX".utf8.contains(verb.letter)
        return Array(sign.utf8) + (isUpper ? TemplateText.upper(digits) : digits)
    }

    /// `strconv.FormatFloat(value, 'g', -1, 64)`: an exponent below 1e-4 and from 1e6 on.
    static func shortest(_ value: Double) -> [UInt8] {
        let magnitude = value.magnitude
        if magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e6) { return GoNumber.decimal(value) }
        // The shortest digits that read back are those of some precision up to 17.
        for precision in 0...16 {
            let text = printed("e", value, precision)
            if Double(String(decoding: text, as: UTF8.self)) == value { return text }
        }
        return printed("e", value, 16)
    }

    /// C's `%a` with at least two digits in the exponent.
    private static func hexadecimal(_ value: Double, _ precision: Int?) -> [UInt8] {
        let text = printed("a", value, precision ?? -1)
        guard let mark = text.lastIndex(of: UInt8(ascii: "p")), text.count - mark == 3 else { return text }
        return Array(text[...(mark + 1)]) + [UInt8(ascii: "0")] + text[(mark + 2)...]
    }

    /// C's `%g` is Go's, but for the bound of the exponent when digits are few.
    private static func general(_ value: Double, _ precision: Int) -> [UInt8] {
        printed("g", value, precision)
    }

    private static func printed(_ letter: String, _ value: Double, _ precision: Int) -> [UInt8] {
        // Longest: 309 digits before the point, the precision behind it.
        let capacity = max(0, min(precision, 100_000)) + 330
        return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            buffer.withMemoryRebound(to: CChar.self) { text in
                let written = withVaList([Int32(min(precision, 100_000)), value]) { arguments in
                    vsnprintf(text.baseAddress, capacity, "%.*" + letter, arguments)
                }
                count = max(0, min(Int(written), capacity - 1))
            }
        }
    }
}
