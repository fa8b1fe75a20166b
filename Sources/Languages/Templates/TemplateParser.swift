/// Makes a tree of the tokens, as Go's `text/template/parse` does; names of functions and variables are checked here.
struct TemplateParser {
    /// How deep blocks and parentheses may stand inside each other.
    static let depthLimit = 150

    private let tokens: [TemplateToken]
    private var position = 0
    var names = TemplateNames()
    private(set) var definitions: [String: [TemplateNode]] = [:]
    /// Names of the variables in reach; their place in `variableNames` is their number.
    private var scope: [Int] = [0]
    private var variableNames = ["$"]
    private var loops = 0
    var depth = 0

    init(_ text: [UInt8]) throws(LanguageError) { tokens = try TemplateLexer.tokens(of: text) }

    mutating func parse() throws(LanguageError) -> [TemplateNode] {
        let (nodes, closing) = try list(isTop: true)
        if closing.kind != .end { throw unexpected(closing, "\(closing.shown == "<end>" ? "{{end}}" : "{{else}}")") }
        return nodes
    }

    // MARK: tokens

    var token: TemplateToken { tokens[min(position, tokens.count - 1)] }

    mutating func next() -> TemplateToken {
        defer { position += 1 }
        return token
    }

    mutating func skipSpace() {
        while token.kind == .space { position += 1 }
    }

    mutating func nextWord() -> TemplateToken {
        skipSpace()
        return next()
    }

    func peekPastSpace() -> TemplateToken {
        var index = position
        while index < tokens.count - 1, tokens[index].kind == .space { index += 1 }
        return tokens[min(index, tokens.count - 1)]
    }

    func unexpected(_ token: TemplateToken, _ shown: String? = nil, in place: String? = nil) -> LanguageError {
        LanguageError("unexpected \(shown ?? token.shown)" + (place.map { " in \($0)" } ?? ""), at: token.offset)
    }

    private mutating func expect(_ kind: TemplateToken.Kind, in place: String) throws(LanguageError) -> TemplateToken {
        let token = nextWord()
        guard token.kind == kind else { throw unexpected(token, in: place) }
        return token
    }

    // MARK: blocks

