extension TemplateParser {
    /// Reads up to and including the token `end`.
    mutating func pipeline(
        in place: String,
        until end: TemplateToken.Kind,
        at offset: Int
    ) throws(LanguageError) -> TemplatePipeline {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw LanguageError("nested too deeply", at: offset) }
        var pipeline = TemplatePipeline(offset: offset)
        try declarations(of: &pipeline, in: place)
        while true {
            let token = peekPastSpace()
            switch token.kind {
            case end:
                _ = nextWord()
                try check(pipeline, in: place, at: token.offset)
                return pipeline
            case .bool, .character, .dot, .field, .identifier, .number, .null, .rawString, .string, .variable,
                .leftParenthesis:
                pipeline.commands.append(try command())
            default: throw unexpected(token, in: place)
            }
        }
    }

    private func check(_ pipeline: TemplatePipeline, in place: String, at offset: Int) throws(LanguageError) {
        guard !pipeline.commands.isEmpty else { throw LanguageError("missing value for \(place)", at: offset) }
        for (index, command) in pipeline.commands.enumerated().dropFirst() {
            switch command.head {
            case .constant, .dot, .null:
                throw LanguageError("non executable command in pipeline stage \(index + 1)", at: command.offset)
            default: continue
            }
        }
    }

    /// `$x :=`, `$x =`, and for range also `$i, $x :=`.
    private mutating func declarations(of pipeline: inout TemplatePipeline, in place: String) throws(LanguageError) {
        skipSpace()
        guard token.kind == .variable else { return }
        var ahead = self
        let first = ahead.next()
        let sign = ahead.nextWord()
        switch sign.kind {
        case .declare, .assign:
            self = ahead
            pipeline.isAssignment = sign.kind == .assign
            pipeline.variables = [pipeline.isAssignment ? try variable(first) : declare(first.string)]
        case .comma where place == "range":
            let second = ahead.nextWord()
            guard second.kind == .variable else { throw unexpected(second, in: "range") }
            let sign = ahead.nextWord()
            if sign.kind == .comma { throw LanguageError("too many declarations in range", at: sign.offset) }
            guard sign.kind == .declare || sign.kind == .assign else { throw unexpected(sign, in: "range") }
            self = ahead
            pipeline.isAssignment = sign.kind == .assign
            for token in [first, second] {
                pipeline.variables.append(pipeline.isAssignment ? try variable(token) : declare(token.string))
            }
        case .comma: throw LanguageError("too many declarations in \(place)", at: sign.offset)
        default: return
        }
    }

    private mutating func command() throws(LanguageError) -> TemplateCommand {
        skipSpace()
        let offset = token.offset
        var operands: [(operand: TemplateOperand, offset: Int)] = []
        reading: while true {
            skipSpace()
            let start = token.offset
            if let operand = try operand() { operands.append((operand, start)) }
            let next = token
            switch next.kind {
            case .space: continue
            case .rightDelimiter, .rightParenthesis: break reading
            case .pipe:
                _ = self.next()
                break reading
            default: throw unexpected(next, in: "operand")
            }
        }
        guard let head = operands.first else { throw LanguageError("empty command", at: offset) }
        noteNames(operands.map(\.operand))
        return TemplateCommand(head: head.operand, arguments: operands.dropFirst().map(\.operand), offset: offset)
    }

    /// Books what the command asks of the root map: `index . "name"` is one name, any other use of the dot all of it.
    private mutating func noteNames(_ operands: [TemplateOperand]) {
        var start = 0
        if case .function(let function) = operands[0], function.name == "index", operands.count > 2,
            isRoot(operands[1]), case .constant(.string(let name)) = operands[2]
        {
            _ = names.field(String(decoding: name, as: UTF8.self))
            start = 3
        }
        if operands.dropFirst(start).contains(where: isRoot) { names.usesWholeMap = true }
    }

    private func isRoot(_ operand: TemplateOperand) -> Bool {
        switch operand {
        case .dot: names.dotIsRoot
        case .variable(0, let fields): fields.isEmpty
        default: false
        }
    }

    /// A term and the fields right behind it; nil where no operand begins.
    private mutating func operand() throws(LanguageError) -> TemplateOperand? {
        let start = token
        guard let term = try term() else { return nil }
        var fields: [TemplateField] = []
        while token.kind == .field {
            let field = next()
            fields.append(names.field(String(field.string.dropFirst())))
        }
        if fields.isEmpty { return term }
        switch term {
        case .field(let first): return .field(first + fields)
        case .variable(let number, _): return .variable(number, fields)
        case .pipeline(let pipeline, _): return .pipeline(pipeline, fields)
        case .function(let function):
            let command = TemplateCommand(head: .function(function), arguments: [], offset: start.offset)
            return .pipeline(TemplatePipeline(commands: [command], offset: start.offset), fields)
        case .dot, .constant, .null:
            throw LanguageError("unexpected . after term \(start.shown)", at: start.offset)
        }
    }

    private mutating func term() throws(LanguageError) -> TemplateOperand? {
        let token = token
        switch token.kind {
        case .identifier:
            _ = next()
            guard let function = TemplateFunctions.table[token.string] else {
                throw LanguageError(
                    "function \"\(token.string)\" not defined",
                    at: token.offset,
                    help: TemplateFunctions.help(forUnknown: token.string)
                )
            }
            return .function(function)
        case .dot:
            _ = next()
            return .dot
        case .null:
            _ = next()
            return .null
        case .variable:
            _ = next()
            return .variable(try variable(token), [])
        case .field:
            _ = next()
            return .field([names.field(String(token.string.dropFirst()))])
        case .bool:
            _ = next()
            return .constant(.bool(token.string == "true"))
        case .number, .character, .string, .rawString:
            _ = next()
            return .constant(try constant(token))
        case .leftParenthesis:
            _ = next()
            let mark = mark
            let inner = try pipeline(in: "parenthesized pipeline", until: .rightParenthesis, at: token.offset)
            release(to: mark)
            return .pipeline(inner, [])
        default: return nil
        }
    }

    private func constant(_ token: TemplateToken) throws(LanguageError) -> TemplateValue {
        if token.kind == .number {
            guard let number = TemplateNumber.literal(token.string) else {
                throw LanguageError("bad number syntax: \"\(token.string)\"", at: token.offset)
            }
            return number
        }
        if token.kind != .character { return .string(try literal(token)) }
        // Read as a string, whose escapes are the same but for the quotes.
        var body = String(token.string.dropFirst().dropLast())
        if body == "\\'" { body = "'" } else if body == "\"" { body = "\\\"" }
        let runes = (try? GoQuoting.unquote("\"\(body)\"")).map(TemplateText.runes) ?? []
        guard runes.count == 1 else {
            throw LanguageError("malformed character constant: \(token.string)", at: token.offset)
        }
        return .int(Int(runes[0]))
    }

    /// The bytes behind a quoted token.
    func literal(_ token: TemplateToken) throws(LanguageError) -> [UInt8] {
        if token.kind == .rawString { return token.text.dropFirst().dropLast().filter { $0 != UInt8(ascii: "\r") } }
        do throws(LanguageError) { return try GoQuoting.unquote(token.string) } catch {
            throw LanguageError("invalid syntax", at: token.offset + (error.offset ?? 0))
        }
    }
}
