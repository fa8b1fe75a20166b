/// Cuts a template into tokens, as Go's `text/template/parse` does.
struct TemplateLexer {
    private let input: [UInt8]
    private var position = 0
    private var tokens: [TemplateToken] = []
    private var parentheses = 0

    private static let keywords: Set<String> = [
        "block", "break", "continue", "define", "else", "end", "if", "range", "template", "with",
    ]

    static func tokens(of text: [UInt8]) throws(LanguageError) -> [TemplateToken] {
        var lexer = TemplateLexer(input: text)
        try lexer.run()
        return lexer.tokens
    }

    private init(input: [UInt8]) { self.input = input }

    private mutating func run() throws(LanguageError) {
        var trimsNext = false
        while true {
            let start = trimsNext ? skippingSpace(from: position) : position
            guard let open = find("{{", from: start) else {
                add(.text, start..<input.count)
                add(.end, input.count..<input.count)
                return
            }
            let trims = startsTrim(at: open + 2)
            add(.text, start..<(trims ? droppingSpace(before: open, downTo: start) : open))
            position = open + 2 + (trims ? 2 : 0)
            if matches("/*", at: position) {
                trimsNext = try skipComment()
            } else {
                add(.leftDelimiter, open..<open + 2)
                trimsNext = try lexAction()
            }
        }
    }

    /// Returns whether the white space behind the comment goes.
    private mutating func skipComment() throws(LanguageError) -> Bool {
        let start = position
        guard let close = find("*/", from: position + 2) else { throw LanguageError("unclosed comment", at: start) }
        position = close + 2
        let trims = endsTrim(at: position)
        if trims { position += 2 }
        guard matches("}}", at: position) else {
            throw LanguageError("comment ends before closing delimiter", at: start)
        }
        position += 2
        return trims
    }

    /// Returns whether the white space behind the action goes.
    private mutating func lexAction() throws(LanguageError) -> Bool {
        parentheses = 0
        while true {
            let trims = endsTrim(at: position)
            if trims || matches("}}", at: position) {
                guard parentheses == 0 else { throw LanguageError("unclosed left paren", at: position) }
                let start = position + (trims ? 2 : 0)
                add(.rightDelimiter, start..<start + 2)
                position = start + 2
                return trims
            }
            guard position < input.count else { throw LanguageError("unclosed action", at: position) }
            try lexToken()
        }
    }

    private mutating func lexToken() throws(LanguageError) {
        let start = position
        let byte = input[start]
        switch byte {
        case _ where Self.isSpace(byte):
            while position < input.count, Self.isSpace(input[position]), !endsTrim(at: position) { position += 1 }
            add(.space, start..<position)
        case UInt8(ascii: "="): addOne(.assign)
        case UInt8(ascii: ":"):
            guard matches(":=", at: start) else { throw LanguageError("expected :=", at: start) }
            position += 2
            add(.declare, start..<position)
        case UInt8(ascii: "|"): addOne(.pipe)
        case UInt8(ascii: ","): addOne(.comma)
        case UInt8(ascii: "("):
            parentheses += 1
            addOne(.leftParenthesis)
        case UInt8(ascii: ")"):
            parentheses -= 1
            guard parentheses >= 0 else { throw LanguageError("unexpected right paren", at: start) }
            addOne(.rightParenthesis)
        case UInt8(ascii: "\""): try lexQuoted(.string, "unterminated quoted string")
        case UInt8(ascii: "'"): try lexQuoted(.character, "unterminated character constant")
        case UInt8(ascii: "`"):
            guard let close = find("`", from: start + 1) else {
                throw LanguageError("unterminated raw quoted string", at: start)
            }
            position = close + 1
            add(.rawString, start..<position)
        case UInt8(ascii: "$"): try lexName(.variable)
        case UInt8(ascii: "."):
            let hasDigit = start + 1 < input.count && input[start + 1].isDecimalDigit
            if hasDigit { try lexNumber() } else { try lexName(.field) }
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try lexNumber()
        case _ where Self.isNamePart(byte): try lexName(.identifier)
        default:
            let width = TemplateText.rune(input, start).width
            let shown = String(decoding: input[start..<start + width], as: UTF8.self)
            let name = byte < 0x20 ? "unprintable character in command" : "unexpected \"\(shown)\" in command"
            throw LanguageError(name, at: start)
        }
    }

