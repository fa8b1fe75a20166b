import Entries

/// A Pratt parser over tokens: what starts an expression, what may follow it, and how tightly that binds.
///
/// The forms in brackets and braces are in the extension. Accepts what Go's parser accepts, missing commas in calls and
/// hashes included.
struct JMESPathParser {
    private(set) var nodes: [JMESPathNode] = []
    private(set) var root: JMESPathNode.ID = 0
    /// Levels below each node and itself.
    private var heights: [Int] = []
    private let tokens: [JMESPathToken]
    private var index = 0
    private var depth = 0

    /// `tokens` end with an end token.
    init(_ tokens: [JMESPathToken]) { self.tokens = tokens }

    /// Parses all tokens into ``nodes`` and ``root``.
    mutating func parse() throws(LanguageError) {
        root = try expression(0)
        guard current == .end else {
            throw syntaxError("Unexpected token at the end of the expression: \(current.rawValue)")
        }
    }

    var token: JMESPathToken { tokens[min(index, tokens.count - 1)] }
    var current: JMESPathToken.Kind { token.kind }
    var following: JMESPathToken.Kind { tokens[min(index + 1, tokens.count - 1)].kind }

    mutating func advance() { index += 1 }

    mutating func match(_ kind: JMESPathToken.Kind) throws(LanguageError) {
        guard current == kind else {
            throw syntaxError("Expected \(kind.rawValue), received: \(current.rawValue)")
        }
        advance()
    }

    func syntaxError(_ message: String, at offset: Int? = nil) -> LanguageError {
        LanguageError("SyntaxError: \(message)", at: offset ?? token.offset)
    }

    private func tooDeep() -> LanguageError {
        LanguageError("expression is nested too deeply", at: token.offset, help: "split it over several stages")
    }

    /// Adds a node above `children`.
    mutating func add(_ node: JMESPathNode, over children: [JMESPathNode.ID] = []) throws(LanguageError)
        -> JMESPathNode.ID
    {
        let height = 1 + children.reduce(0) { max($0, heights[$1]) }
        guard height <= JMESPath.chainLimit else { throw tooDeep() }
        nodes.append(node)
        heights.append(height)
        return nodes.count - 1
    }

    /// An expression up to the first token that does not bind tighter than `power`.
    mutating func expression(_ power: Int) throws(LanguageError) -> JMESPathNode.ID {
        guard depth < JMESPath.nestingLimit else { throw tooDeep() }
        depth += 1
        defer { depth -= 1 }
        let first = token
        advance()
        var left = try start(with: first)
        while power < current.bindingPower {
            let kind = current
            advance()
            left = try continuation(kind, left)
        }
        return left
    }

    /// The expression that begins with `first`, which is consumed.
    private mutating func start(with first: JMESPathToken) throws(LanguageError) -> JMESPathNode.ID {
        switch first.kind {
        case .jsonLiteral: return try literal(first)
        case .stringLiteral: return try add(.literal(.string(first.text)))
        case .identifier, .quotedIdentifier: return try field(first)
        case .current: return try add(.current)
        case .star: return try startingStar()
        case .filter: return try filter(of: try add(.current))
        case .flatten: return try flatten(try add(.current))
        case .leftBrace: return try hash()
        case .leftBracket: return try startingBracket()
        case .reference: return try prefix(first.kind, JMESPathNode.reference)
        case .not: return try prefix(first.kind, JMESPathNode.not)
        case .leftParenthesis: return try parenthesised()
        default: throw misplaced(first)
        }
    }

    private func misplaced(_ first: JMESPathToken) -> LanguageError {
        if first.kind == .end { return syntaxError("Incomplete expression", at: first.offset) }
        return syntaxError("Invalid token: \(first.kind.rawValue)", at: first.offset)
    }

    private mutating func field(_ name: JMESPathToken) throws(LanguageError) -> JMESPathNode.ID {
        if name.kind == .quotedIdentifier, current == .leftParenthesis {
            throw syntaxError("Can't have quoted identifier as function name.", at: name.offset)
        }
        return try add(.field(name.text))
    }

