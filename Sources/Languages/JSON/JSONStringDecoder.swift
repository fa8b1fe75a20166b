import Entries

/// Decodes the inside of one JSON string up to and including its closing quote.
struct JSONStringDecoder {
    private let text: Bytes
    private let dialect: JSONParser.Dialect
    /// Behind the closing quote once ``decode()`` has given a result.
    private(set) var index: Int

    init(_ text: Bytes, from index: Int, dialect: JSONParser.Dialect) {
        self.text = text
        self.index = index
        self.dialect = dialect
    }

    /// The decoded bytes; nil when the string does not end or is malformed.
    mutating func decode() -> [UInt8]? {
        let start = index
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                index += 1
                return cleaned(text[start..<index - 1].array)
            case UInt8(ascii: "\\"): return decodeEscapes(after: text[start..<index].array)
            case 0..<0x20: return nil
            default: index += 1
            }
        }
        return nil
    }

    private mutating func decodeEscapes(after prefix: [UInt8]) -> [UInt8]? {
        var bytes = prefix
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return cleaned(bytes)
            case UInt8(ascii: "\\"):
                guard appendEscaped(to: &bytes) else { return nil }
            case 0..<0x20 where dialect == .encodingJSON: return nil
            default: bytes.append(byte)
            }
        }
        return nil
    }

    /// Reads what follows a backslash.
    private mutating func appendEscaped(to bytes: inout [UInt8]) -> Bool {
        guard index < text.count else { return false }
        let byte = text[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): return appendCodePoint(to: &bytes)
        default: return false
        }
        return true
    }

    /// Reads the digits behind `\u`, and a second escape when the first is a surrogate.
    private mutating func appendCodePoint(to bytes: inout [UInt8]) -> Bool {
        guard let first = fourHexDigits() else { return false }
        let isSurrogate = first & 0xF800 == 0xD800
        guard isSurrogate, index + 1 < text.count, text[index] == UInt8(ascii: "\\"),
            text[index + 1] == UInt8(ascii: "u")
        else {
            bytes.appendScalar(first)
            return true
        }
        let back = index
        index += 2
        guard let second = fourHexDigits() else { return false }
        if first < 0xDC00, second & 0xFC00 == 0xDC00 {
            bytes.appendScalar(0x10000 + (first & 0x3FF) << 10 + second & 0x3FF)
        } else {
            bytes.appendScalar(first)
            // json-iterator takes both escapes off at once; Go's package looks at the second one anew.
            if dialect == .encodingJSON { index = back } else { bytes.appendScalar(second) }
        }
        return true
    }

    private mutating func fourHexDigits() -> UInt32? {
        guard index + 4 <= text.count else { return nil }
        var value: UInt32 = 0
        for offset in 0..<4 {
            let byte = text[index + offset]
            guard byte.isHexDigit else { return nil }
            value = value << 4 | UInt32(byte.isDecimalDigit ? byte - UInt8(ascii: "0") : byte | 0x20 - 87)
        }
        index += 4
        return value
    }

    /// For Go's package: each byte that is not UTF-8 replaced by U+FFFD.
    private func cleaned(_ bytes: [UInt8]) -> [UInt8] {
        guard dialect == .encodingJSON else { return bytes }
        return Bytes.with(bytes) { view in
            if view.isUTF8 { return bytes }
            var result: [UInt8] = []
            var index = 0
            while index < view.count {
                let (scalar, length) = view.rune(at: index)
                result.appendScalar(scalar)
                index += length
            }
            return result
        }
    }
}
