extension JMESPathFunction {
    /// `max`, `min` or `sort` of an array of numbers or of strings; strings compare by bytes.
    func ordered(_ value: JSONValue) -> JSONValue {
        guard case .array(let elements) = value else { return .null }
        if self == .sort { return .array(elements.sorted { $0.precedes($1, nanFirst: true) }) }
        return best(elements.map { ($0, $0) }) ?? .null
    }

    /// `max_by`, `min_by` or `sort_by`: the elements of `value` by what the expression `operand` refers to gives for
    /// each.
    ///
    /// Throws unless these keys are all numbers or all strings; the key of a single element is not looked at.
    func ordered(
        _ value: JSONValue,
        by operand: JMESPathEvaluator.Operand,
        _ evaluator: JMESPathEvaluator
    ) throws(JMESPath.EvaluationError) -> JSONValue {
        guard case .array(let elements) = value, case .reference(let id) = operand else { return .null }
        if elements.isEmpty { return self == .sortBy ? .array([]) : .null }
        if elements.count == 1 { return self == .sortBy ? .array(elements) : elements[0] }
        var keyed: [(key: JSONValue, element: JSONValue)] = []
        for element in elements { keyed.append((try evaluator.value(id, element), element)) }
        let areComparable = keyed.allSatisfy { $0.key.number != nil } || keyed.allSatisfy { $0.key.string != nil }
        guard areComparable else {
            throw JMESPath.EvaluationError("\(rawValue)() needs keys that are all numbers or all strings")
        }
        if self == .sortBy { return .array(keyed.sorted { $0.key.precedes($1.key, nanFirst: false) }.map(\.element)) }
        return best(keyed) ?? .null
    }

    /// The first of the elements with the largest or smallest key.
    private func best(_ keyed: [(key: JSONValue, element: JSONValue)]) -> JSONValue? {
        guard var best = keyed.first else { return nil }
        for candidate in keyed.dropFirst() {
            let isBetter =
                self == .max || self == .maxBy
                ? best.key.precedes(candidate.key, nanFirst: false)
                : candidate.key.precedes(best.key, nanFirst: false)
            if isBetter { best = candidate }
        }
        return best.element
    }
}

extension JSONValue {
    fileprivate func precedes(_ other: JSONValue, nanFirst: Bool) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)):
            left < right || (nanFirst && left.isNaN && !right.isNaN)
        case (.string(let left), .string(let right)): left.lexicographicallyPrecedes(right)
        default: false
        }
    }
}
