package import Entries

extension JSONValue {
    /// Compact text as Go's `encoding/json` writes it, members in document order.
    ///
    /// `<`, `>`, `&`, U+2028 and U+2029 are escaped. NaN and infinities, which JSON lacks, become `null`; no result of
    /// ``JMESPath/evaluate(_:)`` has them inside an array or object.
    package var goJSON: [UInt8] { text(sortingKeys: false) }

    /// The same with the members of each object sorted by key, as `encoding/json` does with Go maps.
    var sortedJSON: [UInt8] { text(sortingKeys: true) }

    /// Whether a number without a JSON text (NaN or an infinity) stands anywhere in the value.
    var hasNonFiniteNumber: Bool {
        var pending = [self]
        while let value = pending.popLast() {
            switch value {
            case .number(let number):
                if !number.isFinite { return true }
            case .array(let elements): pending += elements
            case .object(let object): pending += object.values
            case .null, .bool, .string: continue
            }
        }
        return false
    }

    /// An array or object whose text is half written.
    private struct Open {
        /// Nil for an array.
        var keys: [[UInt8]]?
        var values: [JSONValue]
        var next = 0
    }

    private func text(sortingKeys: Bool) -> [UInt8] {
        var text: [UInt8] = []
        var open: [Open] = []
        var current: JSONValue? = self
        while true {
            if let value = current {
                value.appendStart(to: &text, &open, sortingKeys: sortingKeys)
                current = nil
            }
            guard let last = open.indices.last else { return text }
            let next = open[last].next
            if next == open[last].values.count {
                text.append(open[last].keys == nil ? UInt8(ascii: "]") : UInt8(ascii: "}"))
                open.removeLast()
                continue
            }
            if next > 0 { text.append(UInt8(ascii: ",")) }
            if let keys = open[last].keys {
                Bytes.with(keys[next]) { Self.appendQuoted($0, to: &text) }
                text.append(UInt8(ascii: ":"))
            }
            current = open[last].values[next]
            open[last].next = next + 1
        }
    }

    private func appendStart(to text: inout [UInt8], _ open: inout [Open], sortingKeys: Bool) {
        switch self {
        case .null: text += Array("null".utf8)
        case .bool(let value): text += Array((value ? "true" : "false").utf8)
        case .number(let number): GoNumber.appendJSON(number, to: &text)
        case .string(let bytes): Bytes.with(bytes) { Self.appendQuoted($0, to: &text) }
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            open.append(Open(keys: nil, values: elements))
        case .object(let object):
            text.append(UInt8(ascii: "{"))
            if sortingKeys {
                let order = object.keys.indices.sorted { object.keys[$0].lexicographicallyPrecedes(object.keys[$1]) }
                open.append(Open(keys: order.map { object.keys[$0] }, values: order.map { object.values[$0] }))
            } else {
                open.append(Open(keys: object.keys, values: object.values))
            }
        }
    }

    /// Appends `bytes` as a JSON string as Go writes it for HTML: `<`, `>`, `&`, U+2028 and U+2029 escaped.
    ///
    /// Each byte that is not UTF-8 becomes `\ufffd`; control characters other than `\n`, `\r` and `\t` become `\u00xx`.
    package static func appendQuoted(_ bytes: Bytes, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        var index = 0
        var copied = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                index += 1
                if isPlain(byte) { continue }
                append(bytes[copied..<index - 1], to: &text)
                appendEscape(of: byte, to: &text)
                copied = index
                continue
            }
            let (scalar, length) = bytes.rune(at: index)
            let isInvalid = length == 1
            if isInvalid || scalar == 0x2028 || scalar == 0x2029 {
                append(bytes[copied..<index], to: &text)
                text += Array((isInvalid ? "\\ufffd" : scalar == 0x2028 ? "\\u2028" : "\\u2029").utf8)
                copied = index + length
            }
            index += length
        }
        append(bytes[copied..<bytes.count], to: &text)
        text.append(UInt8(ascii: "\""))
    }

    private static func append(_ bytes: Bytes, to text: inout [UInt8]) {
        text += UnsafeBufferPointer(start: bytes.start, count: bytes.count)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
            false
        default: true
        }
    }

    private static func appendEscape(of byte: UInt8, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): text.append(byte)
        case UInt8(ascii: "\n"): text.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): text.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): text.append(UInt8(ascii: "t"))
        default:
            let digits = Array("0123456789abcdef".utf8)
            text += Array("u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}
