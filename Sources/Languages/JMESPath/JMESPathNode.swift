/// One node of a compiled expression; its children are numbers of other nodes.
enum JMESPathNode: Equatable, Sendable {
    typealias ID = Int

    enum Comparison: Sendable {
        case equal
        case notEqual
        case less
        case lessOrEqual
        case greater
        case greaterOrEqual
    }

    struct Slice: Equatable, Sendable {
        var start: Int?
        var stop: Int?
        var step: Int?
    }

    /// One `name: value` of a multi-select hash.
    struct Member: Equatable, Sendable {
        let key: [UInt8]
        let value: ID
    }

    case current
    case field([UInt8])
    case literal(JSONValue)
    case index(Int)
    case slice(Slice)
    /// The right side on the result of the left: `a.b`, `a[0]`, `a | b`.
    case sequence(ID, ID)
    /// The right side on each element of the left array.
    case projection(ID, ID)
    /// The right side on each member's value of the left object.
    case valueProjection(ID, ID)
    /// The right side on each element of the left array that meets the condition.
    case filter(ID, ID, condition: ID)
    case flatten(ID)
    case list([ID])
    case hash([Member])
    case comparison(Comparison, ID, ID)
    case or(ID, ID)
    case and(ID, ID)
    case not(ID)
    case reference(ID)
    case call([UInt8], [ID])
    /// Compiles in Go too, and fails each time it is evaluated: the reason.
    case failure(String)
}
