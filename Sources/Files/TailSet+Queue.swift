/// What is to be read next, what is open, and which paths lead to which tail.
extension TailSet {
    func newSource() -> SourceID {
        lastSource += 1
        return SourceID(rawValue: lastSource)
    }

    /// `tail` may have something to read.
    func enqueue(_ tail: Tail) {
        guard !tail.isQueued, tails[tail.source] != nil else { return }
        tail.isQueued = true
        queue.append(tail)
        // Opened now and not when it is read: the file may be rotated or removed before the output takes more.
        if tail.file == nil { reopen(tail) }
    }

    func dequeue() -> Tail? {
        while queueStart < queue.count {
            let tail = queue[queueStart]
            queueStart += 1
            if queueStart == queue.count || queueStart > 1024 {
                queue.removeFirst(queueStart)
                queueStart = 0
            }
            tail.isQueued = false
            if tails[tail.source] != nil { return tail }
        }
        return nil
    }

    var queuedCount: Int { queue.count - queueStart }

    // MARK: - Open files

    /// Opens the file of `tail` again if its path still leads to it.
    func reopen(_ tail: Tail) {
        guard hasDescriptor() else { return }
        switch OpenFile.open(tail.path) {
        case .success(let file):
            guard case .success(let status) = FileStatus.of(file), status.identity.isSame(as: tail.identity) else {
                return
            }
            tail.warned.remove(.unreadable)
            hold(file, for: tail)
        case .failure(let error):
            if !error.isMissing, !error.isShortage { warn(tail, .unreadable, reason: error.text) }
        }
    }

    /// Whether one more file may be opened, which an idle one is closed for if need be.
    func hasDescriptor() -> Bool {
        openTails.count < max(1, options.descriptorLimit) || closeIdle()
    }

    func hold(_ file: OpenFile, for tail: Tail) {
        if tail.file == nil { openTails.append(tail) }
        tail.file = file
        touch(tail)
        while openTails.count > options.idleFilesLimit, closeIdle() {}
    }

    func touch(_ tail: Tail) {
        useCounter += 1
        tail.lastUse = useCounter
    }

    /// Closes the file that nothing was read from for longest; false if every open file is needed.
    private func closeIdle() -> Bool {
        var oldest: Int?
        for (index, tail) in openTails.enumerated() where tail.mayBeClosed {
            if let best = oldest, openTails[best].lastUse < tail.lastUse { continue }
            oldest = index
        }
        guard let oldest else { return false }
        openTails[oldest].file = nil
        openTails.remove(at: oldest)
        return true
    }

    /// Closes files beyond the bound that were kept open because something was left to read.
    func closeIdleFiles() {
        while openTails.count > options.idleFilesLimit, closeIdle() {}
    }

    func closeFile(of tail: Tail) {
        guard tail.file != nil else { return }
        tail.file = nil
        openTails.removeAll { $0 === tail }
    }

    // MARK: - Names

    /// Makes events about `path` reach `tail`.
    func index(_ tail: Tail) {
        let resolved = PathName.resolved(tail.path)
        tail.resolvedPath = resolved == tail.path ? nil : resolved
        for path in [tail.path, tail.resolvedPath].compactMap({ $0 }) { names[path, default: []].append(tail) }
    }

    func unindex(_ tail: Tail) {
        for path in [tail.path, tail.resolvedPath].compactMap({ $0 }) {
            names[path]?.removeAll { $0 === tail }
            if names[path]?.isEmpty ?? false { names[path] = nil }
        }
    }

    /// Nothing more is read from `tail`.
    ///
    /// Its file stays open while something of it is not safe: what is saved needs the content before the acknowledged
    /// position.
    func retire(_ tail: Tail) {
        tails[tail.source] = nil
        polled[tail.source] = nil
        unindex(tail)
        tail.predecessor = nil
        openTails.removeAll { $0 === tail }
        if tail.acknowledged >= tail.position { tail.file = nil } else { settling[tail.source] = tail }
    }
}
