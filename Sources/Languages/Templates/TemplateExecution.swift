/// One walk over a template: the output so far, the variables in reach, and what it may still spend.
final class TemplateExecution {
    /// Bytes of the result.
    static let outputLimit = 10 << 20
    /// Nodes and function calls; each 64 bytes of a function's result count as one more.
    static let stepLimit = 1_000_000
    /// Templates, blocks and pipelines inside each other; what fits the stack of a small thread.
    static let depthLimit = 300
    /// Maps and lists inside each other.
    static let valueDepthLimit = 32

    enum Flow {
        case next
        case breakLoop
        case continueLoop
    }

    let patterns: TemplatePatterns
    /// How often a map or list may still be stored in an existing map, which bounds how deep values can grow.
    var nestedStoresLeft = 32

    private let data: any TemplateData
    private let definitions: [String: [TemplateNode]]
    private let rootMap: GoTemplate.RootMap
    private var output: [UInt8] = []
    private var variables: [(name: Int, value: TemplateValue)] = [(0, .root)]
    private var wholeRoot: TemplateMap?
    private var steps = 0
    private var depth = 0

    init(
        data: any TemplateData,
        definitions: [String: [TemplateNode]],
        rootMap: GoTemplate.RootMap,
        patterns: TemplatePatterns
    ) {
        self.data = data
        self.definitions = definitions
        self.rootMap = rootMap
        self.patterns = patterns
    }

    func run(_ nodes: [TemplateNode]) throws(TemplateError) -> [UInt8] {
        _ = try walk(nodes, dot: .root)
        return output
    }

    // MARK: bounds

    func charge(_ count: Int = 1) throws(TemplateError) {
        steps += count
        if steps > Self.stepLimit { throw TemplateError("more than \(Self.stepLimit) steps") }
    }

    /// Refuses to make `count` bytes when that is more than a result may have.
    func check(bytes count: Int) throws(TemplateError) {
        if count > Self.outputLimit { throw TemplateError("more than \(Self.outputLimit) bytes") }
    }

    /// Refuses to begin what could make `count` bytes; a worst case seldom comes, hence eight times the limit.
    func check(worstCase count: Int) throws(TemplateError) { try check(bytes: count / 8) }

    private func enter() throws(TemplateError) {
        depth += 1
        if depth > Self.depthLimit { throw TemplateError("exceeded maximum template depth (\(Self.depthLimit))") }
        try charge()
    }

    // MARK: nodes

    private func walk(_ nodes: [TemplateNode], dot: TemplateValue) throws(TemplateError) -> Flow {
        for node in nodes {
            try charge()
            switch node {
            case .text(let text): try emit(text)
            case .action(let pipeline):
                let value = try evaluate(pipeline, dot: dot)
                if pipeline.variables.isEmpty { try print(value) }
            case .branch(let branch):
                let flow = try walk(branch, dot: dot)
                if flow != .next { return flow }
            case .invoke(let name, let argument, let offset): try invoke(name, argument, dot: dot, at: offset)
            case .breakLoop: return .breakLoop
            case .continueLoop: return .continueLoop
            }
        }
        return .next
    }

    private func emit(_ bytes: [UInt8]) throws(TemplateError) {
        try check(bytes: output.count + bytes.count)
        output += bytes
    }

    private func print(_ value: TemplateValue) throws(TemplateError) {
        switch value {
        case .string(let bytes): try emit(bytes)
        case .null: try emit(Array("<no value>".utf8))
        case .root: try emit(try TemplateFormat.text(.map(whole()), self))
        default: try emit(try TemplateFormat.text(value, self))
        }
    }

    private func walk(_ branch: TemplateBranch, dot: TemplateValue) throws(TemplateError) -> Flow {
        try enter()
        let mark = variables.count
        defer {
            variables.removeLast(variables.count - mark)
            depth -= 1
        }
        let value = try evaluate(branch.pipeline, dot: dot)
        if branch.kind == .range { return try range(branch, over: value, dot: dot) }
        let isTrue = if case .root = value { whole().count > 0 } else { value.isTrue }
        if !isTrue { return try walk(branch.otherwise, dot: dot) }
        return try walk(branch.body, dot: branch.kind == .with ? value : dot)
    }