    /// `*` at the start of an expression: all values of an object.
    private mutating func startingStar() throws(LanguageError) -> JMESPathNode.ID {
        let left = try add(.current)
        let right = current == .rightBracket ? try add(.current) : try projected(JMESPathToken.Kind.star.bindingPower)
        return try add(.valueProjection(left, right), over: [left, right])
    }

    private mutating func prefix(
        _ kind: JMESPathToken.Kind,
        _ make: (JMESPathNode.ID) -> JMESPathNode
    ) throws(LanguageError) -> JMESPathNode.ID {
        let operand = try expression(kind.bindingPower)
        return try add(make(operand), over: [operand])
    }

    private mutating func parenthesised() throws(LanguageError) -> JMESPathNode.ID {
        let inner = try expression(0)
        try match(.rightParenthesis)
        return inner
    }

    private mutating func literal(_ token: JMESPathToken) throws(LanguageError) -> JMESPathNode.ID {
        let parsed = Bytes.with(token.text) { bytes in
            var parser = JSONParser(bytes, dialect: .encodingJSON)
            return parser.document()
        }
        guard let parsed else {
            throw LanguageError(
                "a literal between back-quotes is a JSON value, and this is not one",
                at: token.offset,
                help: "write a string as '...'"
            )
        }
        return try add(.literal(parsed))
    }

    /// What `kind`, which is consumed, makes of the expression before it.
    private mutating func continuation(
        _ kind: JMESPathToken.Kind,
        _ left: JMESPathNode.ID
    ) throws(LanguageError) -> JMESPathNode.ID {
        switch kind {
        case .dot: return try member(of: left)
        case .pipe: return try pair(kind, left, JMESPathNode.sequence)
        case .or: return try pair(kind, left, JMESPathNode.or)
        case .and: return try pair(kind, left, JMESPathNode.and)
        case .equal: return try comparison(kind, .equal, left)
        case .notEqual: return try comparison(kind, .notEqual, left)
        case .less: return try comparison(kind, .less, left)
        case .lessOrEqual: return try comparison(kind, .lessOrEqual, left)
        case .greater: return try comparison(kind, .greater, left)
        case .greaterOrEqual: return try comparison(kind, .greaterOrEqual, left)
        case .leftParenthesis: return try call(of: left)
        case .filter: return try filter(of: left)
        case .flatten: return try flatten(left)
        case .leftBracket: return try bracket(after: left)
        default: throw syntaxError("Unexpected token: \(kind.rawValue)")
        }
    }

    /// What follows `left` and a dot.
    private mutating func member(of left: JMESPathNode.ID) throws(LanguageError) -> JMESPathNode.ID {
        let power = JMESPathToken.Kind.dot.bindingPower
        if current == .star {
            advance()
            let right = try projected(power)
            return try add(.valueProjection(left, right), over: [left, right])
        }
        let right = try afterDot(power)
        return try add(.sequence(left, right), over: [left, right])
    }

    private mutating func pair(
        _ kind: JMESPathToken.Kind,
        _ left: JMESPathNode.ID,
        _ make: (JMESPathNode.ID, JMESPathNode.ID) -> JMESPathNode
    ) throws(LanguageError) -> JMESPathNode.ID {
        let right = try expression(kind.bindingPower)
        return try add(make(left, right), over: [left, right])
    }

    private mutating func comparison(
        _ kind: JMESPathToken.Kind,
        _ comparison: JMESPathNode.Comparison,
        _ left: JMESPathNode.ID
    ) throws(LanguageError) -> JMESPathNode.ID {
        try pair(kind, left) { .comparison(comparison, $0, $1) }
    }

    /// A call of what stands before the parenthesis; commas between arguments may be missing, as in Go.
    private mutating func call(of callee: JMESPathNode.ID) throws(LanguageError) -> JMESPathNode.ID {
        var arguments: [JMESPathNode.ID] = []
        while current != .rightParenthesis {
            arguments.append(try expression(0))
            if current == .comma { advance() }
        }
        advance()
        switch nodes[callee] {
        case .field(let name), .literal(.string(let name)), .call(let name, _):
            return try add(.call(name, arguments), over: arguments)
        default: return try add(.failure("only a name can be called"))
        }
    }
}
