import Entries

/// Cuts an expression into tokens.
struct JMESPathLexer {
    private let text: Bytes
    private var index = 0

    init(_ text: Bytes) { self.text = text }

    /// All tokens and an end token.
    mutating func tokens() throws(LanguageError) -> [JMESPathToken] {
        var tokens: [JMESPathToken] = []
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): index += 1
            default: tokens.append(try next())
            }
        }
        tokens.append(JMESPathToken(kind: .end, offset: text.count))
        return tokens
    }

    private mutating func next() throws(LanguageError) -> JMESPathToken {
        let start = index
        let byte = text[start]
        if byte.isIdentifierStart { return run(.identifier) { $0.isIdentifierStart || $0.isDecimalDigit } }
        if byte == UInt8(ascii: "-") || byte.isDecimalDigit { return run(.number) { $0.isDecimalDigit } }
        index += 1
        if let kind = Self.single(byte) { return JMESPathToken(kind: kind, offset: start) }
        switch byte {
        case UInt8(ascii: "["):
            if take(UInt8(ascii: "?")) { return JMESPathToken(kind: .filter, offset: start) }
            return pair(UInt8(ascii: "]"), .flatten, or: .leftBracket, start)
        case UInt8(ascii: "|"): return pair(byte, .or, or: .pipe, start)
        case UInt8(ascii: "&"): return pair(byte, .and, or: .reference, start)
        case UInt8(ascii: "<"): return pair(UInt8(ascii: "="), .lessOrEqual, or: .less, start)
        case UInt8(ascii: ">"): return pair(UInt8(ascii: "="), .greaterOrEqual, or: .greater, start)
        case UInt8(ascii: "!"): return pair(UInt8(ascii: "="), .notEqual, or: .not, start)
        case UInt8(ascii: "="): return pair(byte, .equal, or: .unknown, start)
        case UInt8(ascii: "\""): return try quotedIdentifier(start)
        case UInt8(ascii: "'"): return try rawString(start)
        case UInt8(ascii: "`"): return try literal(start)
        default:
            throw LanguageError("SyntaxError: Unknown char: \(quoted(text.rune(at: start).value))", at: start)
        }
    }

    private static func single(_ byte: UInt8) -> JMESPathToken.Kind? {
        switch byte {
        case UInt8(ascii: "."): .dot
        case UInt8(ascii: "*"): .star
        case UInt8(ascii: ","): .comma
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "{"): .leftBrace
        case UInt8(ascii: "}"): .rightBrace
        case UInt8(ascii: "]"): .rightBracket
        case UInt8(ascii: "("): .leftParenthesis
        case UInt8(ascii: ")"): .rightParenthesis
        case UInt8(ascii: "@"): .current
        default: nil
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < text.count, text[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func pair(
        _ second: UInt8,
        _ both: JMESPathToken.Kind,
        or one: JMESPathToken.Kind,
        _ start: Int
    ) -> JMESPathToken {
        JMESPathToken(kind: take(second) ? both : one, offset: start)
    }

    private mutating func run(_ kind: JMESPathToken.Kind, while belongs: (UInt8) -> Bool) -> JMESPathToken {
        let start = index
        index += 1
        while index < text.count, belongs(text[index]) { index += 1 }
        return JMESPathToken(kind: kind, text: text[start..<index].array, offset: start)
    }

    /// The inside of a quoted identifier or literal, backslashes kept; consumes the closing delimiter.
    private mutating func inside(until delimiter: UInt8, _ start: Int) throws(LanguageError) -> Bytes {
        let first = index
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == delimiter { return text[first..<index - 1] }
            if byte == UInt8(ascii: "\\"), index < text.count { index += 1 }
        }
        throw unclosed(delimiter, start)
    }

    private func unclosed(_ delimiter: UInt8, _ start: Int) -> LanguageError {
        LanguageError("SyntaxError: Unclosed delimiter: \(Character(Unicode.Scalar(delimiter)))", at: start)
    }

    private mutating func quotedIdentifier(_ start: Int) throws(LanguageError) -> JMESPathToken {
        let inside = try inside(until: UInt8(ascii: "\""), start)
        var decoder = JSONStringDecoder(Bytes(from: inside.start, to: inside.end + 1), from: 0, dialect: .encodingJSON)
        guard let name = decoder.decode(), decoder.index == inside.count + 1 else {
            throw LanguageError(
                "a quoted identifier is a JSON string, and this is not one",
                at: start,
                help: "escape a backslash as \\\\, a quote as \\\""
            )
        }
        return JMESPathToken(kind: .quotedIdentifier, text: name, offset: start)
    }

    private mutating func literal(_ start: Int) throws(LanguageError) -> JMESPathToken {
        let inside = try inside(until: UInt8(ascii: "`"), start)
        var json: [UInt8] = []
        var index = 0
        while index < inside.count {
            let isEscapedDelimiter =
                inside[index] == UInt8(ascii: "\\") && index + 1 < inside.count
                && inside[index + 1] == UInt8(ascii: "`")
            if isEscapedDelimiter { index += 1 }
            json.append(inside[index])
            index += 1
        }
        return JMESPathToken(kind: .jsonLiteral, text: json, offset: start)
    }

    /// A string in single quotes: `\'` is the only escape, every other backslash stays.
    private mutating func rawString(_ start: Int) throws(LanguageError) -> JMESPathToken {
        var string: [UInt8] = []
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "'") { return JMESPathToken(kind: .stringLiteral, text: string, offset: start) }
            if byte == UInt8(ascii: "\\"), take(UInt8(ascii: "'")) {
                string.append(UInt8(ascii: "'"))
            } else {
                string.append(byte)
            }
        }
        throw unclosed(UInt8(ascii: "'"), start)
    }

    /// A character as Go's `strconv.QuoteRuneToASCII` writes it.
    private func quoted(_ scalar: UInt32) -> String {
        func hex(_ digits: Int) -> String {
            let text = String(scalar, radix: 16)
            return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
        }
        switch scalar {
        case 0x07: return #"'\a'"#
        case 0x08: return #"'\b'"#
        case 0x0B: return #"'\v'"#
        case 0x0C: return #"'\f'"#
        case 0x5C: return #"'\\'"#
        case 0..<0x20, 0x7F: return "'\\x\(hex(2))'"
        case 0x20..<0x7F: return "'\(Unicode.Scalar(UInt8(scalar)))'"
        case 0..<0x10000: return "'\\u\(hex(4))'"
        default: return "'\\U\(hex(8))'"
        }
    }
}

extension UInt8 {
    fileprivate var isIdentifierStart: Bool {
        self == UInt8(ascii: "_") || (self | 0x20 >= UInt8(ascii: "a") && self | 0x20 <= UInt8(ascii: "z"))
    }
}
