/// Files that were rotated while nobody looked.
extension TailSet {
    /// Finds what became of files that were read in part when the last run ended, and reads their rest first.
    func findRotated(for target: TargetState, now: Int64) {
        let records = loaded.rotated(for: target.spec.id) { target.matches($0.path) }
        resume(records, for: target, now: now)
        for tail in parked.values where target.matches(tail.path) && !isAtItsPath(tail) {
            resumeParked(tail, for: target, now: now)
        }
    }

    private func isAtItsPath(_ tail: Tail) -> Bool {
        guard !tail.tracker.hasLeft, case .success(let status) = FileStatus.of(path: tail.path) else { return false }
        return status.identity.isSame(as: tail.identity)
    }

    /// Goes on with a rotated file of a target that is gone.
    private func resumeParked(_ tail: Tail, for target: TargetState, now: Int64) {
        guard !tail.isCompressed, let file = tail.file, case .success(let status) = FileStatus.of(file) else {
            parked[tail.source] = nil
            resume([tail.record], for: target, now: now)
            return
        }
        let start = takeOver(tail)
        let record = FileRecord(
            path: tail.path,
            identity: tail.identity,
            head: start.head,
            before: start.before,
            position: start.position,
            isRotated: true
        )
        let found = RotatedFileSearch.Found(path: tail.path, file: file, status: status)
        resume(found, record: record, for: target, now: now)
    }

    /// Where another target goes on with the file of a parked tail, which settles as far as it was read.
    func takeOver(_ tail: Tail) -> LoadedPositions.Start {
        parked[tail.source] = nil
        if tail.acknowledged < tail.position { settling[tail.source] = tail } else { tail.file = nil }
        return LoadedPositions.Start(position: tail.position, head: tail.head, before: tail.before)
    }

    /// Reads the rest of every file that can be found; `records` come with what was read least first.
    private func resume(_ records: [FileRecord], for target: TargetState, now: Int64) {
        var all: [(record: FileRecord, found: RotatedFileSearch.Found)] = []
        for record in records {
            // A file that the pattern still matches was claimed under its new name already.
            let search = RotatedFileSearch(record: record) { target.occupants[$0] != nil }
            let found = search.find() ?? held.find(record)
            loaded.finish(record)
            guard let found else {
                events.append(.warning(TailWarning(.rotatedFileNotFound, path: record.path)))
                continue
            }
            // A file that was cut more than once, or that several targets read, may have several records.
            let known = target.leaving.map(\.identity) + all.map(\.found.status.identity)
            if !known.contains(where: { $0.isSame(as: found.status.identity) }) { all.append((record, found)) }
        }
        all.sort { one, other in
            let path = one.record.path
            return path == other.record.path
                ? Self.isOlder(one.found, than: other.found, path: path) : path < other.record.path
        }
        for item in all { resume(item.found, record: item.record, for: target, now: now) }
        for item in all { resumeMissed(after: item.found, at: item.record.path, for: target, now: now) }
    }

    private static func isOlder(
        _ one: RotatedFileSearch.Found,
        than other: RotatedFileSearch.Found,
        path: String
    ) -> Bool {
        let name = PathName.name(of: path)
        if let first = RotatedName(PathName.name(of: one.path), of: name),
            let second = RotatedName(PathName.name(of: other.path), of: name), first != second
        {
            return second.isNewer(than: first)
        }
        return one.status.modified < other.status.modified
    }

    /// Reads what had the path after `last` and was rotated away before anybody looked.
    func resumeMissed(after last: RotatedFileSearch.Found, at path: String, for target: TargetState, now: Int64) {
        resumeMissed(.after(last), at: path, for: target, now: now)
    }

    /// Reads what stood in `tail`, which was seen empty, and was copied and cut before anybody looked.
    ///
    /// Once it was seen with something in it, its first bytes tell of a cut.
    func resumeMissed(inEmpty tail: Tail, now: Int64) {
        guard let moment = tail.emptyAt else { return }
        tail.emptyAt = nil
        resumeMissed(.empty(at: moment), at: tail.label, for: tail.target, now: now)
    }

    private func resumeMissed(
        _ start: MissedGenerations.Start,
        at path: String,
        for target: TargetState,
        now: Int64
    ) {
        guard target.spec.decompression == nil else { return }
        let known = target.leaving + Array(target.occupants.values)
        let search = MissedGenerations(path: path, start: start) { path, identity in
            !target.leavesAlone(path) || known.contains { $0.identity.isSame(as: identity) }
                || target.finished.contains { $0.identity.isSame(as: identity) }
        }
        for missed in search.find() {
            // Decompressed text would have to be decoded as well.
            if missed.found.rest != nil, target.spec.encoding != nil { continue }
            resume(missed.found, record: missed.record, for: target, now: now)
        }
    }

    /// Reads what had the path of `tail`, which has been rotated, before the file that stands there now.
    func resumeMissed(after tail: Tail, now: Int64) {
        guard let file = tail.file, case .success(let status) = FileStatus.of(file), status.links > 0,
            let found = RotatedFileSearch.byIdentity(tail.identity, near: tail.label)
        else { return }
        resumeMissed(after: found, at: tail.label, for: tail.target, now: now)
    }

    /// Reads `found` from where `record` ends, before the file that took its place.
    func resume(_ found: RotatedFileSearch.Found, record: FileRecord, for target: TargetState, now: Int64) {
        let tail = add(
            record.path,
            for: target,
            status: found.status,
            file: found.file,
            start: LoadedPositions.Start(position: record.position, head: record.head, before: record.before),
            phase: .leaving(quietSince: now),
            rest: found.rest
        )
        target.leaving.append(tail)
        if let successor = target.occupants[record.path] {
            if let other = successor.predecessor { tail.predecessor = other }
            successor.predecessor = tail
        }
        enqueue(tail)
        pollSoon(tail, now: now)
    }
}
