import Entries

/// One character of a text, and how many bytes it takes.
struct UTF8Scalar {
    let value: UInt32
    let length: Int

    /// The character at `place`, which is before the end; nil when the bytes there are not well-formed (RFC 3629).
    init?(in text: Bytes, at place: Int) {
        let length = Self.length(in: text, at: place)
        guard length > 0 else { return nil }
        var value = UInt32(text[place])
        if length > 1 {
            value &= 0xFF >> UInt32(length + 1)
            for next in place + 1..<place + length { value = value << 6 | UInt32(text[next] & 0x3F) }
        }
        self.value = value
        self.length = length
    }

    /// Bytes of the character at `place`; 0 when they are not well-formed.
    static func length(in text: Bytes, at place: Int) -> Int {
        let first = text[place]
        let length: Int
        switch first {
        case 0..<0x80: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return 0
        }
        guard place + length <= text.count else { return 0 }
        // Of the second byte not every continuation is allowed: overlong forms, surrogates, over U+10FFFF.
        let second = text[place + 1]
        switch first {
        case 0xE0 where second < 0xA0, 0xED where second > 0x9F, 0xF0 where second < 0x90, 0xF4 where second > 0x8F:
            return 0
        default:
            return (1..<length).allSatisfy { text[place + $0] & 0xC0 == 0x80 } ? length : 0
        }
    }

    /// A letter or decimal digit in Unicode's sense, or an underscore.
    var isWordCharacter: Bool {
        guard let scalar = Unicode.Scalar(value) else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            return true
        default:
            return scalar == "_"
        }
    }
}
