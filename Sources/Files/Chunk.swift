package import Entries

/// Whole lines of one source, in the slab of a ``TailSet``: valid until its next call of `nextChunk`.
package struct Chunk {
    /// How positions follow from the bytes.
    package enum Advance: Equatable, Sendable {
        /// Every line ends with a newline; the position after it is `startPosition` + its end's index in `bytes`.
        case perByte
        /// Every line ends with a newline; positions count lines: the position after the *n*th is `startPosition` +
        /// *n*.
        case perLine
        /// `bytes` is exactly one line, without a newline; the position after it is `endPosition`.
        case atEnd
    }

    package let source: SourceID
    /// The lines.
    ///
    /// At least 64 readable bytes follow them.
    package let bytes: Bytes
    /// Position of the first byte.
    package let startPosition: Int64
    package let advance: Advance
    /// Position after the last line.
    package let endPosition: Int64
    /// The last line of a file that is gone, which has no newline and gets none any more.
    package let isLastLineOpen: Bool
    /// Bytes of over-long lines that were left out.
    package let skippedBytes: Int

    package init(
        source: SourceID,
        bytes: Bytes,
        startPosition: Int64,
        advance: Advance,
        endPosition: Int64,
        isLastLineOpen: Bool = false,
        skippedBytes: Int = 0
    ) {
        self.source = source
        self.bytes = bytes
        self.startPosition = startPosition
        self.advance = advance
        self.endPosition = endPosition
        self.isLastLineOpen = isLastLineOpen
        self.skippedBytes = skippedBytes
    }
}
