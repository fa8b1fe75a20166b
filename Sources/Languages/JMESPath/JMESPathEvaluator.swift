/// Walks the nodes of one expression over a value.
///
/// Recursion is bounded by the height of the expression (``JMESPath/chainLimit``), never by the value.
struct JMESPathEvaluator: Sendable {
    typealias EvaluationError = JMESPath.EvaluationError
    typealias ID = JMESPathNode.ID

    /// What a node gives: a value, or a reference to an expression for a function to apply.
    enum Operand {
        case value(JSONValue)
        case reference(ID)

        /// The value; an empty object for a reference, as Go prints it.
        var value: JSONValue {
            switch self {
            case .value(let value): value
            case .reference: .object(JSONObject())
            }
        }

        var isFalse: Bool {
            switch self {
            case .value(let value): value.isFalse
            case .reference: false
            }
        }
    }

    let nodes: [JMESPathNode]
    let root: ID

    func result(for value: JSONValue) throws(EvaluationError) -> JSONValue {
        try operand(root, value).value
    }

    func value(_ id: ID, _ value: JSONValue) throws(EvaluationError) -> JSONValue {
        try operand(id, value).value
    }

    /// Every case of more than one step is a function of its own, so that a level of recursion takes little stack.
    private func operand(_ id: ID, _ value: JSONValue) throws(EvaluationError) -> Operand {
        switch nodes[id] {
        case .current, .field, .literal, .index, .slice, .failure: return try leaf(id, value)
        case .sequence(let left, let right): return try sequence(left, right, value)
        case .projection(let left, let right): return try projection(left, right, value)
        case .valueProjection(let left, let right): return try valueProjection(left, right, value)
        case .filter(let left, let right, let condition): return try filter(left, right, condition, value)
        case .flatten(let operand): return flattened(operand, value)
        case .list(let elements): return try list(elements, value)
        case .hash(let members): return try hash(members, value)
        case .comparison(let comparison, let left, let right): return try compare(comparison, left, right, value)
        case .or(let left, let right): return try choice(left, right, value, wantsFalse: true)
        case .and(let left, let right): return try choice(left, right, value, wantsFalse: false)
        case .not(let operand): return try negation(operand, value)
        case .reference(let target): return .reference(target)
        case .call(let name, let arguments): return try call(name, arguments, value)
        }
    }

    private func leaf(_ id: ID, _ value: JSONValue) throws(EvaluationError) -> Operand {
        switch nodes[id] {
        case .field(let key):
            if case .object(let object) = value { return .value(object[key] ?? .null) }
            return .value(.null)
        case .literal(let literal): return .value(literal)
        case .index(let index): return .value(Self.element(index, of: value))
        case .slice(let slice): return .value(try slice.elements(of: value))
        case .failure(let reason): throw EvaluationError(reason)
        default: return .value(value)
        }
    }

    private func sequence(_ left: ID, _ right: ID, _ value: JSONValue) throws(EvaluationError) -> Operand {
        try operand(right, try self.value(left, value))
    }

    /// `||` (goes on to the right when the left is false) and `&&` (when it is not).
    private func choice(
        _ left: ID,
        _ right: ID,
        _ value: JSONValue,
        wantsFalse: Bool
    ) throws(EvaluationError) -> Operand {
        let first = try operand(left, value)
        return first.isFalse == wantsFalse ? try operand(right, value) : first
    }

    private func negation(_ operand: ID, _ value: JSONValue) throws(EvaluationError) -> Operand {
        .value(.bool(try self.operand(operand, value).isFalse))
    }

    private static func element(_ index: Int, of value: JSONValue) -> JSONValue {
        guard case .array(let elements) = value else { return .null }
        let place = index < 0 ? index + elements.count : index
        return elements.indices.contains(place) ? elements[place] : .null
    }

