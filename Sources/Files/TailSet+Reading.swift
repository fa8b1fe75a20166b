import CLinux
import Entries
import Glibc

/// Reading whole lines into the slab.
extension TailSet {
    /// What a look into one file gave.
    enum Reading {
        case chunk(Chunk, hasMore: Bool)
        case nothing
        /// Something has changed; look again.
        case again
    }

    /// The next lines of the file that waits longest; nil when no file has whole lines to read now.
    ///
    /// The bytes are valid until the next call.
    package func nextChunk(now: Int64) -> Chunk? {
        if let chunk = pendingLines.take() { return chunk }
        slab.shrink()
        var deferred = 0
        while deferred <= queuedCount, let tail = dequeue() {
            if let predecessor = tail.predecessor {
                if predecessor.isQueued && predecessor !== tail {
                    enqueue(tail)
                    deferred += 1
                    continue
                }
                if tails[predecessor.source] == nil { tail.predecessor = nil }
            }
            deferred = 0
            switch read(tail, now: now) {
            case .chunk(let chunk, let hasMore):
                // The open line of a rotated file was there before; it is no sign of life.
                if !chunk.isLastLineOpen { tail.hasGrown = true }
                if hasMore { enqueue(tail) }
                return chunk
            case .again: enqueue(tail)
            case .nothing:
                if tail.searched > 0 { openLineSeen(tail, now: now) }
            }
        }
        closeIdleFiles()
        return nil
    }

    private func read(_ tail: Tail, now: Int64) -> Reading {
        if tail.file == nil { reopen(tail) }
        guard let file = tail.file else {
            // Looked at again soon, as if it had changed.
            tail.modified = 0
            pollSoon(tail, now: now)
            return .nothing
        }
        touch(tail)
        if tail.emptyAt != nil {
            noteHead(of: tail, now: now)
            if let predecessor = tail.predecessor, predecessor.isQueued { return .again }
        }
        do throws(SystemError) {
            switch tail.content {
            case .plain: return try readPlain(tail, file)
            case .encoded(let decoder): return try readEncoded(tail, file, decoder)
            case .compressed(let reader): return try readCompressed(tail, file, reader, now: now)
            case .compressedRest(let reader): return try readCompressed(tail, file, reader, now: now)
            }
        } catch {
            warn(tail, .readError, reason: error.text)
            // A stale handle never recovers: the file is opened and read again at the next look.
            if !tail.tracker.hasLeft { closeFile(of: tail) }
            tail.modified = 0
            return .nothing
        }
    }

    // MARK: - Plain files

    private func readPlain(_ tail: Tail, _ file: OpenFile) throws(SystemError) -> Reading {
        // A long open line is not read again from its start for every piece that is added.
        if tail.searched >= Self.longOpenLine || Int(tail.searched) + tail.before.count >= slab.capacity {
            switch try searchNewline(of: tail, file) {
            case .found(let end): return try readLongLine(tail, file, end: end)
            case .notYet: return tail.isOpenLineDue ? try readOpenLine(tail, file) : .nothing
            case .cut: return restart(tail, file)
            case .later: return .again
            }
        }
        guard let (data, isFull) = try load(tail, file, capacity: slab.capacity) else { return restart(tail, file) }
        guard let newline = lastNewline(in: data) else {
            if Int64(data.count) > tail.searched { tail.hasGrown = true }
            tail.searched = Int64(data.count)
            if isFull { return .again }
            return tail.isOpenLineDue && !data.isEmpty ? try readOpenLine(tail, file) : .nothing
        }
        let lines = data[0..<(newline + 1)]
        if let cut = overlongLine(in: lines, limit: lineLimit(of: tail)) {
            if cut.lowerBound > 0 { return .chunk(advance(tail, over: lines[0..<cut.lowerBound]), hasMore: true) }
            return .chunk(try cutLine(tail, file, end: tail.position + Int64(cut.upperBound)), hasMore: true)
        }
        let rest = data.count - lines.count
        let chunk = advance(tail, over: lines)
        tail.searched = isFull ? 0 : Int64(rest)
        return .chunk(chunk, hasMore: isFull || tail.isOpenLineDue)
    }

