import Entries

/// Reads one JSON document into a tree, with a stack of its own instead of recursion.
struct JSONParser {
    /// Whose leniency to copy.
    enum Dialect {
        /// Log lines: json-iterator.
        case jsonIterator
        /// Literals in expressions: Go's own package, which refuses control characters and replaces invalid UTF-8.
        case encodingJSON
    }

    /// An array or object that is still open.
    private struct Open {
        let isObject: Bool
        /// The key whose value is being read.
        var key: [UInt8] = []
        var elements: [JSONValue] = []
        var members = JSONObject()

        mutating func append(_ value: JSONValue) {
            if isObject { members.set(key, to: value) } else { elements.append(value) }
        }

        var closing: UInt8 { isObject ? UInt8(ascii: "}") : UInt8(ascii: "]") }
        var value: JSONValue { isObject ? .object(members) : .array(elements) }
    }

    private enum Progress {
        case another
        case complete(JSONValue)
        case malformed
    }

    private let text: Bytes
    private let dialect: Dialect
    private var index = 0
    private var open: [Open] = []

    init(_ text: Bytes, dialect: Dialect) {
        self.text = text
        self.dialect = dialect
    }

    /// The document; nil when it is malformed, deeper than ``JSONValue/depthLimit`` or not alone in the text.
    mutating func document() -> JSONValue? {
        while true {
            guard let byte = nextToken() else { return nil }
            var finished: JSONValue?
            switch byte {
            case UInt8(ascii: "{"):
                index += 1
                if consume(UInt8(ascii: "}")) {
                    finished = .object(JSONObject())
                } else {
                    guard let key = key(), push(Open(isObject: true, key: key)) else { return nil }
                }
            case UInt8(ascii: "["):
                index += 1
                if consume(UInt8(ascii: "]")) {
                    finished = .array([])
                } else {
                    guard push(Open(isObject: false)) else { return nil }
                }
            default:
                finished = scalar(startingWith: byte)
                if finished == nil { return nil }
            }
            guard let finished else { continue }
            switch attach(finished) {
            case .another: continue
            case .complete(let document): return document
            case .malformed: return nil
            }
        }
    }

    /// Puts a finished value where it belongs and closes what ends behind it.
    private mutating func attach(_ finished: JSONValue) -> Progress {
        // An empty array or object is a level too, though it is never on the stack.
        if open.count >= JSONValue.depthLimit, finished.isContainer { return .malformed }
        var value = finished
        while var container = open.popLast() {
            container.append(value)
            guard let byte = nextToken() else { return .malformed }
            index += 1
            if byte == container.closing {
                value = container.value
                continue
            }
            guard byte == UInt8(ascii: ",") else { return .malformed }
            if container.isObject {
                guard let key = key() else { return .malformed }
                container.key = key
            }
            open.append(container)
            return .another
        }
        return nextToken() == nil ? .complete(value) : .malformed
    }

    private mutating func push(_ container: Open) -> Bool {
        guard open.count < JSONValue.depthLimit else { return false }
        open.append(container)
        return true
    }

    /// The next byte that is not white space, not consumed; nil at the end.
    private mutating func nextToken() -> UInt8? {
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): index += 1
            default: return text[index]
            }
        }
        return nil
    }

    private mutating func consume(_ byte: UInt8) -> Bool {
        guard nextToken() == byte else { return false }
        index += 1
        return true
    }

    /// A key and the colon behind it.
    private mutating func key() -> [UInt8]? {
        guard consume(UInt8(ascii: "\"")), let key = string(), consume(UInt8(ascii: ":")) else { return nil }
        return key
    }

    private mutating func scalar(startingWith byte: UInt8) -> JSONValue? {
        switch byte {
        case UInt8(ascii: "\""):
            index += 1
            return string().map { .string($0) }
        case UInt8(ascii: "t"): return word("true", .bool(true))
        case UInt8(ascii: "f"): return word("false", .bool(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default: return number()
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) -> JSONValue? {
        let bytes = Bytes(word.utf8Start, count: word.utf8CodeUnitCount)
        guard text[index..<text.count].starts(with: bytes) else { return nil }
        index += bytes.count
        return value
    }

    private mutating func number() -> JSONValue? {
        let start = index
        if index < text.count, text[index] == UInt8(ascii: "-") { index += 1 }
        let whole = index
        guard skipDigits() else { return nil }
        if text[whole] == UInt8(ascii: "0"), index - whole > 1 { return nil }
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            guard skipDigits() else { return nil }
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") { index += 1 }
            guard skipDigits() else { return nil }
        }
        return GoNumber.parseFloat(text[start..<index]).map { .number($0) }
    }

    private mutating func skipDigits() -> Bool {
        let start = index
        while index < text.count, text[index].isDecimalDigit { index += 1 }
        return index > start
    }

    /// The rest of a string whose opening quote is consumed, decoded.
    private mutating func string() -> [UInt8]? {
        var decoder = JSONStringDecoder(text, from: index, dialect: dialect)
        guard let bytes = decoder.decode() else { return nil }
        index = decoder.index
        return bytes
    }
}

extension JSONValue {
    fileprivate var isContainer: Bool {
        switch self {
        case .array, .object: true
        case .null, .bool, .number, .string: false
        }
    }
}
