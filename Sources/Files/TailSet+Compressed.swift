import Entries
import Glibc

/// Reading compressed files, a slab of content at a time.
extension TailSet {
    func readCompressed(
        _ tail: Tail,
        _ file: OpenFile,
        _ reader: CompressedReader,
        now: Int64
    ) throws(SystemError) -> Reading {
        if reader.isClosed || isTooEarly(tail, now: now) { return .nothing }
        let limit = lineLimit(of: tail)
        var filled = reader.carried.count
        slab.grow(to: filled + options.slabBytes)
        slab.start.update(from: reader.carried, count: filled)
        reader.carried = []
        while true {
            let got = try reader.read(from: file, into: slab.start + filled, capacity: slab.capacity - filled)
            filled += dropSkippedLines(reader, from: filled, count: got)
            if let newline = lastNewline(in: Bytes(slab.start, count: filled)) {
                return .chunk(give(tail, reader, lines: newline + 1, filled: filled, limit: limit), hasMore: true)
            }
            if reader.isDone { return end(tail, reader, filled: filled, limit: limit) }
            if got == 0 {
                reader.carried = Bytes(slab.start, count: filled).array
                return .nothing
            }
            if filled > limit {
                reader.skippedBytes += filled - limit
                filled = limit
            }
            if filled == slab.capacity { slab.grow(to: slab.capacity * 2, keeping: filled) }
        }
    }

    /// Whether the initial delay is not over.
    private func isTooEarly(_ tail: Tail, now: Int64) -> Bool {
        guard let delay = tail.target.spec.decompression?.initialDelay.nanoseconds, delay > 0 else { return false }
        let start = tail.firstRead ?? now
        tail.firstRead = start
        tail.isDelayed = now - start < delay
        guard tail.isDelayed else { return false }
        tail.pollAt = start.addingClamped(delay)
        polled[tail.source] = tail
        return true
    }

    /// Removes lines that an earlier run has read; says how many of `count` new bytes stay.
    private func dropSkippedLines(_ reader: CompressedReader, from start: Int, count: Int) -> Int {
        guard reader.linesToSkip > 0, count > 0 else { return count }
        let bytes = Bytes(slab.start + start, count: count)
        var kept = 0
        while reader.linesToSkip > 0 {
            guard let newline = bytes.firstIndex(of: UInt8(ascii: "\n"), from: kept) else { return 0 }
            kept = newline + 1
            reader.linesToSkip -= 1
        }
        memmove(slab.start + start, slab.start + start + kept, count - kept)
        return count - kept
    }

    /// The first `lines` bytes of the slab as a chunk; what follows them is kept for the next one.
    private func give(_ tail: Tail, _ reader: CompressedReader, lines: Int, filled: Int, limit: Int) -> Chunk {
        var whole = Bytes(slab.start, count: lines)
        let cut = reader.skippedBytes > 0 ? 0..<lineLength(whole) : overlongLine(in: whole, limit: limit)
        if let cut, cut.lowerBound == 0 {
            reader.carried = Bytes(slab.start + cut.upperBound, count: filled - cut.upperBound).array
            return giveCut(tail, reader, length: cut.upperBound - 1, limit: limit, hasNewline: true)
        }
        if let cut { whole = whole[0..<cut.lowerBound] }
        reader.carried = Bytes(slab.start + whole.count, count: filled - whole.count).array
        let start = tail.position
        guard case .compressed = tail.content else {
            let length = min(whole.count, Fingerprint.maximumBytes)
            tail.before = Fingerprint(whole.end - length, count: length)
            move(tail, to: start + Int64(whole.count))
            return Chunk(
                source: tail.source,
                bytes: whole,
                startPosition: start,
                advance: .perByte,
                endPosition: tail.position
            )
        }
        let (bytes, count) = dropCarriageReturns(whole)
        move(tail, to: start + Int64(count))
        return Chunk(
            source: tail.source,
            bytes: bytes,
            startPosition: start,
            advance: .perLine,
            endPosition: tail.position
        )
    }

    private func lineLength(_ lines: Bytes) -> Int {
        lines.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? lines.count
    }

    /// The first line of the slab, `length` bytes without its newline, as far as it may be long.
    private func giveCut(
        _ tail: Tail,
        _ reader: CompressedReader,
        length: Int,
        limit: Int,
        hasNewline: Bool
    ) -> Chunk {
        let start = tail.position
        let skipped = reader.skippedBytes + max(0, length - limit)
        reader.skippedBytes = 0
        var count = min(length, limit)
        if case .compressed = tail.content {
            if skipped == 0, count > 0, slab.start[count - 1] == UInt8(ascii: "\r") { count -= 1 }
            move(tail, to: start + 1)
        } else {
            tail.before = .none
            move(tail, to: start + Int64(length + skipped - max(0, length - limit)) + (hasNewline ? 1 : 0))
        }
        if skipped > 0 { warn(tail, .lineTooLong, count: skipped) }
        return Chunk(
            source: tail.source,
            bytes: Bytes(slab.start, count: count),
            startPosition: start,
            advance: .atEnd,
            endPosition: tail.position,
            isLastLineOpen: !hasNewline,
            skippedBytes: skipped
        )
    }

    /// Nothing more can be decompressed: the last line, if it has no newline.
    private func end(_ tail: Tail, _ reader: CompressedReader, filled: Int, limit: Int) -> Reading {
        if reader.state == .damaged { warn(tail, .damagedArchive) }
        reader.close()
        guard filled > 0, reader.linesToSkip == 0 else { return .nothing }
        return .chunk(giveCut(tail, reader, length: filled, limit: limit, hasNewline: false), hasMore: false)
    }

    /// Promtail removes one carriage return at the end of each line of a compressed file.
    ///
    /// In place; also counts lines.
    private func dropCarriageReturns(_ lines: Bytes) -> (Bytes, count: Int) {
        var count = 0
        var read = 0
        var written = 0
        while read < lines.count {
            let end = lines.firstIndex(of: UInt8(ascii: "\n"), from: read) ?? lines.count - 1
            count += 1
            let hasReturn = end > read && lines[end - 1] == UInt8(ascii: "\r")
            let length = end - read - (hasReturn ? 1 : 0)
            if written != read { memmove(slab.start + written, slab.start + read, length) }
            slab.start[written + length] = UInt8(ascii: "\n")
            written += length + 1
            read = end + 1
        }
        return (Bytes(slab.start, count: written), count)
    }
}