    private static var longOpenLine: Int64 { 16 * 1024 }

    /// Fills the slab from the start of the next line on; nil when the file no longer holds what was read before.
    ///
    /// The bytes before the position are read along in the same call and compared with their fingerprint, so that a
    /// file that was cut, and has grown again even beyond the position, is noticed before a line of it is taken.
    private func load(_ tail: Tail, _ file: OpenFile, capacity: Int) throws(SystemError) -> (Bytes, isFull: Bool)? {
        let overlap = tail.before.count
        slab.grow(to: capacity)
        let count = try file.read(into: slab.start, count: slab.capacity, at: tail.position - Int64(overlap))
        guard count >= overlap, Fingerprint(slab.start, count: overlap) == tail.before else { return nil }
        if tail.position == 0, tail.head.count > 0, !tail.hasBeenRead {
            // Cut before anything was read of it?
            guard count >= tail.head.count, Fingerprint(slab.start, count: tail.head.count) == tail.head else {
                return nil
            }
            tail.hasBeenRead = true
        }
        if count == overlap, overlap == 0, tail.position > 0 {
            // Nothing is known about the content (a position that Promtail saved): the size has to do.
            if case .success(let status) = FileStatus.of(file), status.size < tail.position { return nil }
        }
        return (Bytes(slab.start + overlap, count: count - overlap), count == slab.capacity)
    }

    /// The chunk `lines`, which begin at the tail's position in the slab; the tail stands behind them afterwards.
    private func advance(_ tail: Tail, over lines: Bytes) -> Chunk {
        let start = tail.position
        let known = tail.before.count + lines.count
        let length = min(known, Fingerprint.maximumBytes)
        tail.before = Fingerprint(lines.end - length, count: length)
        move(tail, to: start + Int64(lines.count))
        return Chunk(
            source: tail.source,
            bytes: lines,
            startPosition: start,
            advance: .perByte,
            endPosition: tail.position
        )
    }

    /// Everything up to `position` was given out.
    func move(_ tail: Tail, to position: Int64) {
        tail.position = position
        tail.searched = 0
        tail.isOpenLineDue = false
        tail.size = max(tail.size, position)
        if tail.head.count < Fingerprint.maximumBytes, let file = tail.file, !tail.isCompressed {
            tail.head = Fingerprint.head(of: file, size: position) ?? tail.head
        }
    }

    // MARK: - Long lines

    private enum Search {
        /// Position after the newline.
        case found(Int64)
        case notYet
        case cut
        /// There is more to search, after other files had their turn.
        case later
    }

    /// Looks for a newline in what was added since the last time.
    private func searchNewline(of tail: Tail, _ file: OpenFile) throws(SystemError) -> Search {
        for _ in 0..<Self.slabsSearched {
            let from = tail.position + tail.searched
            let count = try file.read(into: slab.start, count: slab.capacity, at: from)
            if count == 0 {
                guard case .success(let status) = FileStatus.of(file), status.size < from else { return .notYet }
                return .cut
            }
            tail.hasGrown = true
            if let newline = Bytes(slab.start, count: count).firstIndex(of: UInt8(ascii: "\n")) {
                return .found(from + Int64(newline) + 1)
            }
            tail.searched += Int64(count)
        }
        return .later
    }

    /// A line without end must not hold up the other files.
    private static let slabsSearched = 64

    /// The bound on one line of `tail`, in bytes.
    func lineLimit(of tail: Tail) -> Int {
        let limit = tail.target.spec.maximumLineBytes
        return limit > 0 ? min(limit, options.longestLineBytes) : options.longestLineBytes
    }

    /// The line that ends with the newline before `end`, whole or cut.
    private func readLongLine(_ tail: Tail, _ file: OpenFile, end: Int64) throws(SystemError) -> Reading {
        let length = end - tail.position
        if length - 1 > Int64(lineLimit(of: tail)) {
            return .chunk(try cutLine(tail, file, end: end), hasMore: true)
        }
        guard let (data, _) = try load(tail, file, capacity: tail.before.count + Int(length)),
            data.count >= Int(length), data[Int(length) - 1] == UInt8(ascii: "\n")
        else { return restart(tail, file) }
        return .chunk(advance(tail, over: data[0..<Int(length)]), hasMore: true)
    }

