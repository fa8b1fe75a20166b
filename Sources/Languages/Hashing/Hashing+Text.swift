// Bytes as text: hexadecimal and base64.
extension Hashing {
    /// Lower-case hexadecimal.
    package static func hex(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return text
    }

    /// Base64 of RFC 4648 section 4, padded.
    package static func base64(_ bytes: [UInt8]) -> [UInt8] {
        encode(bytes, base64Alphabet, bits: 6, group: 4)
    }

    /// Base32 of RFC 4648 section 6, padded.
    package static func base32(_ bytes: [UInt8]) -> [UInt8] {
        encode(bytes, base32Alphabet, bits: 5, group: 8)
    }

    /// The bytes behind padded base64; CR and LF are passed over, as in Go.
    ///
    /// A failure carries the index of the first byte that cannot stand where it does, as Go counts it.
    package static func decodeBase64(_ text: [UInt8]) -> Result<[UInt8], EncodingMistake> {
        decode(text, base64Alphabet, bits: 6, group: 4)
    }

    /// The same for padded base32.
    package static func decodeBase32(_ text: [UInt8]) -> Result<[UInt8], EncodingMistake> {
        decode(text, base32Alphabet, bits: 5, group: 8)
    }

    /// Where a text stops being base64 or base32.
    package struct EncodingMistake: Error, Equatable {
        package let offset: Int
    }

    private static let base64Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let base32Alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let padding = UInt8(ascii: "=")

    private static func encode(_ bytes: [UInt8], _ alphabet: [UInt8], bits: Int, group: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 8 + bits - 1) / bits + group)
        var held = 0
        var pending: UInt32 = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            held += 8
            while held >= bits {
                held -= bits
                text.append(alphabet[Int(pending >> UInt32(held)) & ((1 << bits) - 1)])
            }
        }
        if held > 0 { text.append(alphabet[Int(pending << UInt32(bits - held)) & ((1 << bits) - 1)]) }
        while text.count % group != 0 { text.append(padding) }
        return text
    }

    private static func decode(
        _ text: [UInt8],
        _ alphabet: [UInt8],
        bits: Int,
        group: Int
    ) -> Result<[UInt8], EncodingMistake> {
        var reverse = [Int](repeating: -1, count: 256)
        for (value, letter) in alphabet.enumerated() { reverse[Int(letter)] = value }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * bits / 8)
        var held = 0
        var pending: UInt32 = 0
        var digits = 0
        var index = 0
        while index < text.count {
            let letter = text[index]
            if letter == UInt8(ascii: "\n") || letter == UInt8(ascii: "\r") {
                index += 1
                continue
            }
            let value = reverse[Int(letter)]
            if value < 0 {
                guard letter == padding, digits % group * bits % 8 < bits, digits % group != 0 else {
                    return .failure(EncodingMistake(offset: index))
                }
                return finish(bytes, text, at: index, missing: group - digits % group)
            }
            pending = pending << UInt32(bits) | UInt32(value)
            held += bits
            digits += 1
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> UInt32(held)))
            }
            index += 1
        }
        return digits % group == 0 ? .success(bytes) : .failure(EncodingMistake(offset: index - digits % group))
    }

    /// Checks that exactly `missing` padding characters, and nothing else, end the text.
    private static func finish(
        _ bytes: [UInt8],
        _ text: [UInt8],
        at start: Int,
        missing: Int
    ) -> Result<[UInt8], EncodingMistake> {
        var left = missing
        for index in start..<text.count {
            if text[index] == UInt8(ascii: "\n") || text[index] == UInt8(ascii: "\r") { continue }
            guard left > 0, text[index] == padding else { return .failure(EncodingMistake(offset: index)) }
            left -= 1
        }
        return left == 0 ? .success(bytes) : .failure(EncodingMistake(offset: text.count))
    }
}
