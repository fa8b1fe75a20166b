import Entries
import Glibc

/// Decoded lines that wait to be given out one by one, because their length says nothing about positions in the file.
struct PendingLines {
    struct Line {
        var text: Range<Int>
        var start: Int64
        var end: Int64
        var isOpen = false
        var skippedBytes = 0
    }

    private var source = SourceID(rawValue: 0)
    private var lines: [Line] = []
    private var next = 0
    /// The text of the lines, and readable bytes behind it.
    private let text = Slab(capacity: 64 * 1024)

    mutating func fill(_ source: SourceID, lines: [Line], text bytes: [UInt8]) {
        self.source = source
        self.lines = lines
        next = 0
        text.shrink()
        text.grow(to: bytes.count)
        text.start.update(from: bytes, count: bytes.count)
    }

    mutating func take() -> Chunk? {
        guard next < lines.count else { return nil }
        let line = lines[next]
        next += 1
        return Chunk(
            source: source,
            bytes: Bytes(text.start + line.text.lowerBound, count: line.text.count),
            startPosition: line.start,
            advance: .atEnd,
            endPosition: line.end,
            isLastLineOpen: line.isOpen,
            skippedBytes: line.skippedBytes
        )
    }
}