    /// The first line of `lines` that is longer than `limit`, its newline included.
    func overlongLine(in lines: Bytes, limit: Int) -> Range<Int>? {
        guard lines.count > limit else { return nil }
        var start = 0
        while start < lines.count, let newline = lines.firstIndex(of: UInt8(ascii: "\n"), from: start) {
            if newline - start > limit { return start..<(newline + 1) }
            start = newline + 1
        }
        return nil
    }

    /// The beginning of the over-long line that ends at `end`; `isOpen`: without a newline.
    private func cutLine(
        _ tail: Tail,
        _ file: OpenFile,
        end: Int64,
        isOpen: Bool = false
    ) throws(SystemError) -> Chunk {
        let start = tail.position
        let whole = Int(end - start) - (isOpen ? 0 : 1)
        let wanted = min(whole, lineLimit(of: tail))
        slab.grow(to: wanted)
        let count = try file.read(into: slab.start, count: wanted, at: start)
        tail.before = Fingerprint.before(end, in: file) ?? .none
        move(tail, to: end)
        let skipped = whole - count
        if skipped > 0 { warn(tail, .lineTooLong, count: skipped) }
        return Chunk(
            source: tail.source,
            bytes: Bytes(slab.start, count: count),
            startPosition: start,
            advance: .atEnd,
            endPosition: end,
            isLastLineOpen: isOpen,
            skippedBytes: skipped
        )
    }

    /// The last line of a file that gets no newline any more.
    private func readOpenLine(_ tail: Tail, _ file: OpenFile) throws(SystemError) -> Reading {
        tail.isOpenLineDue = false
        guard tail.searched > 0 else { return .nothing }
        let end = tail.position + tail.searched
        return .chunk(try cutLine(tail, file, end: end, isOpen: true), hasMore: true)
    }

    // MARK: - Cut files

    /// The file was cut, as copytruncate does, or replaced in place: what it holds now is a new source.
    func restart(_ tail: Tail, _ file: OpenFile) -> Reading {
        guard case .success(let status) = FileStatus.of(file) else { return .nothing }
        events.append(.warning(TailWarning(.truncated, path: tail.label)))
        events.append(.finished(tail.source))
        let target = tail.target
        let isLeaving = tail.tracker.hasLeft
        let copy = copy(of: tail)
        let next = add(
            tail.path,
            for: target,
            status: status,
            file: file,
            start: LoadedPositions.Start(),
            phase: tail.tracker.phase
        )
        let pollAt = tail.pollAt
        // What is in flight is found again in the copy after a kill.
        tail.isReplaced = true
        tail.file = copy?.found.rest == nil ? copy?.found.file : nil
        retire(tail)
        if isLeaving {
            target.leaving = target.leaving.map { $0 === tail ? next : $0 }
        } else {
            target.occupants[next.path] = next
            index(next)
        }
        if let pollAt {
            next.pollAt = pollAt
            polled[next.source] = next
        }
        if let copy {
            let hasRest = copy.found.rest != nil || copy.found.status.size > tail.position
            let isRead = target.leaving.contains { $0.identity.isSame(as: copy.found.status.identity) }
            if hasRest && !isRead { resume(copy.found, record: copy.record, for: target, now: lastLook) }
            resumeMissed(after: copy.found, at: tail.label, for: target, now: lastLook)
        }
        enqueue(next)
        return .nothing
    }

    /// copytruncate leaves a copy: what was written between the last read and the cut stands there.
    private func copy(of tail: Tail) -> (found: RotatedFileSearch.Found, record: FileRecord)? {
        guard case .plain = tail.content else { return nil }
        let record = FileRecord(
            path: tail.path,
            identity: tail.identity,
            head: tail.head,
            before: tail.before,
            position: tail.position,
            isRotated: true
        )
        let search = RotatedFileSearch(record: record) { tail.target.matches($0) }
        return search.find().map { ($0, record) }
    }

    /// Index of the last newline.
    func lastNewline(in data: Bytes) -> Int? {
        guard let hit = clinux_find_last(data.start, data.count, UInt8(ascii: "\n")) else { return nil }
        return hit - data.start
    }
}
