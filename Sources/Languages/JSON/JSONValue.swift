package import Entries

/// A JSON document as a tree, for expressions that need more than the place of one member.
///
/// No value that ``parse(_:)`` gives is nested deeper than ``depthLimit``, so that taking it apart fits the stack of a
/// small thread.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    /// UTF-8; bytes that are not UTF-8 stay as they were.
    case string([UInt8])
    case array([JSONValue])
    case object(JSONObject)

    /// How many arrays and objects may be open at once.
    ///
    /// Promtail's limit is 10,000; its trees live on a growing stack. A deeper document counts as malformed here.
    package static let depthLimit = 512

    /// The one document in `text`, with white space around it; nil when it is malformed.
    ///
    /// As strict as json-iterator, which Promtail uses: control characters inside a string are taken only behind an
    /// escape of the same string, invalid UTF-8 is kept, lone surrogates become U+FFFD, and a number too large for a
    /// double is malformed. Every number becomes the nearest double.
    package static func parse(_ text: Bytes) -> JSONValue? {
        var parser = JSONParser(text, dialect: .jsonIterator)
        return parser.document()
    }
}

extension JSONValue: Equatable {
    /// Compares as `reflect.DeepEqual` does: members in any order, numbers by value.
    ///
    /// Needs no stack for deep values.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        var pending = [(left, right)]
        while let (left, right) = pending.popLast() {
            switch (left, right) {
            case (.null, .null): continue
            case (.bool(let left), .bool(let right)):
                if left != right { return false }
            case (.number(let left), .number(let right)):
                if left != right { return false }
            case (.string(let left), .string(let right)):
                if left != right { return false }
            case (.array(let left), .array(let right)):
                if left.count != right.count { return false }
                pending.append(contentsOf: zip(left, right))
            case (.object(let left), .object(let right)):
                if left.count != right.count { return false }
                for (key, value) in zip(left.keys, left.values) {
                    guard let other = right[key] else { return false }
                    pending.append((value, other))
                }
            default: return false
            }
        }
        return true
    }
}
