/// A set of characters, written out as ranges so that no engine's idea of `\w` or `[:space:]` matters.
struct PatternClass {
    static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    static let spaces: [ClosedRange<UInt32>] = [0x09...0x0A, 0x0C...0x0D, 0x20...0x20]
    static let words: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    private static let last: UInt32 = 0x10FFFF

    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false

    /// POSIX classes, ASCII only.
    static func named(_ name: String) -> [ClosedRange<UInt32>]? {
        switch name {
        case "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A]
        case "alpha": [0x41...0x5A, 0x61...0x7A]
        case "ascii": [0x00...0x7F]
        case "blank": [0x09...0x09, 0x20...0x20]
        case "cntrl": [0x00...0x1F, 0x7F...0x7F]
        case "digit": digits
        case "graph": [0x21...0x7E]
        case "lower": [0x61...0x7A]
        case "print": [0x20...0x7E]
        case "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]
        case "space": [0x09...0x0D, 0x20...0x20]
        case "upper": [0x41...0x5A]
        case "word": words
        case "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66]
        default: nil
        }
    }

    /// All other characters.
    static func complement(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var others: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in merged(ranges) {
            if range.lowerBound > next { others.append(next...range.lowerBound - 1) }
            next = range.upperBound + 1
        }
        if next <= last { others.append(next...last) }
        return others
    }

    private static func merged(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let before = result.last, range.lowerBound <= before.upperBound + 1 {
                result[result.count - 1] = before.lowerBound...max(before.upperBound, range.upperBound)
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// Whether upper and lower case may matter.
    var hasLetters: Bool {
        ranges.contains { $0.overlaps(0x41...0x5A) || $0.overlaps(0x61...0x7A) || $0.upperBound > 0x7F }
    }

    /// `hasNamedPart`: a part came from a class with a name, which Go folds in its own way.
    func node(isFolded: Bool, hasNamedPart: Bool) -> PatternNode {
        let whole = Self.merged(ranges)
        let isEverything = whole == [0...Self.last]
        if isEverything { return isNegated ? .unknown : .atom(".") }
        var node = PatternNode()
        node.ascii = text(whole, last: 0x7F)
        node.utf8 = text(whole, last: Self.last)
        node.agreesBeyondASCII = !(isFolded && hasNamedPart)
        return node
    }

    private func text(_ ranges: [ClosedRange<UInt32>], last: UInt32) -> [UInt8] {
        let parts = ranges.filter { $0.lowerBound <= last }.map { $0.lowerBound...min($0.upperBound, last) }
        // Byte mode: 0xFF is in no text that is looked at, and an empty class would be a mistake.
        if parts.isEmpty { return Array((isNegated ? "." : #"[\xff]"#).utf8) }
        var text = isNegated ? "[^" : "["
        for part in parts {
            text += Self.escaped(part.lowerBound)
            if part.count > 1 { text += "-" + Self.escaped(part.upperBound) }
        }
        return Array((text + "]").utf8)
    }

    private static func escaped(_ value: UInt32) -> String {
        #"\x{"# + String(value, radix: 16) + "}"
    }
}
