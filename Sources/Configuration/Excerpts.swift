/// Shows lines of a configuration file under a mistake, with whatever may be secret hidden.
struct Excerpts {
    /// Columns left of the bar, without the space before it.
    static let gutter = 5
    /// Longest part of a line that is shown, in scalars.
    private static let widest = 120
    private static let hidden = Array("<hidden>".unicodeScalars)

    private let lines: [[Unicode.Scalar]]

    init(_ source: String) { lines = SourceLines.split(source) }

    /// The line at `position` with `length` scalars underlined; empty when the file has no such line.
    func excerpt(at position: YAMLPosition, length: Int) -> String {
        guard position.line >= 1, position.line <= lines.count else { return "" }
        var shown = lines[position.line - 1]
        var start = min(position.column - 1, shown.count)
        var end = start + min(max(1, length), max(1, shown.count - start))
        for range in secrets(inLine: position.line - 1).reversed() {
            shown.replaceSubrange(range, with: Self.hidden)
            start = Self.moved(start, over: range, isEnd: false)
            end = max(start + 1, Self.moved(end, over: range, isEnd: true))
        }
        if shown.count > Self.widest {
            let from = max(0, min(start - Self.widest / 3, shown.count - Self.widest))
            shown = Array(shown[from..<min(shown.count, from + Self.widest)])
            start -= from
            end = max(start + 1, min(end - from, shown.count))
            if from > 0, let first = shown.indices.first { shown[first] = "…" }
        }
        let text = String(
            String.UnicodeScalarView(shown.map { $0.properties.isWhitespace || Self.isControl($0) ? " " : $0 })
        )
        let number = String(position.line)
        let margin = String(repeating: " ", count: max(0, Self.gutter - number.count))
        let bar = String(repeating: " ", count: max(Self.gutter, number.count))
        let caret = String(repeating: " ", count: start) + "^" + String(repeating: "~", count: end - start - 1)
        return "\(margin)\(number) | \(text)\n\(bar) | \(caret)\n"
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func moved(_ index: Int, over range: Range<Int>, isEnd: Bool) -> Int {
        if index <= range.lowerBound { return index }
        if index >= range.upperBound { return index + hidden.count - range.count }
        return isEnd ? range.lowerBound + hidden.count : range.lowerBound
    }

    /// What may be secret in a line, in order and without overlap.
    ///
    /// Looks at the text, not the parsed tree, because a file that does not parse is shown too.
    private func secrets(inLine index: Int) -> [Range<Int>] {
        let line = lines[index]
        let parents = parentKeys(ofLine: index)
        if SecretKeys.hidesWholeLine(line, parents: parents) {
            let indentation = line.prefix { $0 == " " }.count
            return line.count > indentation ? [indentation..<line.count] : []
        }
        var ranges: [Range<Int>] = []
        if let value = SecretKeys.firstValue(in: line, parents: parents) { ranges.append(value) }
        let limit = ranges.first?.lowerBound ?? line.count
        if let user = SecretKeys.userInformation(in: line), user.upperBound <= limit { ranges.insert(user, at: 0) }
        return ranges
    }

    /// Keys of the lines that this line is nested in, innermost first.
    private func parentKeys(ofLine index: Int) -> [String] {
        var keys: [String] = []
        var indentation = lines[index].prefix { $0 == " " }.count
        for line in lines[..<index].reversed() where indentation > 0 {
            let spaces = line.prefix { $0 == " " }.count
            guard spaces < line.count, spaces < indentation, line[spaces] != "#" else { continue }
            indentation = spaces
            if let key = SecretKeys.key(atStartOf: line[spaces...]) { keys.append(key) }
        }
        return keys
    }
}
