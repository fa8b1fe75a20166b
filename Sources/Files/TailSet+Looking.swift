/// Finding files, and noticing what happens to those that were found.
extension TailSet {
    /// Takes note of everything that happened to the files: notifications, polls that are due, and, each sync period, a
    /// look at every path.
    ///
    /// Opens new files, keeps rotated ones; reads no lines and never waits.
    package func observe(now: Int64) {
        var names: Set<String> = []
        for change in watch.drain() {
            switch change {
            case .content(let path):
                for tail in self.names[path] ?? [] { markChanged(tail, now: now) }
            case .name(let path, let isFolder):
                names.insert(path)
                if isFolder { lookSoon(now: now) }
            case .folderGone:
                lookSoon(now: now)
            case .overflow:
                noticeOverflow(now: now)
            }
        }
        if now >= nextLook {
            look(now: now)
        } else if !names.isEmpty {
            lookAt(names, now: now)
        }
        poll(now: now)
    }

    /// Folders that come and go in numbers cost one look a second at most.
    func lookSoon(now: Int64) {
        nextLook = min(nextLook, max(now, lastLook.addingClamped(1_000_000_000)))
    }

    /// One look makes up for what was lost; told once while it goes on.
    private func noticeOverflow(now: Int64) {
        let isNew = lastOverflow.map { now - $0 > options.syncPeriod.nanoseconds } ?? true
        if isNew { events.append(.warning(TailWarning(.watchOverflow, path: ""))) }
        lastOverflow = now
        lookSoon(now: now)
    }

    func markChanged(_ tail: Tail, now: Int64) {
        tail.hasGrown = true
        noteHead(of: tail, now: now)
        enqueue(tail)
    }

    /// Keeps the first bytes of a file known while it waits to be read, so that a cut before that is noticed.
    ///
    /// A head that is not what was seen is left as it was: reading finds the difference, and then the copy.
    func noteHead(of tail: Tail, now: Int64) {
        guard !tail.hasBeenRead, tail.position == 0, tail.head.count < Fingerprint.maximumBytes,
            case .plain = tail.content, let file = tail.file, tail.head.matches(file, at: 0),
            case .success(let status) = FileStatus.of(file)
        else { return }
        tail.head = Fingerprint.head(of: file, size: status.size) ?? tail.head
        if status.size > 0 { resumeMissed(inEmpty: tail, now: now) }
    }

    // MARK: - Some names changed

    private func lookAt(_ paths: Set<String>, now: Int64) {
        // First every path is freed that leads elsewhere now, then files are found: so that a chain of renames
        // (app.log.1 to app.log.2, app.log to app.log.1) finds each file under its new name.
        var freed: [String] = []
        for path in paths.sorted() {
            for tail in names[path] ?? [] where !tail.tracker.hasLeft {
                if checkPath(tail, now: now) { freed.append(tail.path) }
            }
        }
        for path in paths.union(freed).sorted() {
            for target in targets where target.occupants[path] == nil && target.matches(path) {
                consider(path, for: target, now: now)
            }
        }
    }

    // MARK: - Everything is looked at

    private func look(now: Int64) {
        lastLook = now
        nextLook = now.addingClamped(options.syncPeriod.nanoseconds)
        for target in targets {
            for tail in Array(target.occupants.values) { checkPath(tail, now: now) }
        }
        for target in targets {
            // Sorted, so that the order of sources does not depend on the file system.
            let paths = target.matchedPaths().sorted()
            noteFirstLook(at: target, found: paths.count)
            for path in paths where target.occupants[path] == nil { consider(path, for: target, now: now) }
            let present = Set(paths)
            target.warned = target.warned.filter { present.contains($0.key) }
            loaded.forgetValues { !present.contains($0) && target.matches($0) }
            findRotated(for: target, now: now)
        }
        pruneParked()
        updateWatches(now: now)
    }

