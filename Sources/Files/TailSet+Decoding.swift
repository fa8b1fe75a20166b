import Entries
import Glibc

/// Reading files in another character set.
extension TailSet {
    func readEncoded(_ tail: Tail, _ file: OpenFile, _ decoder: LineDecoder) throws(SystemError) -> Reading {
        guard decoder.isReady(for: file) else { return .nothing }
        let count = try file.read(into: slab.start, count: slab.capacity, at: tail.position)
        if count == 0 || Int64(count) < tail.searched {
            guard case .success(let status) = FileStatus.of(file),
                status.size < tail.position + tail.searched
            else { return .nothing }
            return restart(tail, file)
        }
        if tail.before.count > 0, !tail.before.matches(file, at: tail.position - Int64(tail.before.count)) {
            return restart(tail, file)
        }
        var data = Bytes(slab.start, count: count)
        var isFull = count == slab.capacity
        if isFull, decoder.lineEnd(in: data, from: 0) == nil {
            guard let longer = try loadLongLine(tail, file, decoder) else { return .nothing }
            data = longer
            isFull = true
        }
        return decode(data, of: tail, file, decoder, hasMore: isFull)
    }

    /// Grows the slab until it holds a whole line, or as much as a line may have; nil when the line is still open.
    private func loadLongLine(_ tail: Tail, _ file: OpenFile, _ decoder: LineDecoder) throws(SystemError) -> Bytes? {
        var capacity = slab.capacity
        while capacity < options.longestLineBytes {
            capacity = min(capacity * 2, options.longestLineBytes)
            slab.grow(to: capacity)
            let count = try file.read(into: slab.start, count: capacity, at: tail.position)
            let data = Bytes(slab.start, count: count)
            if decoder.lineEnd(in: data, from: 0) != nil { return data }
            if count < capacity {
                tail.searched = Int64(count)
                return tail.isOpenLineDue ? data : nil
            }
        }
        // Longer than any line may be: it is given out in pieces of that length.
        tail.isOpenLineDue = true
        return Bytes(slab.start, count: slab.capacity)
    }

    private func decode(
        _ data: Bytes,
        of tail: Tail,
        _ file: OpenFile,
        _ decoder: LineDecoder,
        hasMore: Bool
    ) -> Reading {
        var text: [UInt8] = []
        var lines: [PendingLines.Line] = []
        var start = 0
        func add(upTo end: Int, next: Int, isOpen: Bool) {
            let from = text.count
            decoder.decode(data[start..<end], into: &text, isFirst: tail.position == 0 && start == 0)
            let skipped = max(0, text.count - from - lineLimit(of: tail))
            text.removeLast(skipped)
            lines.append(
                PendingLines.Line(
                    text: from..<text.count,
                    start: tail.position + Int64(start),
                    end: tail.position + Int64(next),
                    isOpen: isOpen,
                    skippedBytes: skipped
                )
            )
            start = next
        }
        while start < data.count, let end = decoder.lineEnd(in: data, from: start) {
            add(upTo: end - decoder.unit, next: end, isOpen: false)
        }
        if lines.isEmpty, tail.isOpenLineDue, data.count > 0 { add(upTo: data.count, next: data.count, isOpen: true) }
        let rest = data.count - start
        guard !lines.isEmpty else {
            if Int64(rest) > tail.searched { tail.hasGrown = true }
            tail.searched = Int64(rest)
            return .nothing
        }
        let skipped = lines.reduce(0) { $0 + $1.skippedBytes }
        if skipped > 0 { warn(tail, .lineTooLong, count: skipped) }
        let position = tail.position + Int64(start)
        tail.before = Fingerprint.before(position, in: file) ?? .none
        move(tail, to: position)
        tail.searched = hasMore ? 0 : Int64(rest)
        pendingLines.fill(tail.source, lines: lines, text: text)
        return pendingLines.take().map { .chunk($0, hasMore: hasMore) } ?? .nothing
    }
}