    /// Nodes up to `{{end}}`, `{{else}}` or the end of the text, whose keyword is returned as well.
    private mutating func list(isTop: Bool = false) throws(LanguageError) -> ([TemplateNode], TemplateToken) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw LanguageError("nested too deeply", at: token.offset) }
        var nodes: [TemplateNode] = []
        while true {
            let token = next()
            switch token.kind {
            case .text: nodes.append(.text(token.text))
            case .leftDelimiter:
                let word = peekPastSpace()
                guard word.kind == .keyword else {
                    nodes.append(.action(try pipeline(in: "command", until: .rightDelimiter, at: token.offset)))
                    continue
                }
                _ = nextWord()
                if word.string == "end" || word.string == "else" {
                    if word.string == "end" { _ = try expect(.rightDelimiter, in: "end") }
                    return (nodes, word)
                }
                if let node = try keyword(word, isTop: isTop) { nodes.append(node) }
            case .end where isTop: return (nodes, token)
            default: throw unexpected(token)
            }
        }
    }

    private mutating func keyword(_ word: TemplateToken, isTop: Bool) throws(LanguageError) -> TemplateNode? {
        switch word.string {
        case "if": return try branch(.condition, "if", at: word.offset)
        case "with": return try branch(.with, "with", at: word.offset)
        case "range": return try branch(.range, "range", at: word.offset)
        case "template": return try invocation(at: word.offset)
        case "block": return try block(at: word.offset)
        case "define":
            guard isTop else { throw unexpected(word, in: "command") }
            try definition()
            return nil
        default:
            guard loops > 0 else { throw LanguageError("{{\(word.string)}} outside {{range}}", at: word.offset) }
            let closing = nextWord()
            guard closing.kind == .rightDelimiter else { throw unexpected(closing, in: "{{\(word.string)}}") }
            return word.string == "break" ? .breakLoop : .continueLoop
        }
    }

    private mutating func branch(
        _ kind: TemplateBranch.Kind,
        _ name: String,
        at offset: Int
    ) throws(LanguageError) -> TemplateNode {
        depth += 1
        let outerScope = scope
        let outerDot = names.dotIsRoot
        defer {
            depth -= 1
            scope = outerScope
            names.dotIsRoot = outerDot
        }
        let pipeline = try pipeline(in: name, until: .rightDelimiter, at: offset)
        if kind == .range { loops += 1 }
        if kind != .condition { names.dotIsRoot = false }
        var (body, closing) = try list()
        if kind == .range { loops -= 1 }
        names.dotIsRoot = outerDot
        var otherwise: [TemplateNode] = []
        if closing.string == "else" {
            let word = peekPastSpace()
            let chained: TemplateBranch.Kind? =
                switch (kind, word.kind == .keyword ? word.string : "") {
                case (.condition, "if"): .condition
                case (.with, "with"): .with
                default: nil
                }
            if let chained {
                // `{{else if}}` shares the `{{end}}` of the first one.
                _ = nextWord()
                otherwise = [try branch(chained, word.string, at: word.offset)]
            } else {
                _ = try expect(.rightDelimiter, in: "else")
                (otherwise, closing) = try list()
                guard closing.string == "end" else {
                    throw LanguageError("expected end; found {{else}}", at: closing.offset)
                }
            }
        }
        return .branch(TemplateBranch(kind: kind, pipeline: pipeline, body: body, otherwise: otherwise))
    }

    private mutating func templateName(in place: String) throws(LanguageError) -> String {
        let token = nextWord()
        guard token.kind == .string || token.kind == .rawString else { throw unexpected(token, in: place) }
        return String(decoding: try literal(token), as: UTF8.self)
    }

    private mutating func invocation(at offset: Int) throws(LanguageError) -> TemplateNode {
        let name = try templateName(in: "template clause")
        if peekPastSpace().kind == .rightDelimiter {
            _ = nextWord()
            return .invoke(name: name, argument: nil, offset: offset)
        }
        return .invoke(name: name, argument: try rootArgument(in: "template clause", at: offset), offset: offset)
    }

    private mutating func block(at offset: Int) throws(LanguageError) -> TemplateNode {
        let name = try templateName(in: "block clause")
        let argument = try rootArgument(in: "block clause", at: offset)
        try body(of: name, at: offset)
        return .invoke(name: name, argument: argument, offset: offset)
    }

    /// The argument of a template; the dot handed over as it is does not count as a look at the whole map.
    private mutating func rootArgument(in place: String, at offset: Int) throws(LanguageError) -> TemplatePipeline {
        let before = names.usesWholeMap
        let pipeline = try pipeline(in: place, until: .rightDelimiter, at: offset)
        if let only = pipeline.commands.first, pipeline.commands.count == 1, only.arguments.isEmpty,
            pipeline.variables.isEmpty
        {
            switch only.head {
            case .dot: names.usesWholeMap = before
            case .variable(0, let fields) where fields.isEmpty: names.usesWholeMap = before
            default: break
            }
        }
        return pipeline
    }

    private mutating func definition() throws(LanguageError) {
        let name = try templateName(in: "define clause")
        let closing = try expect(.rightDelimiter, in: "define clause")
        try body(of: name, at: closing.offset)
    }

    private mutating func body(of name: String, at offset: Int) throws(LanguageError) {
        let outer = (scope, loops, names.dotIsRoot)
        (scope, loops, names.dotIsRoot) = ([0], 0, true)
        defer { (scope, loops, names.dotIsRoot) = outer }
        let (nodes, closing) = try list()
        guard closing.string == "end" else { throw unexpected(closing, "{{else}}", in: "define clause") }
        if let old = definitions[name], !old.isEmpty, !nodes.isEmpty {
            throw LanguageError("template: multiple definition of template \"\(name)\"", at: offset)
        }
        if definitions[name]?.isEmpty ?? true { definitions[name] = nodes }
    }

    // MARK: variables

    mutating func declare(_ name: String) -> Int {
        let number = variableNames.firstIndex(of: name) ?? variableNames.count
        if number == variableNames.count { variableNames.append(name) }
        scope.append(number)
        return number
    }

    func variable(_ token: TemplateToken) throws(LanguageError) -> Int {
        guard let number = variableNames.firstIndex(of: token.string), scope.contains(number) else {
            throw LanguageError("undefined variable \(token.shown)", at: token.offset)
        }
        return number
    }

    /// `defer` for the variables of a parenthesised pipeline.
    var mark: Int { scope.count }

    mutating func release(to mark: Int) { scope.removeLast(max(0, scope.count - mark)) }
}

/// Which names of the root map a template asks for.
struct TemplateNames {
    private(set) var fields: [String] = []
    var usesWholeMap = false
    /// Whether the dot may stand for the root map at this place of the template.
    var dotIsRoot = true

    mutating func field(_ name: String) -> TemplateField {
        let index = fields.firstIndex(of: name) ?? fields.count
        if index == fields.count { fields.append(name) }
        return TemplateField(index: index, name: name, bytes: Array(name.utf8))
    }
}
