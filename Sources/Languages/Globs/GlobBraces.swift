/// Turns a pattern with `{a,b}` into the patterns without braces that it stands for.
enum GlobBraces {
    /// All alternatives from left to right; throws when a brace does not end or there are more than `limit`.
    static func expand(_ pattern: [UInt8], limit: Int) throws(LanguageError) -> [[UInt8]] {
        var results: [[UInt8]] = []
        // Texts still to be searched for a brace, from an index on; the last is next.
        var pending = [(text: pattern, from: 0)]
        while let (text, from) = pending.popLast() {
            guard let open = try firstBrace(in: text, from: from) else {
                results.append(text)
                continue
            }
            let choices = try choices(in: text, after: open)
            guard results.count + pending.count + choices.ranges.count <= limit else {
                throw LanguageError("pattern has more than \(limit) alternatives", at: open)
            }
            for range in choices.ranges.reversed() {
                pending.append((Array(text[..<open] + text[range] + text[(choices.close + 1)...]), open))
            }
        }
        return results
    }

    /// The first `{` that is neither escaped nor in a class.
    private static func firstBrace(in text: [UInt8], from start: Int) throws(LanguageError) -> Int? {
        var index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\\"): index += 2
            case UInt8(ascii: "["): index = try GlobElement.classEnd(in: text[...], from: index) + 1
            case UInt8(ascii: "{"): return index
            case UInt8(ascii: "}"):
                throw LanguageError("syntax error in pattern", at: index, help: "write \\} for a brace")
            default: index += 1
            }
        }
        return nil
    }

    /// The texts between a brace and its partner, cut at commas that are in no inner brace.
    private static func choices(
        in text: [UInt8],
        after open: Int
    ) throws(LanguageError) -> (ranges: [Range<Int>], close: Int) {
        var ranges: [Range<Int>] = []
        var depth = 0
        var start = open + 1
        var index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}") where depth > 0: depth -= 1
            case UInt8(ascii: "}"):
                ranges.append(start..<index)
                return (ranges, index)
            case UInt8(ascii: ",") where depth == 0:
                ranges.append(start..<index)
                start = index + 1
            default: break
            }
            index += 1
        }
        throw LanguageError("syntax error in pattern", at: open, help: "close the brace, or write \\{")
    }
}