    private mutating func lexQuoted(_ kind: TemplateToken.Kind, _ problem: String) throws(LanguageError) {
        let start = position
        let quote = input[start]
        position += 1
        while position < input.count, input[position] != quote, input[position] != UInt8(ascii: "\n") {
            position += input[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard position < input.count, input[position] == quote else { throw LanguageError(problem, at: start) }
        position += 1
        add(kind, start..<position)
    }

    private mutating func lexNumber() throws(LanguageError) {
        let start = position
        position += 1
        while position < input.count {
            let byte = input[position]
            let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
            let isExponentSign = isSign && [0x65, 0x70].contains(input[position - 1] | 0x20)
            guard isExponentSign || byte == UInt8(ascii: ".") || Self.isNamePart(byte) else { break }
            position += 1
        }
        add(.number, start..<position)
    }

    private mutating func lexName(_ kind: TemplateToken.Kind) throws(LanguageError) {
        let start = position
        position += kind == .identifier ? 0 : 1
        while position < input.count, Self.isNamePart(input[position]) { position += 1 }
        guard atTerminator else {
            let shown = String(decoding: input[position...].prefix(1), as: UTF8.self)
            throw LanguageError(
                "bad character U+00\(String(input[position], radix: 16, uppercase: true)) '\(shown)'",
                at: position
            )
        }
        if kind == .field, position == start + 1 { return add(.dot, start..<position) }
        guard kind == .identifier else { return add(kind, start..<position) }
        let word = String(decoding: input[start..<position], as: UTF8.self)
        switch word {
        case "true", "false": add(.bool, start..<position)
        case "nil": add(.null, start..<position)
        case _ where Self.keywords.contains(word): add(.keyword, start..<position)
        default: add(.identifier, start..<position)
        }
    }

    /// Whether a name may end here, so that `.x+1` is a mistake.
    private var atTerminator: Bool {
        guard position < input.count else { return true }
        return Self.isSpace(input[position]) || ".,|:=()".utf8.contains(input[position]) || matches("}}", at: position)
    }

    private mutating func addOne(_ kind: TemplateToken.Kind) {
        position += 1
        add(kind, position - 1..<position)
    }

    private mutating func add(_ kind: TemplateToken.Kind, _ range: Range<Int>) {
        if kind == .text && range.isEmpty { return }
        tokens.append(TemplateToken(kind: kind, text: Array(input[range]), offset: range.lowerBound))
    }

    private func find(_ text: String, from start: Int) -> Int? {
        var index = start
        while index < input.count {
            if matches(text, at: index) { return index }
            index += 1
        }
        return nil
    }

    private func matches(_ text: String, at index: Int) -> Bool {
        index <= input.count && input[index...].starts(with: text.utf8)
    }

    private func startsTrim(at index: Int) -> Bool {
        index + 1 < input.count && input[index] == UInt8(ascii: "-") && Self.isSpace(input[index + 1])
    }

    private func endsTrim(at index: Int) -> Bool {
        index < input.count && Self.isSpace(input[index]) && matches("-}}", at: index + 1)
    }

    private func skippingSpace(from start: Int) -> Int {
        var index = start
        while index < input.count, Self.isSpace(input[index]) { index += 1 }
        return index
    }

    private func droppingSpace(before end: Int, downTo start: Int) -> Int {
        var index = end
        while index > start, Self.isSpace(input[index - 1]) { index -= 1 }
        return max(index, start)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    /// Letters beyond ASCII count as parts of names without a closer look.
    private static func isNamePart(_ byte: UInt8) -> Bool {
        byte.isDecimalDigit || byte == UInt8(ascii: "_") || byte >= 0x80
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }
}