    private func noteFirstLook(at target: TargetState, found: Int) {
        guard !target.hasBeenLookedAt else { return }
        target.hasBeenLookedAt = true
        if found == 0, target.mistake == nil { events.append(.nothingFound(pattern: target.spec.pathPattern)) }
    }

    /// Whether the file of `tail` left its path.
    @discardableResult
    func checkPath(_ tail: Tail, now: Int64) -> Bool {
        let seen: RotationTracker.PathState
        switch FileStatus.of(path: tail.path) {
        case .success(let status) where status.identity.isSame(as: tail.identity):
            seen = .same
            tail.warned.remove(.unreadable)
            take(status, of: tail, now: now)
        case .success:
            seen = .other
        case .failure(let error):
            seen = error.isMissing ? .missing : .unknown
            if !error.isMissing { warn(tail, .unreadable, reason: error.text) }
        }
        guard tail.tracker.pathSeen(seen, now: now) == .leavePath else { return false }
        leavePath(tail, now: now)
        return true
    }

    /// Notes what a file looks like now, and whether that has changed.
    func take(_ status: FileStatus, of tail: Tail, now: Int64) {
        tail.links = status.links
        guard status.size != tail.size || status.modified != tail.modified else { return }
        tail.size = status.size
        tail.modified = status.modified
        markChanged(tail, now: now)
    }

    private func leavePath(_ tail: Tail, now: Int64) {
        tail.target.occupants[tail.path] = nil
        unindex(tail)
        if tail.file == nil { reopenRotated(tail) }
        tail.target.leaving.append(tail)
        // What was written between the last read and the rotation.
        markChanged(tail, now: now)
        pollSoon(tail, now: now)
    }

    /// A file that was closed while idle has left its path: it may have grown before that.
    private func reopenRotated(_ tail: Tail) {
        guard let found = RotatedFileSearch.byIdentity(tail.identity, near: tail.path) else { return }
        hold(found.file, for: tail)
    }

    // MARK: - A path without a tail

    func consider(_ path: String, for target: TargetState, now: Int64) {
        switch FileStatus.of(path: path) {
        case .failure(let error):
            if !error.isMissing { warn(target, path, .unreadable, reason: error.text) }
        case .success(let status):
            switch status.kind {
            case .folder: warn(target, path, .isFolder)
            case .other: warn(target, path, .notRegular)
            case .regular:
                if let tail = target.leaving.first(where: { $0.identity.isSame(as: status.identity) }) {
                    follow(tail, at: path, now: now)
                } else {
                    begin(path, for: target, now: now)
                }
            }
        }
    }

    /// A rotated file has got a name that the target matches too: it is the same source under a new name.
    private func follow(_ tail: Tail, at path: String, now: Int64) {
        tail.target.leaving.removeAll { $0 === tail }
        tail.target.occupants[path] = tail
        tail.path = path
        tail.tracker.pathFound(isFirstPath: path == tail.label, now: now)
        index(tail)
        markChanged(tail, now: now)
        pollSoon(tail, now: now)
    }

    private func begin(_ path: String, for target: TargetState, now: Int64) {
        var file: OpenFile?
        if hasDescriptor() {
            switch OpenFile.open(path) {
            case .success(let opened): file = opened
            case .failure(let error) where error.isShortage: break
            case .failure(let error):
                if !error.isMissing { warn(target, path, .unreadable, reason: error.text) }
                return
            }
        }
        // The path may have come to lead elsewhere since it was looked at; the handle cannot.
        guard case .success(let status) = file.map(FileStatus.of) ?? FileStatus.of(path: path),
            status.kind == .regular
        else { return }
        target.warned[path] = nil
        let start = startOf(path, for: target, status: status, file: file)
        let tail = add(path, for: target, status: status, file: file, start: start, phase: .following)
        if let warning = start.warning { warn(tail, warning) }
        tail.predecessor = target.leaving.last { $0.label == path }
        target.occupants[path] = tail
        index(tail)
        watchFolders(of: tail, now: now)
        if let predecessor = tail.predecessor { resumeMissed(after: predecessor, now: now) }
        enqueue(tail)
    }

