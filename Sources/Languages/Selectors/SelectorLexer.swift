/// Cuts a selector into words the way Promtail's scanner does, so that errors name the same word and place.
struct SelectorLexer {
    /// Raw values are the names that error messages use.
    enum Kind: String {
        case end = "$end"
        case identifier = "IDENTIFIER"
        case string = "STRING"
        case equal = "="
        case notEqual = "!="
        case regex = "=~"
        case notRegex = "!~"
        case openBrace = "{"
        case closeBrace = "}"
        case comma = ","
        case dot = "."
        case pipeMatch = "|~"
        case pipeExact = "|="
    }

    struct Token {
        let kind: Kind
        /// The word as written.
        let text: String
        /// What a string stands for; empty for other words.
        let value: [UInt8]
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var start = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// The next word, which must be one of `kinds` (named in errors in this order).
    @discardableResult
    mutating func expect(_ kinds: [Kind]) throws(LanguageError) -> Token {
        let token = try next()
        guard kinds.contains(token.kind) else {
            let expected = kinds.map(\.rawValue).joined(separator: " or ")
            let isOtherQuote = start < scalars.count && (scalars[start] == "'" || scalars[start] == "`")
            throw mistake(
                "syntax error: unexpected \(token.kind.rawValue), expecting \(expected)",
                help: isOtherQuote ? "write values in double quotes: {job=\"app\"}" : nil
            )
        }
        return token
    }

    /// Whether only blanks and comments are left.
    mutating func isAtEnd() throws(LanguageError) -> Bool {
        try skipBlanksAndComments()
        return position == scalars.count
    }

    private mutating func next() throws(LanguageError) -> Token {
        try skipBlanksAndComments()
        start = position
        guard let first = peek() else { return Token(kind: .end, text: "", value: []) }
        position += 1
        switch first {
        case "\"":
            try skipQuoted(until: "\"")
            return try string()
        case "'":
            try skipQuoted(until: "'")
        case "`":
            skip { $0 != "`" }
            try take("`", orFail: "literal not terminated")
        case _ where Self.isWordPart(first):
            skip(while: Self.isWordPart)
        default:
            if let second = peek(), let kind = Kind(rawValue: "\(first)\(second)") {
                position += 1
                return Token(kind: kind, text: kind.rawValue, value: [])
            }
            if let kind = Kind(rawValue: "\(first)") { return Token(kind: kind, text: kind.rawValue, value: []) }
        }
        return Token(kind: .identifier, text: written, value: [])
    }

    private func string() throws(LanguageError) -> Token {
        do throws(LanguageError) {
            return Token(kind: .string, text: written, value: try GoQuoting.unquote(written))
        } catch {
            throw mistake("invalid char escape", help: "escape a backslash as \\\\")
        }
    }

    /// Moves behind the closing quote; a backslash hides the character after it.
    private mutating func skipQuoted(until quote: Unicode.Scalar) throws(LanguageError) {
        while let scalar = peek(), scalar != quote, scalar != "\n" {
            position += scalar == "\\" ? 2 : 1
        }
        position = min(position, scalars.count)
        try take(quote, orFail: "literal not terminated")
    }

    private mutating func take(_ scalar: Unicode.Scalar, orFail message: String) throws(LanguageError) {
        guard peek() == scalar else { throw mistake(message) }
        position += 1
    }

    private mutating func skipBlanksAndComments() throws(LanguageError) {
        while let scalar = peek() {
            switch (scalar, position + 1 < scalars.count ? scalars[position + 1] : nil) {
            case (" ", _), ("\t", _), ("\r", _), ("\n", _):
                position += 1
            case ("/", "/"):
                skip { $0 != "\n" }
            case ("/", "*"):
                start = position
                position += 2
                while !(peek() == "/" && scalars[position - 1] == "*" && position > start + 2) {
                    guard position < scalars.count else { throw mistake("comment not terminated") }
                    position += 1
                }
                position += 1
            default: return
            }
        }
    }

    private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
        guard !scalar.isASCII else {
            return scalar == "_" || ("0"..."9").contains(scalar) || ("a"..."z").contains(scalar)
                || ("A"..."Z").contains(scalar)
        }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            return true
        default: return false
        }
    }

    private mutating func skip(while isPart: (Unicode.Scalar) -> Bool) {
        while position < scalars.count, isPart(scalars[position]) { position += 1 }
    }

    private func peek() -> Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private var written: String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars[start..<position])
        return String(text)
    }

    /// An error at the word that was read last.
    private func mistake(_ message: String, help: String? = nil) -> LanguageError {
        let before = scalars[..<start]
        let line = before.count { $0 == "\n" } + 1
        let column = start - (before.lastIndex(of: "\n") ?? -1)
        let offset = before.reduce(0) { $0 + UTF8.width($1) }
        return LanguageError("parse error at line \(line), col \(column): \(message)", at: offset, help: help)
    }
}
