extension GoQuoting {
    /// The bytes that the double-quoted Go literal `text`, quotes included, stands for.
    ///
    /// Knows every escape of `strconv.Unquote`. Throws `invalid syntax` at the byte where the text stops being a literal.
    package static func unquote(_ text: String) throws(LanguageError) -> [UInt8] {
        var reader = LiteralReader(bytes: Array(text.utf8))
        return try reader.read()
    }

    /// Reads one literal from front to back.
    private struct LiteralReader {
        let bytes: [UInt8]
        var position = 0

        mutating func read() throws(LanguageError) -> [UInt8] {
            guard next() == UInt8(ascii: "\"") else { throw mistake(at: 0) }
            var output: [UInt8] = []
            output.reserveCapacity(bytes.count)
            while true {
                let start = position
                guard let byte = next() else { throw mistake(at: start) }
                switch byte {
                case UInt8(ascii: "\""):
                    guard position == bytes.count else { throw mistake(at: position) }
                    return output
                case UInt8(ascii: "\n"): throw mistake(at: start)
                case UInt8(ascii: "\\"): try readEscape(from: start, into: &output)
                default: output.append(byte)
                }
            }
        }

        private mutating func readEscape(from start: Int, into output: inout [UInt8]) throws(LanguageError) {
            guard let letter = next() else { throw mistake(at: start) }
            switch letter {
            case UInt8(ascii: "a"): output.append(0x07)
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "v"): output.append(0x0B)
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): output.append(letter)
            case UInt8(ascii: "x"):
                output.append(UInt8(try number(digits: 2, radix: 16, from: start)))
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                position -= 1
                guard let byte = UInt8(exactly: try number(digits: 3, radix: 8, from: start)) else {
                    throw mistake(at: start)
                }
                output.append(byte)
            case UInt8(ascii: "u"), UInt8(ascii: "U"):
                let digits = letter == UInt8(ascii: "u") ? 4 : 8
                guard let scalar = Unicode.Scalar(try number(digits: digits, radix: 16, from: start)) else {
                    throw mistake(at: start)
                }
                output.append(contentsOf: String(Character(scalar)).utf8)
            default: throw mistake(at: start)
            }
        }

        /// At most 8 hexadecimal digits, so that 32 bits hold the value.
        private mutating func number(digits: Int, radix: UInt32, from start: Int) throws(LanguageError) -> UInt32 {
            var value: UInt32 = 0
            for _ in 0..<digits {
                guard let byte = next(), let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else {
                    throw mistake(at: start)
                }
                value = value * radix + UInt32(digit)
            }
            return value
        }

        private mutating func next() -> UInt8? {
            guard position < bytes.count else { return nil }
            position += 1
            return bytes[position - 1]
        }

        private func mistake(at offset: Int) -> LanguageError { LanguageError("invalid syntax", at: offset) }
    }
}
