import Delivery
import Entries
import Files
import Glibc
import Loki
import Stages
import Synchronization

/// What the main thread asks of a worker, and what the worker tells it.
final class WorkerMailbox: Sendable {
    struct State {
        var isStopping = false
        /// Monotonic nanoseconds after which unanswered batches are left for the next start.
        var stopDeadline = Int64.max
        var wantsSnapshot = false
        var snapshot: PositionsSnapshot?
        var isDone = false
        var activeFiles = 0
        var activeTargets = 0
        var files: [(path: String, readPosition: Int64, size: Int64)] = []
    }

    let state = Mutex(State())
    /// Wakes the worker.
    let wakeup: Wakeup
    /// Wakes the main thread.
    let main: Wakeup

    init(main: Wakeup) throws(AgentError) {
        wakeup = try Wakeup()
        self.main = main
    }

    func stop(deadline: Int64) {
        state.withLock { state in
            state.isStopping = true
            state.stopDeadline = deadline
        }
        wakeup.signal()
    }

    func requestSnapshot() {
        state.withLock { $0.wantsSnapshot = true }
        wakeup.signal()
    }
}

/// One thread's share of the work: reads its sources, runs their pipelines, fills batches, acknowledges positions.
///
/// The thread that calls ``run()`` owns everything in here but the mailbox, the queues and the ledger.
final class Worker {
    /// The labels and the pipeline of one target.
    struct Target {
        let pipeline: Int
        let labels: [(name: String, value: [UInt8])]
        /// Whether the label `filename` is added (files, not standard input).
        let addsFilename: Bool
    }

    let number: Int
    let source: any LineSource
    let pipelines: [Pipeline]
    let targets: [Int: Target]
    let lanes: [ClientLane]
    /// The same lanes, without references to count for each line.
    let laneTable: PlainTable<Unmanaged<ClientLane>>
    let mailbox: WorkerMailbox
    let ledger: Ledger
    let log: AgentLog
    let limits: LineLimits
    /// Prints entries instead of sending them (`-dry-run`).
    let printer: EntryPrinter?

    var sources: [UInt32: SourceState] = [:]
    /// Grows whenever a batch is closed: spans end there.
    var epoch = 0
    var sums = Ledger.ReadSums()
    /// The source whose chunk is being worked on, and where in it.
    var currentSource: SourceState?
    var cursor: ChunkCursor?
    var lastStamp = Timestamp(seconds: 0, nanoseconds: 0)
    private var countedDrops: [[UInt64]]
    private var countedRedactions: [UInt64]
    private var lastReport: Int64 = 0
    private var lastObservation: Int64 = 0
    private var hasWarnedAboutLabelSets = false

    init(
        number: Int, source: any LineSource, pipelines: [Pipeline], targets: [Int: Target], lanes: [ClientLane],
        mailbox: WorkerMailbox, ledger: Ledger, log: AgentLog, limits: LineLimits, printer: EntryPrinter?
    ) {
        self.number = number
        self.source = source
        self.pipelines = pipelines
        self.targets = targets
        self.lanes = lanes
        var table = PlainTable<Unmanaged<ClientLane>>(capacity: lanes.count)
        for lane in lanes { table.append(Unmanaged.passUnretained(lane)) }
        laneTable = table
        self.mailbox = mailbox
        self.ledger = ledger
        self.log = log
        self.limits = limits
        self.printer = printer
        countedDrops = pipelines.map { Array(repeating: 0, count: $0.dropReasons.count) }
        countedRedactions = pipelines.map { _ in 0 }
    }

    /// Works until it is told to stop, or until no line can come any more.
    func run() {
        while !mailbox.state.withLock({ $0.isStopping }), !source.isExhausted {
            turn()
        }
        finish()
    }

    private func turn() {
        let now = Clock.now()
        serve(now)
        closeDue(now)
        if canRead, let chunk = source.nextChunk(now: now.monotonic) {
            process(chunk, now)
            return
        }
        handleEvents()
        let blocked = !canRead
        // While the output is blocked standard input must not wake us; files only need an eye on their rotation.
        let descriptors = blocked && !source.keepsLineEnds ? [] : [source.waitDescriptor]
        mailbox.wakeup.wait(also: descriptors, until: nextDeadline(now.monotonic))
    }

    private var canRead: Bool { lanes.allSatisfy { $0.hasRoom } }

    /// Answers, requests, and what happens to files.
    func serve(_ now: Moment) {
        settleEnded()
        if now.monotonic - lastObservation > 5_000_000 {
            lastObservation = now.monotonic
            source.observe(now: now.monotonic)
            handleEvents()
        }
        let wantsSnapshot = mailbox.state.withLock { $0.wantsSnapshot }
        if wantsSnapshot { publish() }
        if now.monotonic - lastReport > 100_000_000 {
            lastReport = now.monotonic
            report()
            publishFiles()
        }
    }

    private func nextDeadline(_ now: Int64) -> Int64 {
        // A turn at least every quarter of a second keeps counters and held entries fresh.
        var deadline = now + 250_000_000
        for lane in lanes { deadline = min(deadline, lane.deadline ?? .max) }
        for pipeline in pipelines { deadline = min(deadline, pipeline.deadline ?? .max) }
        return min(deadline, source.nextDeadline(now: now) ?? .max)
    }

