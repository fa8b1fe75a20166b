extension YAMLNode {
    /// Where the byte at `offset` of a scalar's text stands in the file.
    ///
    /// The scalar's own place when that is not certain. Follows quotes, escapes and the indentation of literal blocks;
    /// text folded over several lines is not followed.
    package func position(atByte offset: Int) -> YAMLPosition {
        guard let scalar, offset > 0 else { return position }
        let raw = source.scalars[range.clamped(to: 0..<source.scalars.count)]
        let index: Int?
        switch scalar.style {
        case .plain: index = Self.index(in: raw, atByte: offset) { _ in 1 }
        case .singleQuoted:
            index = Self.index(in: raw.dropFirst(), atByte: offset) { $0.starts(with: ["'", "'"]) ? 2 : 1 }
        case .doubleQuoted: index = Self.index(in: raw.dropFirst(), atByte: offset, Self.escapedWidth)
        case .literal: index = Self.literalIndex(in: raw, text: scalar.text, atByte: offset)
        case .folded: index = nil
        }
        return index.map { source.position(at: $0) } ?? position
    }

    /// Steps through a scalar on one line; `width` is how many written scalars stand for the next one of the text.
    private static func index(
        in raw: ArraySlice<Unicode.Scalar>,
        atByte offset: Int,
        _ width: (ArraySlice<Unicode.Scalar>) -> Int
    ) -> Int? {
        var rest = raw
        var bytes = 0
        while bytes < offset, let first = rest.first {
            if SourceLines.isBreak(first) { return nil }
            let step = width(rest)
            bytes += step == 1 ? UTF8.width(first) : 1
            rest = rest.dropFirst(step)
        }
        return rest.startIndex
    }

    private static func escapedWidth(_ rest: ArraySlice<Unicode.Scalar>) -> Int {
        guard rest.first == "\\", let kind = rest.dropFirst().first else { return 1 }
        switch kind {
        case "x": return 4
        case "u": return 6
        case "U": return 10
        default: return 2
        }
    }

    private static func literalIndex(in raw: ArraySlice<Unicode.Scalar>, text: String, atByte offset: Int) -> Int? {
        guard let headerEnd = raw.firstIndex(where: SourceLines.isBreak) else { return nil }
        var index = headerEnd + 1
        let firstText = text.unicodeScalars.prefix { !SourceLines.isBreak($0) }
        let lineEnd = raw[index...].firstIndex(where: SourceLines.isBreak) ?? raw.endIndex
        // The rest of the first line is text, so what precedes it is the block's indentation.
        let indentation = lineEnd - index - firstText.count
        guard indentation >= 0, !firstText.isEmpty else { return nil }
        index += indentation
        var bytes = 0
        while bytes < offset, index < raw.endIndex {
            bytes += UTF8.width(raw[index])
            index += SourceLines.isBreak(raw[index]) ? 1 + indentation : 1
        }
        return min(index, raw.endIndex)
    }
}
