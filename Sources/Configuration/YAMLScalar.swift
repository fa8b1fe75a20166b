/// A scalar as written, and what it means by the rules of YAML 1.1 as Promtail's parser (Go's yaml.v2) applies them.
package struct YAMLScalar: Hashable, Sendable {
    package enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

    package enum Resolved: Hashable, Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        case number(Double)
        case string

        var kindName: String {
            switch self {
            case .null: "nothing"
            case .bool: "a Boolean"
            case .integer, .number: "a number"
            case .string: "text"
            }
        }
    }

    /// The text, escapes and folding undone.
    package let text: String
    package let style: Style
    package let resolved: Resolved

    init(text: String, style: Style, tag: String?) {
        self.text = text
        self.style = style
        resolved =
            switch tag {
            case nil: style == .plain ? Self.resolve(text) : .string
            case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
                "tag:yaml.org,2002:null":
                Self.resolve(text)
            default: .string
            }
    }

    package var isQuoted: Bool { style != .plain }

    /// Meaning of a plain scalar: bool words including `y` and `on`, 0x, 0b and octal integers, underscores, floats.
    static func resolve(_ text: String) -> Resolved {
        if let word = words[text] { return word }
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            let digits = text.filter { $0 != "_" }
            if let integer = integer(digits) { return .integer(integer) }
            if isDecimal(digits), let number = Double(digits) { return .number(number) }
            return .string
        default:
            return .string
        }
    }

    private static let words: [String: Resolved] = {
        var words: [String: Resolved] = ["": .null, "~": .null]
        for word in ["null", "Null", "NULL"] { words[word] = .null }
        let yes = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"]
        let no = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"]
        for word in yes { words[word] = .bool(true) }
        for word in no { words[word] = .bool(false) }
        for word in [".inf", ".Inf", ".INF"] {
            words[word] = .number(.infinity)
            words["+" + word] = .number(.infinity)
            words["-" + word] = .number(-.infinity)
        }
        for word in [".nan", ".NaN", ".NAN"] { words[word] = .number(.nan) }
        return words
    }()

    private static func integer(_ text: String) -> Int64? {
        var digits = Substring(text)
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
        var radix = 10
        let prefix = digits.prefix(2).lowercased()
        if let known = ["0x": 16, "0b": 2, "0o": 8][prefix] {
            radix = known
            digits = digits.dropFirst(2)
        } else if digits.count > 1, digits.first == "0" {
            radix = 8
            digits = digits.dropFirst()
        }
        // Swift's parser takes a sign of its own; "--1" and "0x-1" are no numbers.
        guard let first = digits.first, first != "-", first != "+" else { return nil }
        return Int64((isNegative ? "-" : "") + digits, radix: radix)
    }

    /// Whether `text` is a float to yaml.v2.
    ///
    /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
    private static func isDecimal(_ text: String) -> Bool {
        var rest = text.utf8[...]
        func takeDigits() -> Int {
            let count = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
            rest = rest.dropFirst(count)
            return count
        }
        func take(_ bytes: [UInt8]) -> Bool {
            guard let first = rest.first, bytes.contains(first) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = take([0x2B, 0x2D])
        let whole = takeDigits()
        let fraction = take([0x2E]) ? takeDigits() : 0
        guard whole + fraction > 0 else { return false }
        if take([0x45, 0x65]) {
            _ = take([0x2B, 0x2D])
            guard takeDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
