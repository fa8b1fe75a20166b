extension PatternParser {
    /// `[...]`.
    mutating func parseClass() throws(LanguageError) -> PatternNode {
        let start = place
        place += 1
        var set = PatternClass()
        var hasNamedPart = false
        var isKnown = true
        if peek() == UInt8(ascii: "^") {
            set.isNegated = true
            place += 1
        }
        var isFirst = true
        while peek() != UInt8(ascii: "]") || isFirst {
            isFirst = false
            let isOpposite = peek(2) == UInt8(ascii: "^")
            if let ranges = try parseNamedClass() {
                set.ranges += ranges
                hasNamedPart = true
                // Go folds before it takes the opposite.
                if isOpposite && flags.contains(.fold) { isKnown = false }
            } else if peek() == UInt8(ascii: "\\"), let letter = peek(1), letter | 0x20 == UInt8(ascii: "p") {
                try parseUnicodeClass()
                isKnown = false
            } else if let ranges = parsePerlClass() {
                set.ranges += ranges
                hasNamedPart = true
            } else {
                let range = try parseRange(classStart: start)
                set.ranges.append(range)
                if range.upperBound > 0x7F && flags.contains(.fold) { isKnown = false }
            }
        }
        place += 1
        let isFolded = flags.contains(.fold)
        if set.hasLetters {
            if isFolded { hasFoldedLetters = true } else { hasPlainLetters = true }
        }
        return isKnown ? set.node(isFolded: isFolded, hasNamedPart: hasNamedPart) : .unknown
    }

    private mutating func parseRange(classStart: Int) throws(LanguageError) -> ClosedRange<UInt32> {
        let start = place
        let low = try parseClassCharacter(classStart: classStart)
        var high = low
        if peek() == UInt8(ascii: "-"), let next = peek(1), next != UInt8(ascii: "]") {
            place += 1
            high = try parseClassCharacter(classStart: classStart)
        }
        guard low <= high else { throw error("invalid character class range", start..<place) }
        return low.value...high.value
    }

    private mutating func parseClassCharacter(classStart: Int) throws(LanguageError) -> Unicode.Scalar {
        if peek() == UInt8(ascii: "\\") { return try parseEscape() }
        guard let scalar = nextScalar() else { throw error("missing closing ]", classStart..<source.count) }
        return scalar
    }

    /// `[:alpha:]` and the like inside of a class; nil when nothing of that shape is here.
    private mutating func parseNamedClass() throws(LanguageError) -> [ClosedRange<UInt32>]? {
        guard peek() == UInt8(ascii: "["), peek(1) == UInt8(ascii: ":") else { return nil }
        var end = place + 2
        while end + 1 < source.count, source[end] != UInt8(ascii: ":") || source[end + 1] != UInt8(ascii: "]") {
            end += 1
        }
        guard end + 1 < source.count else { return nil }
        let text = place..<end + 2
        var name = source[place + 2..<end]
        let isNegated = name.first == UInt8(ascii: "^")
        if isNegated { name = name.dropFirst() }
        guard let ranges = PatternClass.named(String(decoding: name, as: UTF8.self)) else {
            throw error("invalid character class range", text)
        }
        place = text.upperBound
        return isNegated ? PatternClass.complement(ranges) : ranges
    }
}
