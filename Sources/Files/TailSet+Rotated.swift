/// Files that were rotated while nobody looked.
extension TailSet {
    /// Finds what became of files that were read in part when the last run ended, and reads their rest first.
    func findRotated(for target: TargetState, now: Int64) {
        let records = loaded.rotated { target.matches($0.path) }
        for record in records { resume(record, for: target, now: now) }
        for tail in parked.values where tail.tracker.hasLeft && target.matches(tail.path) {
            parked[tail.source] = nil
            resume(tail.record, for: target, now: now)
        }
    }

    private func resume(_ record: FileRecord, for target: TargetState, now: Int64) {
        // A file that the pattern still matches was claimed under its new name already.
        let search = RotatedFileSearch(record: record) { target.occupants[$0] != nil }
        guard let found = search.find() else {
            events.append(.warning(TailWarning(.rotatedFileNotFound, path: record.path)))
            loaded.finish(record)
            return
        }
        loaded.finish(record)
        resume(found, record: record, for: target, now: now)
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
