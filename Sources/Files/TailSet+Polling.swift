/// Files that have to be asked, because nothing tells about them; and which folders inotify tells about.
extension TailSet {
    /// Has `tail` looked at without an event from now on.
    func pollSoon(_ tail: Tail, now: Int64) {
        tail.pollPeriod = options.minimumPollPeriod.nanoseconds
        tail.pollAt = now.addingClamped(tail.pollPeriod)
        polled[tail.source] = tail
    }

    func poll(now: Int64) {
        let due = polled.values.filter { ($0.pollAt ?? .max) <= now }
        for tail in due.sorted(by: { $0.source.rawValue < $1.source.rawValue }) where tails[tail.source] != nil {
            if tail.isDelayed { enqueue(tail) }
            if tail.tracker.hasLeft {
                pollHandle(tail, now: now)
            } else if checkPath(tail, now: now) {
                // Its new name may match too, and has to be known before the file counts as complete.
                lookSoon(now: now)
            }
            // What a symbolic link leads to may be replaced where inotify was not told to look.
            if tail.tracker.hasLeft, tail.target.occupants[tail.path] == nil, tail.target.matches(tail.path) {
                consider(tail.path, for: tail.target, now: now)
            }
            decide(tail, now: now)
        }
    }

    private func pollHandle(_ tail: Tail, now: Int64) {
        guard let file = tail.file, case .success(let status) = FileStatus.of(file) else { return }
        take(status, of: tail, now: now)
    }

    /// Asks the tracker what becomes of `tail`, and when to ask again.
    private func decide(_ tail: Tail, now: Int64) {
        let hasChanged = tail.hasGrown
        let content = RotationTracker.Content(
            hasUnread: tail.isQueued,
            hasOpenLine: tail.searched > 0,
            hasGrown: tail.hasGrown,
            mayHaveWriter: mayHaveWriter(tail)
        )
        tail.hasGrown = false
        switch tail.tracker.contentSeen(content, now: now) {
        case .deliverOpenLine:
            tail.isOpenLineDue = true
            enqueue(tail)
        case .finish:
            return finish(tail)
        case .leavePath, nil:
            break
        }
        schedule(tail, hasChanged: hasChanged, now: now)
    }

    /// Whether the writer of a file that left its path may hold it still: it has a name, and nothing was written to the
    /// file that took its place.
    ///
    /// Descriptors are kept for that only while there are enough.
    private func mayHaveWriter(_ tail: Tail) -> Bool {
        guard tail.tracker.hasLeft, tail.links > 0, !tail.isCompressed, openTails.count <= options.idleFilesLimit
        else {
            return false
        }
        let successors = tail.target.leaving + [tail.target.occupants[tail.label]].compactMap { $0 }
        return !successors.contains {
            $0.label == tail.label && $0.source.rawValue > tail.source.rawValue && $0.size > 0
        }
    }

    private func schedule(_ tail: Tail, hasChanged: Bool, now: Int64) {
        let isWaitedFor = tail.tracker.isQuiet(now: now)
        let slowest = max(
            options.minimumPollPeriod,
            options.maximumPollPeriod,
            isWaitedFor ? Self.idlePollPeriod : .zero
        ).nanoseconds
        let usual = options.minimumPollPeriod.nanoseconds
        tail.pollPeriod = hasChanged ? usual : min(tail.pollPeriod.addingClamped(tail.pollPeriod), slowest)
        let next = now.addingClamped(tail.pollPeriod)
        let deadline = tail.tracker.deadline(hasOpenLine: tail.searched > 0)
        if tail.tracker.hasLeft || needsPolling(tail) {
            tail.pollAt = deadline.map { $0 > now ? min($0, next) : next } ?? next
        } else if let deadline {
            tail.pollAt = deadline > now ? deadline : next
        } else {
            tail.pollAt = nil
            polled[tail.source] = nil
        }
    }

    /// How often a file whose writer may come back is looked at.
    private static let idlePollPeriod = Duration.seconds(2)

    /// A line without newline stands at the end of a file that may be complete: look again when it was quiet.
    func openLineSeen(_ tail: Tail, now: Int64) {
        guard tail.pollAt == nil, let deadline = tail.tracker.deadline(hasOpenLine: true) else { return }
        tail.pollAt = max(deadline, now)
        polled[tail.source] = tail
    }

    /// Nothing more comes from `tail`.
    func finish(_ tail: Tail) {
        events.append(.finished(tail.source))
        retire(tail)
        tail.target.leaving.removeAll { $0 === tail }
        tail.target.remember(
            FileRecord(
                path: tail.path,
                identity: tail.identity,
                head: tail.head,
                before: tail.before,
                position: tail.position
            )
        )
    }

    // MARK: - Watched folders

    private func needsPolling(_ tail: Tail) -> Bool {
        [tail.path, tail.resolvedPath].compactMap { $0 }.contains { !watch.watches(PathName.folder(of: $0)) }
    }

    /// Has inotify tell about `tail`, or polls it.
    func watchFolders(of tail: Tail, now: Int64) {
        for path in [tail.path, tail.resolvedPath].compactMap({ $0 }) { watchFolder(PathName.folder(of: path)) }
        if needsPolling(tail) && tail.pollAt == nil { pollSoon(tail, now: now) }
    }

    private func watchFolder(_ folder: String) {
        guard watch.watch(folder) == .limitReached, !isWatchLimitTold else { return }
        isWatchLimitTold = true
        events.append(.warning(TailWarning(.watchLimit, path: folder)))
    }

    /// Watches the folders that files and patterns need now, and no others.
    func updateWatches(now: Int64) {
        var wanted: Set<String> = []
        for target in targets where target.mistake == nil {
            let plan = FolderPlan(pattern: target.pattern, limit: options.maximumWatchedFolders)
            wanted.formUnion(plan.folders)
            if plan.isCut, cutPatterns.insert(target.pattern).inserted {
                events.append(.warning(TailWarning(.tooManyFolders, path: target.spec.pathPattern)))
            }
        }
        for tail in tails.values {
            for path in [tail.path, tail.resolvedPath].compactMap({ $0 }) { wanted.insert(PathName.folder(of: path)) }
        }
        watch.keepOnly(wanted)
        let known = watch.count
        for folder in wanted.sorted() { watchFolder(folder) }
        // Something may have appeared in a folder between the look and the watch: look once more, soon.
        if watch.count > known { nextLook = min(nextLook, now) }
        for tail in tails.values { watchFolders(of: tail, now: now) }
    }

    /// Positions of files that are gone are of no use.
    func pruneParked() {
        parked = parked.filter { _, tail in
            guard case .success(let status) = FileStatus.of(path: tail.path) else { return false }
            return status.identity.isSame(as: tail.identity)
        }
    }
}
