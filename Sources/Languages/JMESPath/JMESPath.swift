import Entries

/// A compiled JMESPath expression: the dialect of Go's `go-jmespath` 0.4.0, which Promtail's `json` stage uses.
///
/// Same grammar, precedence and functions, oddities of its parser included. Different on purpose: where that library
/// ends the process (`merge` with something that is not an object, calling what has no name) evaluation throws;
/// `contains` compares arrays and objects instead of ending the process; `sort_by` leaves its input as it is; members
/// of an object come in document order instead of a random one.
package struct JMESPath: Sendable {
    /// Why an expression has no result for some value.
    ///
    /// Names parts of the expression, never of the value.
    package struct EvaluationError: Error, Equatable, Sendable {
        package let message: String
        init(_ message: String) { self.message = message }
    }

    /// Parentheses, brackets, braces and prefixes that may be open at once.
    ///
    /// This and ``chainLimit`` keep the recursion of parser and evaluation within a stack of 512 KiB.
    package static let nestingLimit = 50

    /// Levels of an expression's tree: `a.b.c` and `a | b | c` have three.
    package static let chainLimit = 100

    /// The keys from the root, when the expression is nothing but identifiers joined by dots; else nil.
    package let path: [[UInt8]]?

    private let evaluator: JMESPathEvaluator

    /// Compiles `text`; errors are worded as in Go where it has a `SyntaxError`.
    package init(_ text: String) throws(LanguageError) {
        let parser = try Bytes.with(Array(text.utf8)) { bytes throws(LanguageError) in
            var lexer = JMESPathLexer(bytes)
            var parser = JMESPathParser(try lexer.tokens())
            try parser.parse()
            return parser
        }
        evaluator = JMESPathEvaluator(nodes: parser.nodes, root: parser.root)
        path = Self.path(from: parser.root, in: parser.nodes)
    }

    /// The result for `value`; `null` where a part is missing.
    ///
    /// Throws for an unknown function, wrong number or types of arguments, a slice step of 0, and for an array or
    /// object with a number that JSON cannot express. A reference (`&a`) as result is an empty object, as Go prints it.
    package func evaluate(_ value: JSONValue) throws(EvaluationError) -> JSONValue {
        let result = try evaluator.result(for: value)
        if case .number = result { return result }
        if result.hasNonFiniteNumber { throw EvaluationError("the result has a number that JSON cannot express") }
        return result
    }

    private static func path(from root: JMESPathNode.ID, in nodes: [JMESPathNode]) -> [[UInt8]]? {
        var reversed: [[UInt8]] = []
        var id = root
        while true {
            switch nodes[id] {
            case .field(let key):
                reversed.append(key)
                return reversed.reversed()
            case .sequence(let left, let right):
                guard case .field(let key) = nodes[right] else { return nil }
                reversed.append(key)
                id = left
            default: return nil
            }
        }
    }
}
