import Entries

/// Whole numbers as `fmt` writes them.
enum TemplateIntegerText {
    static let verbs = Array("vdboOxXcqU".utf8)

    /// The text for `verb`, zeros of a zero-padded width included.
    static func text(_ value: Int64, _ verb: TemplateVerb) -> [UInt8] {
        switch verb.letter {
        case UInt8(ascii: "c"): return character(value)
        case UInt8(ascii: "q"):
            var quoted: [UInt8] = []
            Bytes.with(character(value)) { GoQuoting.appendQuoted($0, to: &quoted) }
            let body = Array(quoted.dropFirst().dropLast())
            let inner =
                body == Array("\\\"".utf8) ? Array("\"".utf8) : body == Array("'".utf8) ? Array("\\'".utf8) : body
            return [UInt8(ascii: "'")] + inner + [UInt8(ascii: "'")]
        case UInt8(ascii: "U"):
            let digits = String(UInt64(bitPattern: value), radix: 16, uppercase: true)
            return Array(("U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits).utf8)
        default: return number(value, verb)
        }
    }

    private static func character(_ value: Int64) -> [UInt8] {
        TemplateText.bytes(CollectionOfOne(UInt32(exactly: value) ?? 0xFFFD))
    }

    private static func number(_ value: Int64, _ verb: TemplateVerb) -> [UInt8] {
        let isUpper = verb.letter == UInt8(ascii: "X")
        let radix =
            switch verb.letter {
            case UInt8(ascii: "b"): 2
            case UInt8(ascii: "o"), UInt8(ascii: "O"): 8
            case UInt8(ascii: "x"), UInt8(ascii: "X"): 16
            default: 10
            }
        var digits = Array(String(value.magnitude, radix: radix, uppercase: isUpper).utf8)
        let sign = value < 0 ? "-" : verb.plus ? "+" : verb.space ? " " : ""
        if let precision = verb.precision {
            if precision == 0, value == 0 { return [] }
            digits = zeros(precision - digits.count) + digits
        } else if verb.zero, !verb.minus, let width = verb.width {
            digits = zeros(width - sign.utf8.count - digits.count) + digits
        }
        return Array(sign.utf8) + Array(prefix(verb, digits).utf8) + digits
    }

    private static func prefix(_ verb: TemplateVerb, _ digits: [UInt8]) -> String {
        switch verb.letter {
        case UInt8(ascii: "O"): "0o"
        case UInt8(ascii: "b") where verb.sharp: "0b"
        case UInt8(ascii: "x") where verb.sharp: "0x"
        case UInt8(ascii: "X") where verb.sharp: "0X"
        case UInt8(ascii: "o") where verb.sharp && digits.first != UInt8(ascii: "0"): "0"
        default: ""
        }
    }

    private static func zeros(_ count: Int) -> [UInt8] { Array(repeating: UInt8(ascii: "0"), count: max(0, count)) }
}
