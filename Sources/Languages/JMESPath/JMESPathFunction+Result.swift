import Entries

extension JMESPathFunction {
    /// The result for operands that ``check(_:)`` has let through.
    func result(
        of operands: [JMESPathEvaluator.Operand],
        _ evaluator: JMESPathEvaluator
    ) throws(JMESPath.EvaluationError) -> JMESPathEvaluator.Operand {
        switch self {
        case .notNull: return operands.first { !$0.isNull } ?? .value(.null)
        case .map: return .value(try mapped(operands[1].value, operands[0], evaluator))
        case .maxBy, .minBy, .sortBy: return .value(try ordered(operands[0].value, by: operands[1], evaluator))
        case .type, .toNumber:
            if case .reference = operands[0] {
                throw JMESPath.EvaluationError("\(rawValue)() takes no expression reference")
            }
        default: break
        }
        return .value(try result(of: operands.map(\.value)))
    }

    private func mapped(
        _ value: JSONValue,
        _ operand: JMESPathEvaluator.Operand,
        _ evaluator: JMESPathEvaluator
    ) throws(JMESPath.EvaluationError) -> JSONValue {
        guard case .reference(let id) = operand, case .array(let elements) = value else { return .null }
        var mapped: [JSONValue] = []
        for element in elements { mapped.append(try evaluator.value(id, element)) }
        return .array(mapped)
    }

    private func result(of values: [JSONValue]) throws(JMESPath.EvaluationError) -> JSONValue {
        switch self {
        case .abs, .ceil, .floor, .avg, .sum: return numeric(values[0])
        case .startsWith, .endsWith, .join, .contains: return textual(values[0], values[1])
        case .max, .min, .sort: return ordered(values[0])
        case .toString: return try text(of: values[0])
        case .toNumber: return number(from: values[0])
        case .toArray:
            if case .array = values[0] { return values[0] }
            return .array([values[0]])
        case .type: return .string(Array(values[0].typeName.utf8))
        case .length: return .number(Double(values[0].length))
        case .reverse: return values[0].reversed
        case .keys, .values, .merge: return members(of: values)
        case .notNull, .map, .maxBy, .minBy, .sortBy: return .null
        }
    }

    private func members(of values: [JSONValue]) -> JSONValue {
        var merged = JSONObject()
        for case .object(let object) in values {
            if self == .keys { return .array(object.keys.map { .string($0) }) }
            if self == .values { return .array(object.values) }
            for (key, value) in zip(object.keys, object.values) { merged.set(key, to: value) }
        }
        return .object(merged)
    }

    private func numeric(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let number):
            switch self {
            case .abs: return .number(number.magnitude)
            case .ceil: return .number(number.rounded(.up))
            default: return .number(number.rounded(.down))
            }
        case .array(let elements):
            let sum = elements.reduce(0) { $0 + ($1.number ?? 0) }
            return .number(self == .avg ? sum / Double(elements.count) : sum)
        default: return .null
        }
    }

    private func textual(_ first: JSONValue, _ second: JSONValue) -> JSONValue {
        switch (self, first, second) {
        case (.startsWith, .string(let text), .string(let part)): return .bool(text.starts(with: part))
        case (.endsWith, .string(let text), .string(let part)):
            return .bool(text.count >= part.count && text.suffix(part.count).elementsEqual(part))
        case (.join, .string(let separator), .array(let elements)):
            return .string(Array(elements.compactMap(\.string).joined(separator: separator)))
        case (.contains, .string(let text), .string(let part)):
            return .bool(Bytes.with(text) { text in Bytes.with(part) { text.contains($0) } })
        case (.contains, .array(let elements), _): return .bool(elements.contains(second))
        default: return .bool(false)
        }
    }

    private func text(of value: JSONValue) throws(JMESPath.EvaluationError) -> JSONValue {
        if case .string = value { return value }
        if value.hasNonFiniteNumber {
            throw JMESPath.EvaluationError("to_string() got a number that JSON cannot express")
        }
        return .string(value.sortedJSON)
    }

    private func number(from value: JSONValue) -> JSONValue {
        switch value {
        case .number: value
        case .string(let text): Bytes.with(text) { GoNumber.parseFloat($0) }.map { .number($0) } ?? .null
        case .null, .bool, .array, .object: .null
        }
    }
}

extension JMESPathEvaluator.Operand {
    fileprivate var isNull: Bool {
        if case .value(.null) = self { return true }
        return false
    }
}

extension JSONValue {
    var number: Double? {
        if case .number(let number) = self { return number }
        return nil
    }

    var string: [UInt8]? {
        if case .string(let bytes) = self { return bytes }
        return nil
    }

    fileprivate var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// Code points of a string, elements of an array, members of an object.
    fileprivate var length: Int {
        switch self {
        case .string(let bytes): Bytes.with(bytes) { $0.runeCount }
        case .array(let elements): elements.count
        case .object(let object): object.count
        case .null, .bool, .number: 0
        }
    }

    /// The elements or code points in reverse; a byte that is not UTF-8 becomes U+FFFD, as in Go.
    fileprivate var reversed: JSONValue {
        switch self {
        case .array(let elements): return .array(elements.reversed())
        case .string(let bytes):
            let scalars = Bytes.with(bytes) { view in
                var scalars: [UInt32] = []
                var index = 0
                while index < view.count {
                    let (scalar, length) = view.rune(at: index)
                    scalars.append(scalar)
                    index += length
                }
                return scalars
            }
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count)
            for scalar in scalars.reversed() { result.appendScalar(scalar) }
            return .string(result)
        default: return self
        }
    }
}

extension Bytes {
    fileprivate func contains(_ part: Bytes) -> Bool {
        if part.isEmpty { return true }
        var index = 0
        while index + part.count <= count, let hit = firstIndex(of: part[0], from: index) {
            if self[hit..<count].starts(with: part) { return true }
            index = hit + 1
        }
        return false
    }
}
