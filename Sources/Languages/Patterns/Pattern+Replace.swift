package import Entries

// Which matches follow each other is Go's rule, and Go has two: replacing and finding treat empty matches differently.
extension Pattern {
    /// Every match replaced by the expanded `template`, as Go's `ReplaceAll`.
    package func replaceAll(in text: Bytes, template: Bytes) -> [UInt8] {
        replaceAll(in: text) { output in expand(template, in: text, into: &output) }
    }

    /// Every match replaced by `replacement` as it stands, as Go's `ReplaceAllLiteral`.
    package func replaceAllLiteral(in text: Bytes, with replacement: Bytes) -> [UInt8] {
        replaceAll(in: text) { output in output.append(contentsOf: replacement.buffer) }
    }

    /// How far a search for all matches of one text has come.
    package struct Search {
        var from = 0
        var previousEnd = -1

        package init() {}
    }

    /// Finds the next match, none overlapping with those before, as Go's `FindAllSubmatchIndex` does.
    package func nextMatch(in text: Bytes, _ search: inout Search) -> Bool {
        while search.from <= text.count, firstMatch(in: text, from: search.from), let match = captureRange(0) {
            let isEmpty = match.upperBound == search.from
            // An empty match right after a match is not one more.
            let isRepeated = isEmpty && match.lowerBound == search.previousEnd
            search.previousEnd = match.upperBound
            search.from = isEmpty ? match.upperBound + Self.step(in: text, at: match.upperBound) : match.upperBound
            if !isRepeated { return true }
        }
        return false
    }

    /// The matches in order, none overlapping, as Go's `FindAllIndex`; a negative `limit` means all of them.
    package func findAll(in text: Bytes, limit: Int) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var search = Search()
        while limit < 0 || found.count < limit, nextMatch(in: text, &search), let match = captureRange(0) {
            found.append(match)
        }
        return found
    }

    /// The parts between the matches, as Go's `Split`: at most `limit` parts, all of them when it is negative.
    package func split(_ text: Bytes, limit: Int) -> [Range<Int>] {
        if limit == 0 { return [] }
        if !expression.isEmpty && text.isEmpty { return [0..<0] }
        var parts: [Range<Int>] = []
        var begin = 0
        var end = 0
        for match in findAll(in: text, limit: limit) {
            if limit > 0 && parts.count == limit - 1 { break }
            end = match.lowerBound
            if match.upperBound != 0 { parts.append(begin..<end) }
            begin = match.upperBound
        }
        if end != text.count { parts.append(begin..<text.count) }
        return parts
    }

    private func replaceAll(in text: Bytes, by append: (inout [UInt8]) -> Void) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count)
        var copied = 0
        var from = 0
        while from <= text.count, firstMatch(in: text, from: from), let match = captureRange(0) {
            output.append(contentsOf: text[copied..<match.lowerBound].buffer)
            // Not for an empty match right after a match: a pattern that can be empty would replace twice.
            if match.upperBound > copied || match.lowerBound == 0 { append(&output) }
            copied = match.upperBound
            from = max(from + Self.step(in: text, at: from), match.upperBound)
        }
        output.append(contentsOf: text[copied..<text.count].buffer)
        return output
    }

    /// Bytes of the character at `place`: 1 for a damaged byte, and at the end, so that a search always moves on.
    private static func step(in text: Bytes, at place: Int) -> Int {
        place < text.count ? max(1, UTF8Scalar.length(in: text, at: place)) : 1
    }
}

extension Bytes {
    fileprivate var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
}
