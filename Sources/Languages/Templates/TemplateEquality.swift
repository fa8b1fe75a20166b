/// `reflect.DeepEqual`: the same type and the same content all the way down.
enum TemplateEquality {
    static func areDeeplyEqual(
        _ left: TemplateValue,
        _ right: TemplateValue,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> Bool {
        try execution.charge()
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.int(let left), .int(let right)): return left == right
        case (.int64(let left), .int64(let right)): return left == right
        case (.float(let left), .float(let right)): return left == right
        case (.string(let left), .string(let right)): return left == right
        case (.time(let left), .time(let right)): return left == right
        case (.list(let left), .list(let right)):
            guard left.element == right.element, left.elements.count == right.elements.count else { return false }
            for (left, right) in zip(left.elements, right.elements) {
                if !(try areDeeplyEqual(left, right, execution)) { return false }
            }
            return true
        case (.map(let left), .map(let right)):
            guard left.element == right.element, left.count == right.count else { return false }
            for (key, value) in left.members {
                guard let other = right[key], try areDeeplyEqual(value, other, execution) else { return false }
            }
            return true
        default: return false
        }
    }
}
