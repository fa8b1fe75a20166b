/// A `match` stage's selector, such as `{app="shop", env!~"dev|test"} |= "error" !~ "health"`: label tests, line filters.
///
/// Promtail's small subset of LogQL: strings in double quotes only, no parser stages, no label filters behind `|`.
/// Regular expressions are kept as text for the caller to compile: those of labels match the whole value, those of
/// filters anywhere in the line.
package struct Selector: Equatable, Sendable {
    /// One test of a label's value; a label that is missing has the empty value.
    package struct Matcher: Equatable, Sendable {
        package let name: String
        package let operation: Operation
        /// The value, or the regular expression.
        package let value: [UInt8]
    }

    /// One test of the line: `equal` (`|=`) and `notEqual` (`!=`) look for the text anywhere in it.
    package struct LineFilter: Equatable, Sendable {
        package let operation: Operation
        /// The text, or the regular expression.
        package let text: [UInt8]
    }

    /// How a text is compared.
    package enum Operation: Equatable, Sendable {
        case equal
        case notEqual
        case regex
        case notRegex
    }

    /// At least one; all must hold.
    package let matchers: [Matcher]
    /// All must hold, in this order.
    package let filters: [LineFilter]

    /// Reads a selector; `//` and `/* */` comments are skipped.
    ///
    /// Throws with Promtail's words, `parse error at line 1, col 2: syntax error: unexpected }, expecting IDENTIFIER`
    /// (columns count characters from 1), and the byte offset of the word it stumbled over.
    package init(_ text: String) throws(LanguageError) {
        var lexer = SelectorLexer(text)
        try lexer.expect([.openBrace])
        var matchers: [Matcher] = []
        repeat {
            let name = try lexer.expect([.identifier])
            let sign = try lexer.expect([.equal, .notEqual, .regex, .notRegex])
            let value = try lexer.expect([.string])
            matchers.append(Matcher(name: name.text, operation: Self.operation(of: sign.kind), value: value.value))
        } while try lexer.expect([.closeBrace, .comma]).kind == .comma
        var filters: [LineFilter] = []
        while try !lexer.isAtEnd() {
            let sign = try lexer.expect([.notEqual, .notRegex, .pipeMatch, .pipeExact])
            let value = try lexer.expect([.string])
            filters.append(LineFilter(operation: Self.operation(of: sign.kind), text: value.value))
        }
        self.matchers = matchers
        self.filters = filters
    }

    private static func operation(of sign: SelectorLexer.Kind) -> Operation {
        switch sign {
        case .notEqual: .notEqual
        case .regex, .pipeMatch: .regex
        case .notRegex: .notRegex
        default: .equal
        }
    }
}
