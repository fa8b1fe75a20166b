package import Entries

/// A compiled pipeline: takes one line at a time through all stages.
///
/// Owns the register and label files, the arena and the held entries of its stages. Belongs to one thread. The caller
/// hands a line in with ``process(line:timestamp:base:now:span:)``, looks at the outcome, and takes the entry from
/// ``current`` when it was delivered; afterwards it asks ``nextReleased(now:)`` until that gives nil.
package final class Pipeline {
    /// What became of a line.
    package enum Outcome: Equatable {
        /// ``current`` has passed all stages.
        case delivered
        /// A stage dropped it on purpose; the reason is counted.
        case dropped
        /// A stage holds it; its span stays unacknowledged until it comes out.
        case held
        /// A stage has no token before that time (monotonic nanoseconds): call ``retry(now:)`` then.
        case waiting(until: Int64)
    }

    /// The label sets of this pipeline's entries.
    package let labelSets: LabelSets
    /// Reasons by ``DropID``; ``dropCounts`` has the counts.
    package let dropReasons: [DropReason]
    /// Values masked by redact stages since the start.
    package let redactionCounter: RedactionCounter
    /// What the metrics stages count.
    package let metrics: PipelineMetrics
    /// The entry being processed.
    package let current: UnsafeMutablePointer<Entry>
    /// Spans of held lines that went into the entry that came out last, or were dropped with it: one for each line.
    ///
    /// The caller reads it after each outcome but `.held`, and releases them once the entry itself is registered.
    package let releasedSpans: UnsafeMutablePointer<[SpanID]>
    /// Whether there is no stage at all: every line comes out as it went in, with the labels of its target.
    package let isEmpty: Bool
    /// Whether any stage may keep entries back: if not, nothing is ever released.
    package let mayHold: Bool
    /// Whether any stage may answer `.wait`, so that the pipeline must not share a thread with others.
    package let mayWait: Bool

    let program: UnsafeMutableBufferPointer<Unmanaged<StageRunner>>
    private let lineScan: LineScan
    /// The register file and behind it the label file.
    private let files: UnsafeMutablePointer<Value>
    private let arena = ByteArena()
    private let metadata: UnsafeMutablePointer<MetadataList.Pair>
    let drops: UnsafeMutableBufferPointer<UInt64>
    private var lineCounter: UInt64 = 0
    /// Where ``retry(now:)`` goes on.
    var waitingStage = 0
    private let holdingStages: [Int]
    /// Stages that have entries to give out, in pipeline order.
    private var releasing: [Int] = []
    /// Stages that have to give out all they hold, since the end has come; the next one is the last here.
    private var ending: [Int] = []

    init(
        program stages: [StageRunner],
        labelSets: LabelSets,
        lineScan: LineScan,
        dropReasons: [DropReason],
        redactionCounter: RedactionCounter,
        metrics: PipelineMetrics
    ) {
        self.redactionCounter = redactionCounter
        self.metrics = metrics
        self.labelSets = labelSets
        self.lineScan = lineScan
        self.dropReasons = dropReasons
        lineScan.prepare()
        program = .allocate(capacity: stages.count)
        _ = program.initialize(from: stages.map { Unmanaged.passRetained($0) })
        let registerCount = labelSets.registerNames.count
        let labelCount = labelSets.touchedNames.count
        files = .allocate(capacity: registerCount + labelCount)
        files.initialize(repeating: .absent, count: registerCount + labelCount)
        metadata = .allocate(capacity: MetadataList.limit)
        releasedSpans = .allocate(capacity: 1)
        releasedSpans.initialize(to: [])
        drops = .allocate(capacity: max(dropReasons.count, 1))
        drops.initialize(repeating: 0)
        holdingStages = stages.indices.filter { stages[$0].mayHold }
        isEmpty = stages.isEmpty
        mayHold = !holdingStages.isEmpty
        mayWait = stages.contains { $0.mayWait }
        current = .allocate(capacity: 1)
        current.initialize(
            to: Entry(
                registers: files,
                registerCount: registerCount,
                labels: files + registerCount,
                labelCount: labelCount,
                metadata: MetadataList(metadata),
                arena: arena,
                joinedSpans: releasedSpans
            )
        )
    }

    deinit {
        for stage in program { stage.release() }
        program.deallocate()
        files.deallocate()
        metadata.deallocate()
        releasedSpans.deinitialize(count: 1)
        releasedSpans.deallocate()
        drops.deallocate()
        current.deallocate()
        arena.deallocate()
    }

    /// The names of the stages in the order in which they run, blocks laid out flat.
    package var stageNames: [String] { program.map { $0.takeUnretainedValue().name } }

    /// How often entries were dropped for each reason since the start.
    package var dropCounts: [UInt64] { Array(drops.prefix(dropReasons.count)) }

    /// Takes a line through the stages.
    ///
    /// - Parameters:
    ///   - line: valid until the next call; copied where a stage keeps it.
    ///   - timestamp: when the line was read; stages may put another in its place.
    ///   - base: the target's number from `labelSets.addBase`.
    ///   - now: both clocks at the read, for ages, rates and waits.
    ///   - span: what is acknowledged together with this line.
    /// - Returns: what became of the line. What is delivered is lent until the next call.
    package func process(line: Bytes, timestamp: Timestamp, base: Int, now: Moment, span: SpanID) -> Outcome {
        start(line: line, timestamp: timestamp, base: base, now: now, span: span)
        return run(from: 0)
    }

    /// The same for a line that comes with something of its own, which `prepare` adds to the entry before the first stage.
    package func process(
        line: Bytes,
        timestamp: Timestamp,
        base: Int,
        now: Moment,
        span: SpanID,
        _ prepare: (inout Entry) -> Void
    ) -> Outcome {
        start(line: line, timestamp: timestamp, base: base, now: now, span: span)
        prepare(&current.pointee)
        return run(from: 0)
    }

    /// Makes a line the entry being processed, with the labels of its target.
    @inline(__always)
    func start(line: Bytes, timestamp: Timestamp, base: Int, now: Moment, span: SpanID) {
        arena.reset()
        if !releasedSpans.pointee.isEmpty { releasedSpans.pointee.removeAll(keepingCapacity: true) }
        labelSets.layOut(base, in: files)
        begin(line: line, timestamp: timestamp, base: base, now: now, span: span, isRestored: false)
        labelSets.numberUntouched(&current.pointee)
    }

    @inline(__always)
    private func begin(
        line: Bytes,
        timestamp: Timestamp,
        base: Int,
        now: Moment,
        span: SpanID,
        isRestored: Bool
    ) {
        lineCounter &+= 1 << 16
        current.pointee.begin(
            line: line,
            timestamp: timestamp,
            base: base,
            now: now,
            span: span,
            lineVersion: lineCounter,
            isRestored: isRestored
        )
    }

    private func run(from start: Int) -> Outcome {
        var index = start
        let entry = current
        while index < program.count {
            let stage = program[index]
            switch stage._withUnsafeGuaranteedRef({ $0.process(&entry.pointee) }) {
            case .keep: index += 1
            case .skip: index = stage._withUnsafeGuaranteedRef { $0.skipTarget }
            case .drop(let id):
                drops[id.index] += 1
                return .dropped
            case .hold: return .held
            case .release:
                markReleasing(index)
                return .held
            case .wait(let until):
                waitingStage = index
                return .waiting(until: until)
            }
        }
        return .delivered
    }

    /// Goes on with the entry that had to wait.
    package func retry(now: Moment) -> Outcome {
        current.pointee.now = now
        return run(from: waitingStage)
    }

    // MARK: - Held entries

    /// The next entry that a stage gives out, taken through the stages behind it; nil when there is none.
    ///
    /// Its spans are in ``releasedSpans``; with the outcome `.held` a later stage has taken them over.
    package func nextReleased(now: Moment) -> Outcome? {
        restoreNextReleased(now: now).map { run(from: $0 + 1) }
    }

    /// Makes the next entry that a stage gives out the one being processed; gives that stage, nil when there is none.
    func restoreNextReleased(now: Moment) -> Int? {
        releasedSpans.pointee.removeAll(keepingCapacity: true)
        while true {
            // What a later stage holds is older than what an earlier one holds, so the last stage goes first.
            while let index = releasing.last {
                if let held = program[index].takeUnretainedValue().nextReleased() {
                    restore(held, now: now)
                    return index
                }
                releasing.removeLast()
            }
            guard let index = ending.popLast() else { return nil }
            program[index].takeUnretainedValue().expire(now: now.monotonic, isEnding: true)
            releasing = [index]
        }
    }

    /// Whether ``nextReleased(now:)`` may have something to give.
    package var hasReleases: Bool { !releasing.isEmpty }

    /// Monotonic nanoseconds when ``expire(now:isEnding:)`` should be called; nil while nothing is held.
    package var deadline: Int64? {
        holdingStages.compactMap { program[$0].takeUnretainedValue().deadline }.min()
    }

    /// Makes stages give out what has waited long enough (everything when `isEnding`); then ask ``nextReleased(now:)``.
    package func expire(now: Moment, isEnding: Bool) {
        if isEnding {
            // One after the other, the first stage first: what it gives out a later one may hold again, to join it to
            // what it holds already.
            ending = holdingStages.reversed()
        } else {
            for index in holdingStages {
                program[index].takeUnretainedValue().expire(now: now.monotonic, isEnding: false)
            }
        }
        releasing = holdingStages
    }

    func markReleasing(_ index: Int) {
        guard !releasing.contains(index) else { return }
        releasing.append(index)
        releasing.sort()
    }

    /// Puts a held entry back into the files, as the one being processed.
    private func restore(_ held: HeldEntry, now: Moment) {
        arena.reset()
        let entry = current.pointee
        for (index, value) in held.registers.enumerated() {
            entry.registers[index] = Value(value.kind, arena.copy(value.bytes))
        }
        for (index, value) in held.labels.enumerated() {
            entry.labels[index] = Value(value.kind, arena.copy(value.bytes))
        }
        releasedSpans.pointee.append(contentsOf: held.spans.dropLast())
        begin(
            line: arena.copy(held.line),
            timestamp: held.timestamp,
            base: held.base,
            now: now,
            span: held.spans.last ?? current.pointee.span,
            isRestored: true
        )
        for pair in held.metadata {
            _ = current.pointee.metadata.append(arena.copy(pair.name), arena.copy(pair.value))
        }
        // The entry's own span is released like those of the pieces: it was held as one of them.
        releasedSpans.pointee.append(current.pointee.span)
    }
}
