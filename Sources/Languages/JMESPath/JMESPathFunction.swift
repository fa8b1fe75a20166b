/// The functions of `go-jmespath` 0.4.0, with what they take.
enum JMESPathFunction: String {
    case abs
    case avg
    case ceil
    case contains
    case endsWith = "ends_with"
    case floor
    case join
    case keys
    case length
    case map
    case max
    case maxBy = "max_by"
    case merge
    case min
    case minBy = "min_by"
    case notNull = "not_null"
    case reverse
    case sort
    case sortBy = "sort_by"
    case startsWith = "starts_with"
    case sum
    case toArray = "to_array"
    case toNumber = "to_number"
    case toString = "to_string"
    case type
    case values

    /// Which operands an argument accepts.
    struct Accepted: OptionSet {
        let rawValue: Int
        static let number = Accepted(rawValue: 1)
        static let string = Accepted(rawValue: 2)
        static let array = Accepted(rawValue: 4)
        static let object = Accepted(rawValue: 8)
        static let numbers = Accepted(rawValue: 16)
        static let strings = Accepted(rawValue: 32)
        static let reference = Accepted(rawValue: 64)
        static let any = Accepted(rawValue: 128)

        func contains(_ operand: JMESPathEvaluator.Operand) -> Bool {
            if contains(.any) { return true }
            guard case .value(let value) = operand else { return contains(.reference) }
            switch value {
            case .number: return contains(.number)
            case .string: return contains(.string)
            case .object: return contains(.object)
            case .array(let elements):
                return contains(.array) || (contains(.numbers) && elements.allSatisfy(\.isNumber))
                    || (contains(.strings) && elements.allSatisfy(\.isString))
            case .null, .bool: return false
            }
        }
    }

    private var accepted: [Accepted] {
        switch self {
        case .abs, .ceil, .floor: [.number]
        case .avg, .sum: [.numbers]
        case .contains: [[.array, .string], .any]
        case .endsWith, .startsWith: [.string, .string]
        case .join: [.string, .strings]
        case .keys, .values, .merge: [.object]
        case .length: [[.string, .array, .object]]
        case .map: [.reference, .array]
        case .max, .min, .sort: [[.numbers, .strings]]
        case .maxBy, .minBy, .sortBy: [.array, .reference]
        case .reverse: [[.array, .string]]
        case .notNull, .toArray, .toNumber, .toString, .type: [.any]
        }
    }

    /// Whether the last argument may come more than once.
    private var isVariadic: Bool { self == .merge || self == .notNull }

    /// Throws unless number and kinds of the operands fit.
    func check(_ operands: [JMESPathEvaluator.Operand]) throws(JMESPath.EvaluationError) {
        let accepted = self.accepted
        guard operands.count == accepted.count || (isVariadic && operands.count > accepted.count) else {
            throw JMESPath.EvaluationError("\(rawValue)() takes \(accepted.count) arguments, not \(operands.count)")
        }
        for (index, operand) in operands.enumerated() {
            let kinds = accepted[Swift.min(index, accepted.count - 1)]
            guard kinds.contains(operand) else {
                throw JMESPath.EvaluationError("argument \(index + 1) of \(rawValue)() has the wrong type")
            }
        }
    }
}

extension JSONValue {
    fileprivate var isNumber: Bool {
        if case .number = self { return true }
        return false
    }

    fileprivate var isString: Bool {
        if case .string = self { return true }
        return false
    }
}