    /// The right side on every element, results that are null left out.
    private func each(_ elements: [JSONValue], _ right: ID) throws(EvaluationError) -> Operand {
        if case .current = nodes[right], !elements.contains(where: \.isNull) { return .value(.array(elements)) }
        var collected: [JSONValue] = []
        for element in elements {
            let result = try value(right, element)
            if !result.isNull { collected.append(result) }
        }
        return .value(.array(collected))
    }

    private func projection(_ left: ID, _ right: ID, _ value: JSONValue) throws(EvaluationError) -> Operand {
        guard case .array(let elements) = try self.value(left, value) else { return .value(.null) }
        return try each(elements, right)
    }

    private func valueProjection(_ left: ID, _ right: ID, _ value: JSONValue) throws(EvaluationError) -> Operand {
        // Go takes an error on the left for nothing here, in filters and in flatten.
        guard case .object(let object)? = try? self.value(left, value) else { return .value(.null) }
        // And it projects as many nulls first as there are members, which shows with `*.type(@)` only.
        let nulls = [JSONValue](repeating: .null, count: object.count)
        return try each(nulls + object.values, right)
    }

    private func filter(
        _ left: ID,
        _ right: ID,
        _ condition: ID,
        _ value: JSONValue
    ) throws(EvaluationError) -> Operand {
        guard case .array(let elements)? = try? self.value(left, value) else { return .value(.null) }
        var collected: [JSONValue] = []
        for element in elements {
            if try operand(condition, element).isFalse { continue }
            let result = try self.value(right, element)
            if !result.isNull { collected.append(result) }
        }
        return .value(.array(collected))
    }

    private func flattened(_ operand: ID, _ value: JSONValue) -> Operand {
        guard case .array(let elements)? = try? self.value(operand, value) else { return .value(.null) }
        var flat: [JSONValue] = []
        for element in elements {
            if case .array(let inner) = element { flat += inner } else { flat.append(element) }
        }
        return .value(.array(flat))
    }

    private func list(_ elements: [ID], _ value: JSONValue) throws(EvaluationError) -> Operand {
        if value.isNull { return .value(.null) }
        var collected: [JSONValue] = []
        for element in elements { collected.append(try self.value(element, value)) }
        return .value(.array(collected))
    }

    private func hash(_ members: [JMESPathNode.Member], _ value: JSONValue) throws(EvaluationError) -> Operand {
        if value.isNull { return .value(.null) }
        var object = JSONObject()
        for member in members { object.set(member.key, to: try self.value(member.value, value)) }
        return .value(.object(object))
    }

    private func compare(
        _ comparison: JMESPathNode.Comparison,
        _ left: ID,
        _ right: ID,
        _ value: JSONValue
    ) throws(EvaluationError) -> Operand {
        let left = try self.value(left, value)
        let right = try self.value(right, value)
        switch comparison {
        case .equal: return .value(.bool(left == right))
        case .notEqual: return .value(.bool(left != right))
        case .less, .lessOrEqual, .greater, .greaterOrEqual: break
        }
        guard case .number(let first) = left, case .number(let second) = right else { return .value(.null) }
        let holds =
            switch comparison {
            case .less: first < second
            case .lessOrEqual: first <= second
            case .greater: first > second
            default: first >= second
            }
        return .value(.bool(holds))
    }

    private func call(_ name: [UInt8], _ arguments: [ID], _ value: JSONValue) throws(EvaluationError) -> Operand {
        var operands: [Operand] = []
        for argument in arguments { operands.append(try operand(argument, value)) }
        let text = String(decoding: name, as: UTF8.self)
        guard let function = JMESPathFunction(rawValue: text) else {
            throw EvaluationError("Unknown function: \(text)")
        }
        try function.check(operands)
        return try function.result(of: operands, self)
    }
}

extension JSONValue {
    var isNull: Bool {
        if case .null = self { return true }
        return false
    }

    /// Whether JMESPath takes the value for false: null, false and whatever is empty.
    var isFalse: Bool {
        switch self {
        case .null: true
        case .bool(let value): !value
        case .number: false
        case .string(let bytes): bytes.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        }
    }
}
