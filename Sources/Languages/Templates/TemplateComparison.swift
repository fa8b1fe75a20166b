/// `eq`, `lt` and their kin, which compare only what has the same basic kind.
enum TemplateComparison {
    static func isEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateError) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.null, _), (_, .null): return false
        case (.bool(let left), .bool(let right)): return left == right
        case (.float(let left), .float(let right)): return left == right
        case (.string(let left), .string(let right)): return left == right
        case (.time(let left), .time(let right)): return left == right
        default:
            if let left = whole(left), let right = whole(right) { return left == right }
            switch (left, right) {
            case (.list, .list), (.map, .map), (.list, .map), (.map, .list):
                throw TemplateError("non-comparable types \(left.typeName), \(right.typeName)")
            default: throw incompatible
            }
        }
    }

    static func isLess(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateError) -> Bool {
        switch (left, right) {
        case (.float(let left), .float(let right)): return left < right
        case (.string(let left), .string(let right)): return left.lexicographicallyPrecedes(right)
        default:
            if let left = whole(left), let right = whole(right) { return left < right }
            if !isOrdered(left) || !isOrdered(right) { throw TemplateError("invalid type for comparison") }
            throw incompatible
        }
    }

    static func isAtMost(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateError) -> Bool {
        if try isLess(left, right) { return true }
        return try isEqual(left, right)
    }

    private static let incompatible = TemplateError("incompatible types for comparison")

    private static func whole(_ value: TemplateValue) -> Int64? {
        switch value {
        case .int(let value): Int64(value)
        case .int64(let value): value
        default: nil
        }
    }

    private static func isOrdered(_ value: TemplateValue) -> Bool {
        switch value {
        case .int, .int64, .float, .string: true
        default: false
        }
    }
}