    private func range(
        _ branch: TemplateBranch,
        over value: TemplateValue,
        dot: TemplateValue
    ) throws(TemplateError) -> Flow {
        let pairs: [(TemplateValue, TemplateValue)]
        switch value {
        case .int, .int64:
            let count = Int(TemplateNumber.int64(value))
            try charge(max(0, count))
            pairs = count <= 0 ? [] : (0..<count).map { (.int($0), .int($0)) }
        case .list(let list): pairs = list.elements.enumerated().map { (.int($0), $1) }
        case .map(let map): pairs = map.sortedKeys.map { (.string($0), map[$0] ?? .null) }
        case .root:
            let map = whole()
            pairs = map.sortedKeys.map { (.string($0), map[$0] ?? .null) }
        case .null: pairs = []
        default: throw TemplateError("range can't iterate over \(value.typeName)", at: branch.pipeline.offset)
        }
        if pairs.isEmpty { return try walk(branch.otherwise, dot: dot) }
        let mark = variables.count
        for (index, element) in pairs {
            assign(branch.pipeline, index, element)
            let flow = try walk(branch.body, dot: element)
            variables.removeLast(variables.count - mark)
            if flow == .breakLoop { break }
        }
        return .next
    }

    private func assign(_ pipeline: TemplatePipeline, _ index: TemplateValue, _ element: TemplateValue) {
        switch pipeline.variables.count {
        case 1: set(pipeline.variables[0], element)
        case 2:
            set(pipeline.variables[0], index)
            set(pipeline.variables[1], element)
        default: return
        }
    }

    private func invoke(
        _ name: String,
        _ argument: TemplatePipeline?,
        dot: TemplateValue,
        at offset: Int
    ) throws(TemplateError) {
        guard let body = definitions[name] else { throw TemplateError("template \"\(name)\" not defined", at: offset) }
        let value: TemplateValue = if let argument { try evaluate(argument, dot: dot) } else { .null }
        try enter()
        let outer = variables
        variables = [(0, value)]
        defer {
            variables = outer
            depth -= 1
        }
        _ = try walk(body, dot: value)
    }

    // MARK: variables

    private func set(_ name: Int, _ value: TemplateValue) {
        guard let place = variables.lastIndex(where: { $0.name == name }) else { return }
        variables[place].value = value
    }

    private func variable(_ name: Int) -> TemplateValue { variables.last { $0.name == name }?.value ?? .null }

    // MARK: pipelines

    private func evaluate(_ pipeline: TemplatePipeline, dot: TemplateValue) throws(TemplateError) -> TemplateValue {
        try enter()
        defer { depth -= 1 }
        var value: TemplateValue?
        for command in pipeline.commands { value = try evaluate(command, piped: value, dot: dot) }
        let result = value ?? .null
        for name in pipeline.variables {
            if pipeline.isAssignment { set(name, result) } else { variables.append((name, result)) }
        }
        return result
    }

    private func evaluate(
        _ command: TemplateCommand,
        piped: TemplateValue?,
        dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        if case .function(let function) = command.head {
            do throws(TemplateError) {
                return try call(function, command.arguments, piped: piped, dot: dot)
            } catch {
                throw error.offset == nil ? TemplateError(error.message, at: command.offset) : error
            }
        }
        guard piped == nil, command.arguments.isEmpty else {
            throw TemplateError("can't give argument to non-function", at: command.offset)
        }
        if case .null = command.head { throw TemplateError("nil is not a command", at: command.offset) }
        return try evaluate(command.head, dot: dot)
    }

