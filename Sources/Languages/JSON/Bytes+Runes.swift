import Entries

extension Bytes {
    /// The code point at `index` and the bytes it takes; U+FFFD and 1 where no well-formed one begins, as in Go.
    func rune(at index: Int) -> (value: UInt32, length: Int) {
        guard let found = scalar(at: index) else { return (0xFFFD, 1) }
        return (found.scalar.value, found.width)
    }

    /// How many code points there are, each byte that is not UTF-8 counting as one.
    var runeCount: Int {
        var index = 0
        var result = 0
        while index < count {
            index += rune(at: index).length
            result += 1
        }
        return result
    }
}

extension [UInt8] {
    /// Appends a code point as UTF-8; a surrogate as U+FFFD.
    mutating func appendScalar(_ value: UInt32) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