    private func startOf(
        _ path: String,
        for target: TargetState,
        status: FileStatus,
        file: OpenFile?
    ) -> LoadedPositions.Start {
        if let known = target.finished.firstIndex(where: { $0.identity.isSame(as: status.identity) }) {
            let record = target.finished.remove(at: known)
            return LoadedPositions.Start(position: record.position, head: record.head, before: record.before)
        }
        let isCompressed = target.spec.decompression != nil
        let gone = parked.values.first {
            $0.path == path && $0.isCompressed == isCompressed && $0.identity.isSame(as: status.identity)
        }
        if let gone { return takeOver(gone) }
        // Targets that mean the same file share its position, as in Promtail.
        if let other = names[path]?.first(where: { $0.path == path && $0.identity.isSame(as: status.identity) }) {
            let record = other.record
            return LoadedPositions.Start(position: record.position, head: record.head, before: record.before)
        }
        return loaded.claim(
            path,
            status: status,
            file: file,
            unit: target.spec.decompression == nil ? .bytes : .lines,
            for: target.spec.id
        )
    }

    /// A new source that reads `file` from `start` on.
    @discardableResult
    func add(
        _ path: String,
        for target: TargetState,
        status: FileStatus,
        file: OpenFile?,
        start: LoadedPositions.Start,
        phase: RotationTracker.Phase,
        rest: CompressedReader? = nil
    ) -> Tail {
        let tail = Tail(
            source: newSource(),
            target: target,
            path: path,
            status: status,
            content: rest.map(Tail.Content.compressedRest) ?? content(of: target, from: start.position),
            position: start.position,
            tracker: RotationTracker(quietPeriod: options.quietPeriod.nanoseconds, phase: phase),
            pollPeriod: options.minimumPollPeriod.nanoseconds
        )
        tail.head = start.head
        if let file, case .compressed = tail.content {
            tail.head = Fingerprint.head(of: file, size: status.size) ?? .none
        }
        tail.before = start.before
        if let file, start.before.count == 0, start.position > 0, !tail.isCompressed {
            // A position without a record: what stands before it now has to stand there later.
            tail.head = Fingerprint.head(of: file, size: start.position) ?? .none
            tail.before = Fingerprint.before(start.position, in: file) ?? .none
        }
        if let file, start.head.count == 0, start.position == 0, case .plain = tail.content {
            // What is not read yet has to be known again too, should it be cut before.
            tail.head = Fingerprint.head(of: file, size: status.size) ?? .none
            if status.size == 0 { tail.emptyAt = status.modified }
        }
        tails[tail.source] = tail
        if let file { hold(file, for: tail) }
        events.append(.opened(tail.source, target: target.spec.id, path: path, startPosition: start.position))
        return tail
    }

    private func content(of target: TargetState, from position: Int64) -> Tail.Content {
        if let decompression = target.spec.decompression {
            return .compressed(CompressedReader(decompression.format, skippingLines: position))
        }
        if let encoding = target.spec.encoding, let decoder = LineDecoder(encoding) { return .encoded(decoder) }
        return .plain
    }

    // MARK: - Warnings

    /// Warns about a tailed file, once per kind.
    func warn(_ tail: Tail, _ kind: TailWarning.Kind, reason: String = "", count: Int = 0) {
        guard tail.warned.insert(kind).inserted else { return }
        events.append(.warning(TailWarning(kind, path: tail.label, reason: reason, count: count)))
    }

    /// Warns about a path that no file is tailed for, once until it changes.
    private func warn(_ target: TargetState, _ path: String, _ kind: TailWarning.Kind, reason: String = "") {
        guard target.warned.updateValue(kind, forKey: path) != kind else { return }
        events.append(.warning(TailWarning(kind, path: path, reason: reason)))
    }
}