    private func evaluate(_ operand: TemplateOperand, dot: TemplateValue) throws(TemplateError) -> TemplateValue {
        switch operand {
        case .dot: return dot
        case .null: return .null
        case .constant(let value): return value
        case .field(let fields): return try follow(fields, from: dot)
        case .variable(let name, let fields): return try follow(fields, from: variable(name))
        case .function(let function): return try call(function, [], piped: nil, dot: dot)
        case .pipeline(let pipeline, let fields):
            let mark = variables.count
            let value = try evaluate(pipeline, dot: dot)
            variables.removeLast(variables.count - mark)
            return try follow(fields, from: value)
        }
    }

    private func follow(_ fields: [TemplateField], from start: TemplateValue) throws(TemplateError) -> TemplateValue {
        var value = start
        for field in fields {
            switch value {
            case .root:
                if let wholeRoot {
                    value = wholeRoot[field.bytes] ?? .null
                } else {
                    value = data.value(ofField: field.index, named: field.name).map(TemplateValue.string) ?? .null
                }
            case .map(let map): value = map[field.bytes] ?? .null
            case .null: continue
            default: throw TemplateError("can't evaluate field \(field.name) in type \(value.typeName)")
            }
        }
        return value
    }

    /// The root map as a value of its own, made when somebody first needs it.
    private func whole() -> TemplateMap {
        if let wholeRoot { return wholeRoot }
        var members: [[UInt8]: TemplateValue] = [:]
        for (name, value) in data.all() { members[Array(name.utf8)] = .string(value) }
        let map = TemplateMap(members, of: rootMap == .any ? .any : .string)
        wholeRoot = map
        return map
    }

    // MARK: calls

    private func call(
        _ function: TemplateFunction,
        _ operands: [TemplateOperand],
        piped: TemplateValue?,
        dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        let count = operands.count + (piped == nil ? 0 : 1)
        guard count >= function.minimum, count <= function.maximum ?? .max else {
            throw TemplateError(
                "wrong number of args for \(function.name): want \(function.minimum) got \(count)"
            )
        }
        if let decides = TemplateFunctions.shortCircuits[function.name] {
            var value = TemplateValue.null
            for operand in operands {
                value = try evaluate(operand, dot: dot)
                if value.isTrue == decides { return value }
            }
            return piped ?? value
        }
        if let value = try rootLookUp(function, operands, piped: piped, dot: dot) { return value }
        var arguments = TemplateArguments(name: function.name, values: [])
        arguments.values.reserveCapacity(count)
        for operand in operands { arguments.values.append(opened(try evaluate(operand, dot: dot))) }
        if let piped { arguments.values.append(opened(piped)) }
        let result = try function.body(arguments, self)
        try account(for: result)
        return result
    }

    private func opened(_ value: TemplateValue) -> TemplateValue {
        if case .root = value { return .map(whole()) }
        return value
    }

    /// `index . "name"` without making a map of the root.
    private func rootLookUp(
        _ function: TemplateFunction,
        _ operands: [TemplateOperand],
        piped: TemplateValue?,
        dot: TemplateValue
    ) throws(TemplateError) -> TemplateValue? {
        guard wholeRoot == nil, piped == nil, operands.count == 2, function.name == "index",
            case .constant(.string(let key)) = operands[1]
        else { return nil }
        switch operands[0] {
        case .dot: break
        case .variable(_, let fields) where fields.isEmpty: break
        default: return nil
        }
        guard case .root = try evaluate(operands[0], dot: dot) else { return nil }
        if let value = data.value(String(decoding: key, as: UTF8.self)) { return .string(value) }
        return rootMap == .any ? .null : .string([])
    }

    private func account(for result: TemplateValue) throws(TemplateError) {
        switch result {
        case .string(let bytes):
            try check(bytes: bytes.count)
            try charge(1 + bytes.count / 64)
        case .list(let list):
            try charge(1 + list.elements.count)
            if list.depth > Self.valueDepthLimit { throw TemplateError("lists nested too deeply") }
        case .map(let map):
            try charge(1)
            if map.depth > Self.valueDepthLimit { throw TemplateError("maps nested too deeply") }
        default: try charge(1)
        }
    }
}
