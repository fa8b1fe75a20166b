/// The members of a JSON object in document order, found by key.
///
/// A repeated key keeps its first place and takes the last value. Two objects are equal when they have the same members
/// in whatever order.
package struct JSONObject: Sendable {
    package private(set) var keys: [[UInt8]] = []
    package private(set) var values: [JSONValue] = []
    /// Places by key; empty while the object is small enough to be searched from front to back.
    private var places: [[UInt8]: Int] = [:]

    /// Hashing pays only above this many members.
    private static let searchLimit = 8

    package init() {}

    package var count: Int { keys.count }
    package var isEmpty: Bool { keys.isEmpty }

    package subscript(key: [UInt8]) -> JSONValue? { place(of: key).map { values[$0] } }

    package mutating func set(_ key: [UInt8], to value: JSONValue) {
        if let place = place(of: key) {
            values[place] = value
            return
        }
        keys.append(key)
        values.append(value)
        if keys.count == Self.searchLimit + 1 {
            for (place, key) in keys.enumerated() { places[key] = place }
        } else if keys.count > Self.searchLimit {
            places[key] = keys.count - 1
        }
    }

    private func place(of key: [UInt8]) -> Int? {
        places.isEmpty ? keys.firstIndex(of: key) : places[key]
    }
}
