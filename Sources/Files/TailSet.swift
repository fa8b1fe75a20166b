/// The files of some targets: finds them, reads whole lines from them, and knows how far each is safe.
///
/// Belongs to one thread. ``observe(now:)`` never waits and reads no lines, so it is called also while the output is
/// blocked: a file that is rotated meanwhile stays open, and its successor is noticed. ``nextChunk(now:)`` reads.
/// Times are nanoseconds of a monotonic clock.
///
/// Changes come from inotify; where that does not work (network and FUSE file systems, watch limit) from stat at the
/// poll period. Everything is looked at each sync period in any case.
package final class TailSet {
    let options: TailOptions
    let watch: FolderWatch
    let slab: Slab
    let loaded: LoadedPositions
    /// Open files that may stand nowhere any more.
    let held: HeldFiles
    var targets: [TargetState] = []
    /// Every tail that can still give chunks.
    var tails: [SourceID: Tail] = [:]
    /// Tails that gave everything, of which something is not acknowledged yet.
    var settling: [SourceID: Tail] = [:]
    /// Tails whose target is gone; a new target that means the same file goes on where they were acknowledged.
    var parked: [SourceID: Tail] = [:]
    /// Tails with something to read, first come first served; `queueStart` is its front.
    var queue: [Tail] = []
    var queueStart = 0
    /// Tails that must be looked at without an event.
    var polled: [SourceID: Tail] = [:]
    /// Tails by every path that inotify may name.
    var names: [String: [Tail]] = [:]
    var openTails: [Tail] = []
    var pendingLines = PendingLines()
    var events: [TailEvent] = []
    var nextLook = Int64.min
    var lastLook = Int64.min
    var lastSource: UInt32 = 0
    var useCounter: UInt64 = 0
    /// Patterns that have more folders than are watched, as was told.
    var cutPatterns: Set<String> = []
    var isWatchLimitTold = false
    /// When notifications were lost last.
    var lastOverflow: Int64?

    /// Goes on at `positions`; `held` are files that the set before this one still had something to read of.
    package init(options: TailOptions, positions: Positions, held: HeldFiles = HeldFiles()) {
        self.options = options
        self.held = held
        watch = FolderWatch(isEnabled: options.usesNotifications)
        slab = Slab(capacity: max(options.slabBytes, 4 * Fingerprint.maximumBytes))
        loaded = LoadedPositions(positions)
    }

    deinit {
        // Targets and tails hold each other.
        for target in targets {
            target.occupants = [:]
            target.leaving = []
        }
        for tail in tails.values { tail.predecessor = nil }
    }

    // MARK: - Targets

    /// Tails the files of `wanted` and no others.
    ///
    /// Files of targets that did not change go on undisturbed; those of targets that are gone end with
    /// ``TailEvent/finished(_:)``, and keep their acknowledged position.
    package func replaceTargets(_ wanted: [TailTarget]) {
        var kept: [TargetState] = []
        for target in targets {
            if wanted.contains(target.spec) { kept.append(target) } else { release(target) }
        }
        for spec in wanted where !kept.contains(where: { $0.spec == spec }) {
            let target = TargetState(spec)
            if let mistake = target.mistake { events.append(.warning(mistake)) }
            kept.append(target)
        }
        targets = kept
        nextLook = .min
    }

    /// Ends every source.
    ///
    /// What is not acknowledged yet can still be.
    package func finishAll() {
        for target in targets { release(target) }
        targets = []
        nextLook = .max
    }

    private func release(_ target: TargetState) {
        for tail in tails.values where tail.target === target {
            events.append(.finished(tail.source))
            let file = tail.file
            retire(tail)
            // Until the next look: the file may be removed before another target finds it.
            tail.file = file
            settling[tail.source] = nil
            parked[tail.source] = tail
        }
        target.occupants = [:]
        target.leaving = []
    }

    // MARK: - What happened

    /// The inotify descriptor, readable when ``observe(now:)`` has something to do; -1 if there is none.
    package var waitDescriptor: Int32 { watch.descriptor }

    /// Warnings and beginnings and ends of sources since the last call.
    package func takeEvents() -> [TailEvent] {
        defer { events = [] }
        return events
    }

    /// When ``observe(now:)`` has something to do although nothing was notified.
    package func nextDeadline(now: Int64) -> Int64? {
        var deadline = targets.isEmpty ? Int64.max : nextLook
        for tail in polled.values {
            if let pollAt = tail.pollAt { deadline = min(deadline, pollAt) }
        }
        return deadline == .max ? nil : max(deadline, now)
    }

    // MARK: - Positions

    /// Everything of `source` before `position` is safe: accepted, or dropped on purpose.
    package func acknowledge(_ source: SourceID, position: Int64) {
        guard let tail = tails[source] ?? settling[source] ?? parked[source] else { return }
        tail.acknowledged = max(tail.acknowledged, min(position, tail.position))
        guard tail.acknowledged >= tail.position, tails[source] == nil, parked[source] == nil else { return }
        settling[source] = nil
        tail.file = nil
    }

    /// How far every file is safe, for the thread that saves it.
    package func positionsSnapshot() -> PositionsSnapshot {
        var files = [tails, settling, parked].flatMap { $0.values.map(\.record) }
        files += loaded.unclaimed
        return PositionsSnapshot(files: files, takenPaths: loaded.takenPaths)
    }

    /// Files that have something left to read or to acknowledge, once ``finishAll()`` was called: for the set that goes
    /// on with these positions, as their names may be gone by then.
    package var heldFiles: HeldFiles { HeldFiles(Array(settling.values) + Array(parked.values)) }

    // MARK: - Numbers for metrics

    /// Files being tailed.
    package var activeFiles: Int { tails.count }

    /// Files that are open now.
    package var openFiles: Int { openTails.count }

    /// The target, path, read position and size of each file being tailed.
    package var files: [(target: Int, path: String, readPosition: Int64, size: Int64)] {
        tails.values.map { ($0.target.spec.id, $0.label, $0.position, $0.size) }
    }
}