    // MARK: - Answers

    /// Takes back batches that were answered for and moves positions.
    func settleEnded() {
        for lane in lanes {
            for (batch, ending) in lane.queue.takeEnded(number) {
                if ending == .settled { release(batch.spans) }
                lane.queue.recycle(batch)
            }
        }
    }

    /// Lets go of spans and tells the source how far it is safe now.
    func release(_ spans: [SpanID]) {
        for span in spans { sources[span.source]?.window.release(span.number) }
        for number in Set(spans.map { $0.source }) {
            if let state = sources[number] { advance(state) }
        }
    }

    func advance(_ state: SourceState) {
        if let position = state.window.advance() {
            source.acknowledge(SourceID(rawValue: state.number), position: position)
        }
        // The source whose chunk is at work is asked again behind its last line.
        if state.isFinished, state.window.isIdle, state !== currentSource { forget(state) }
    }

    private func forget(_ state: SourceState) {
        sources[state.number] = nil
        ledger.forget(path: state.path)
        pipelines[state.pipeline].labelSets.removeBase(state.base)
    }

    // MARK: - Sources

    func handleEvents() {
        for event in source.takeEvents() {
            switch event {
            case .opened(let id, let target, let path, let position): open(id, target, path, position)
            case .finished(let id):
                guard let state = sources[id.rawValue] else { continue }
                state.isFinished = true
                advance(state)
            case .warning(let warning): log.tail(warning)
            }
        }
    }

    private func open(_ id: SourceID, _ number: Int, _ path: String, _ position: Int64) {
        guard let target = targets[number] else { return }
        var labels = target.labels
        if target.addsFilename {
            labels.removeAll { $0.name == "filename" }
            labels.append(("filename", Array(path.utf8)))
            log.info("tail routine: started", ("path", path))
        }
        let base = pipelines[target.pipeline].labelSets.addBase(labels)
        sources[id.rawValue] = SourceState(
            number: id.rawValue, pipeline: target.pipeline, base: base, path: path, position: position)
    }

    // MARK: - Reports

    private func publish() {
        let snapshot = source.positionsSnapshot()
        let files = (source as? TailSet)?.files ?? []
        mailbox.state.withLock { state in
            state.snapshot = snapshot
            state.wantsSnapshot = false
            state.files = files
        }
        mailbox.main.signal()
    }

    private func publishFiles() {
        let active = (source as? TailSet)?.activeFiles ?? 0
        mailbox.state.withLock { state in
            state.activeFiles = active
            state.activeTargets = targets.count
        }
    }

    /// Hands the sums of this worker to the ledger.
    private func report() {
        for (index, pipeline) in pipelines.enumerated() {
            for (id, count) in pipeline.dropCounts.enumerated() where count > countedDrops[index][id] {
                sums.drops[pipeline.dropReasons[id], default: 0] += count - countedDrops[index][id]
                countedDrops[index][id] = count
            }
            sums.redactions += pipeline.redactionCounter.count - countedRedactions[index]
            countedRedactions[index] = pipeline.redactionCounter.count
            warnAboutLabelSets(pipeline.labelSets)
        }
        guard sums.lines > 0 || !sums.drops.isEmpty || sums.redactions > 0 else { return }
        ledger.add(sums)
        sums = Ledger.ReadSums()
    }

    private func warnAboutLabelSets(_ labelSets: LabelSets) {
        guard !hasWarnedAboutLabelSets, labelSets.created > LabelSets.limit * 2 else { return }
        hasWarnedAboutLabelSets = true
        log.warn(
            "labels have very many values; Loki will suffer, use structured_metadata for them",
            ("label_sets", "\(labelSets.created)"))
    }

    // MARK: - Ending

    /// Gives out what is held, sends everything, and waits for the answers until the deadline.
    private func finish() {
        var now = Clock.now()
        for index in pipelines.indices {
            pipelines[index].expire(now: now, isEnding: true)
            drainReleased(index, now)
        }
        for lane in lanes { _ = lane.closeDue(now: now.monotonic, isEnding: true) }
        // Without a request to stop (standard input has ended) the answers have all the time they need.
        while sources.values.contains(where: { !$0.window.isIdle }) {
            let deadline = mailbox.state.withLock { $0.stopDeadline }
            now = Clock.now()
            guard now.monotonic < deadline else { break }
            mailbox.wakeup.wait(until: min(deadline, now.monotonic + 100_000_000))
            settleEnded()
            serveMainThread()
        }
        report()
        publish()
        source.finishAll()
        mailbox.state.withLock { $0.isDone = true }
        mailbox.main.signal()
    }

    private func serveMainThread() {
        if mailbox.state.withLock({ $0.wantsSnapshot }) { publish() }
    }
}

/// `limits_config`: what is too long for Loki.
struct LineLimits {
    /// Bytes; 0 for no limit.
    let maximumBytes: Int
    let truncates: Bool
}
