extension PatternParser {
    /// Everything that begins with a backslash outside of a class.
    mutating func parseBackslash() throws(LanguageError) {
        let start = place
        switch peek(1) {
        case UInt8(ascii: "A"): takeTwo(.beginText)
        case UInt8(ascii: "z"): takeTwo(.zeroWidth(#"\z"#))
        case UInt8(ascii: "b"): takeTwo(.zeroWidth(#"\b"#))
        case UInt8(ascii: "B"): takeTwo(.zeroWidth(#"\B"#))
        case UInt8(ascii: "C"): throw error("invalid escape sequence", start..<start + 2)
        case UInt8(ascii: "Q"):
            place += 2
            while let scalar = nextQuoted() { pushLiteral(scalar) }
        case UInt8(ascii: "p"), UInt8(ascii: "P"):
            try parseUnicodeClass()
            push(.unknown)
        default:
            if let ranges = parsePerlClass() {
                var set = PatternClass()
                set.ranges = ranges
                push(set.node(isFolded: flags.contains(.fold), hasNamedPart: true))
            } else {
                pushLiteral(try parseEscape())
            }
        }
    }

    private mutating func takeTwo(_ node: PatternNode) {
        place += 2
        push(node)
    }

    /// The next character before `\E`; steps over that.
    private mutating func nextQuoted() -> Unicode.Scalar? {
        if peek() == UInt8(ascii: "\\") && peek(1) == UInt8(ascii: "E") {
            place += 2
            return nil
        }
        return nextScalar()
    }

    /// `\d`, `\s`, `\w` and their opposites, all ASCII; nil for anything else.
    mutating func parsePerlClass() -> [ClosedRange<UInt32>]? {
        guard peek() == UInt8(ascii: "\\"), let letter = peek(1) else { return nil }
        let ranges: [ClosedRange<UInt32>]
        switch letter | 0x20 {
        case UInt8(ascii: "d"): ranges = PatternClass.digits
        case UInt8(ascii: "s"): ranges = PatternClass.spaces
        case UInt8(ascii: "w"): ranges = PatternClass.words
        default: return nil
        }
        place += 2
        return letter & 0x20 == 0 ? PatternClass.complement(ranges) : ranges
    }

    /// Steps over `\pL`, `\p{Name}` and the like; RE2 knows the names.
    mutating func parseUnicodeClass() throws(LanguageError) {
        let start = place
        place += 2
        let first = nextScalar()
        if first == "{" {
            guard let end = source[place...].firstIndex(of: UInt8(ascii: "}")) else {
                throw error("invalid character class range", start..<source.count)
            }
            place = end + 1
        }
        guard first != nil, PatternEngines.compiles(source[start..<place]) else {
            throw error("invalid character class range", start..<place)
        }
    }

    /// An escape that stands for one character.
    mutating func parseEscape() throws(LanguageError) -> Unicode.Scalar {
        let start = place
        place += 1
        guard let letter = nextScalar() else {
            let end = source.count
            throw error("trailing backslash at end of expression", end..<end)
        }
        switch letter {
        case "a": return "\u{7}"
        case "f": return "\u{C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{B}"
        case "x": if let scalar = parseHexadecimal() { return scalar }
        case "0": return parseOctal(0)
        case "1"..."7":
            // One digit alone would be a back reference.
            if let next = peek(), (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(next) {
                return parseOctal(letter.value - 0x30)
            }
        default:
            if letter.isASCII && !(letter.properties.isAlphabetic || letter.properties.numericType != nil) {
                return letter
            }
        }
        throw error("invalid escape sequence", start..<place)
    }

    private mutating func parseOctal(_ first: UInt32) -> Unicode.Scalar {
        var value = first
        for _ in 0..<2 {
            guard let next = peek(), (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(next) else { break }
            value = 8 * value + UInt32(next - UInt8(ascii: "0"))
            place += 1
        }
        return Unicode.Scalar(value) ?? "\0"
    }

    private mutating func parseHexadecimal() -> Unicode.Scalar? {
        guard let first = nextScalar() else { return nil }
        guard first == "{" else {
            guard let high = first.hexadecimal, let low = nextScalar()?.hexadecimal else { return nil }
            return Unicode.Scalar(16 * high + low)
        }
        var value: UInt32 = 0
        var digits = 0
        while let scalar = nextScalar() {
            if scalar == "}" { return digits > 0 ? Unicode.Scalar(value) : nil }
            guard let digit = scalar.hexadecimal else { return nil }
            value = 16 * value + digit
            guard value <= 0x10FFFF else { return nil }
            digits += 1
        }
        return nil
    }
}

extension Unicode.Scalar {
    fileprivate var hexadecimal: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x61 + 10
        case "A"..."F": value - 0x41 + 10
        default: nil
        }
    }
}
