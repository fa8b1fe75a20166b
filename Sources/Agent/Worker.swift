import Delivery
import Entries
import Files
import Glibc
import Loki
import Stages

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

    /// What one worker reads: its targets by number, and where their files are.
    struct TargetSet {
        var targets: [Int: Target] = [:]
        var tails: [TailTarget] = []
    }

    let number: Int
    let source: any LineSource
    let pipelines: [Pipeline]
    /// The job of each pipeline.
    let jobNames: [String]
    private(set) var targets: [Int: Target]
    let lanes: [ClientLane]
    /// The same lanes, without references to count for each line.
    let laneTable: PlainTable<Unmanaged<ClientLane>>
    let mailbox: WorkerMailbox
    /// Messages from receivers; nil where there are none.
    let messages: MessageInlet?
    /// By pipeline.
    var bases: [LabelBases]
    var lastMessageSource = Worker.firstMessageSource
    let ledger: Ledger
    let log: AgentLog
    let limits: LineLimits
    let readRate: ReadRateLimit?
    /// Whether there is one, as asked per line.
    let hasReadRate: Bool
    /// Prints entries instead of sending them (`-dry-run`).
    let printer: EntryPrinter?
    /// Shows what stages change (`-inspect`).
    let inspector: StageInspector?
    /// Whether there is one, as asked per line.
    let isInspected: Bool
    /// Whether the work ends once everything there is has been read (`-once`).
    let endsWhenRead: Bool

    var sources: [UInt32: SourceState] = [:]
    /// Grows whenever a batch is closed: spans end there.
    var epoch = 0
    var sums = Ledger.ReadSums()
    /// The same by pipeline.
    var jobSums: [Ledger.JobSums]
    /// What has been reported of the counters that live elsewhere.
    var reported: ReportedCounts
    /// When sums were handed in last; nil while there is nothing new.
    var lastReport: Int64 = 0
    var hasNews = true
    var warnings = WorkerWarnings()
    /// The source whose chunk is being worked on, and where in it.
    var currentSource: SourceState?
    var cursor = ChunkCursor(.empty, startPosition: 0, endPosition: 0, countsLines: false)
    var lastStamp = Timestamp(seconds: 0, nanoseconds: 0)
    private var lastObservation: Int64 = 0
    private let started = Clock.monotonic()
    /// Whether the last turn found nothing more to read.
    private var isAllRead = false

    /// Files that appear while the agent starts are waited for so long before `-once` ends: 1 s.
    private static let firstLook: Int64 = 1_000_000_000
    /// How often files are looked after while lines keep coming, and how long notifications are gathered: 5 ms.
    private static let observationPeriod: Int64 = 5_000_000

    init(
        number: Int,
        source: any LineSource,
        pipelines: [Pipeline],
        jobNames: [String],
        targets: [Int: Target],
        lanes: [ClientLane],
        mailbox: WorkerMailbox,
        messages: MessageInlet? = nil,
        ledger: Ledger,
        log: AgentLog,
        limits: LineLimits,
        readRate: ReadRateLimit?,
        printer: EntryPrinter?,
        inspector: StageInspector? = nil,
        endsWhenRead: Bool = false
    ) {
        self.readRate = readRate
        hasReadRate = readRate != nil
        self.number = number
        self.source = source
        self.pipelines = pipelines
        self.jobNames = jobNames
        jobSums = pipelines.map { _ in Ledger.JobSums() }
        self.targets = targets
        self.lanes = lanes
        var table = PlainTable<Unmanaged<ClientLane>>(capacity: lanes.count)
        for lane in lanes { table.append(Unmanaged.passUnretained(lane)) }
        laneTable = table
        self.mailbox = mailbox
        self.messages = messages
        bases = pipelines.map { _ in LabelBases() }
        self.ledger = ledger
        self.log = log
        self.limits = limits
        self.printer = printer
        self.inspector = inspector
        isInspected = inspector != nil
        self.endsWhenRead = endsWhenRead
        reported = ReportedCounts(pipelines, lanes)
    }

    /// Works until it is told to stop, or until no line can come any more.
    func run() {
        while !mailbox.isStopping, !source.isExhausted, !(endsWhenRead && isAllRead) { turn() }
        finish()
    }

    private func turn() {
        let now = Clock.now()
        serve(now)
        closeDue(now)
        if canRead, let item = messages?.take() { process(item, now) }
        if canRead, let chunk = source.nextChunk(now: now.monotonic) {
            process(chunk, now)
            return
        }
        handleEvents()
        isAllRead = canRead && now.monotonic - started >= Self.firstLook
        if !(endsWhenRead && isAllRead) { rest(now.monotonic) }
    }

    /// Waits until there is something to do.
    private func rest(_ now: Int64) {
        if canRead, !(messages?.isEmpty ?? true) { return }
        let deadline = nextDeadline(now)
        // While the output is blocked, lines that wait must not wake us.
        let descriptor = source.isNotified || canRead ? source.waitDescriptor : -1
        let isCalled = mailbox.wakeup.wait(also: [descriptor], until: deadline == .max ? nil : deadline)
        guard !isCalled, source.isNotified else { return }
        // A notification so soon after the last look waits for the next one, or a stream of them would keep us busy.
        let next = min(deadline, lastObservation + Self.observationPeriod)
        if Clock.monotonic() < next { mailbox.wakeup.wait(until: next) }
    }

    private var canRead: Bool { lanes.allSatisfy { $0.hasRoom } }

    /// Answers, requests, and what happens to files.
    func serve(_ now: Moment) {
        settleEnded()
        if now.monotonic - lastObservation >= Self.observationPeriod {
            lastObservation = now.monotonic
            source.observe(now: now.monotonic)
            handleEvents()
        }
        if let wanted = mailbox.takeNewTargets() { replaceTargets(wanted) }
        if mailbox.wantsSnapshot { publish() }
        if hasNews, now.monotonic - lastReport >= Self.reportPeriod { report(now.monotonic) }
    }

    private func replaceTargets(_ wanted: TargetSet) {
        targets = wanted.targets
        (source as? TailSet)?.replaceTargets(wanted.tails)
        handleEvents()
        hasNews = true
    }

    private func nextDeadline(_ now: Int64) -> Int64 {
        var deadline = hasNews ? lastReport + Self.reportPeriod : .max
        if endsWhenRead, now < started + Self.firstLook { deadline = min(deadline, started + Self.firstLook) }
        for lane in lanes { deadline = min(deadline, lane.deadline ?? .max) }
        for pipeline in pipelines { deadline = min(deadline, pipeline.deadline ?? .max) }
        return min(deadline, source.nextDeadline(now: now) ?? .max)
    }

    // MARK: - Answers

    /// Takes back batches that were answered for and moves positions.
    func settleEnded() {
        for lane in lanes {
            for (batch, ending) in lane.queue.takeEnded(number) {
                note(ending, of: batch, at: lane.host)
                if ending == .givenUp { noteGivenUp(batch.spans) }
                if ending != .abandoned { release(batch.spans) }
                lane.queue.recycle(batch)
            }
        }
    }

    /// Counts for each job what became of its entries.
    private func note(_ ending: BatchQueue.Ending, of batch: PushBatch, at host: String) {
        hasNews = true
        for index in pipelines.indices {
            let count = UInt64(batch.entries(of: index))
            guard count > 0 else { continue }
            var sums = jobSums[index].clients[host, default: Ledger.JobClientSums()]
            switch ending {
            case .accepted: sums.delivered += count
            case .givenUp: sums.givenUp += count
            case .abandoned: sums.returned += count
            }
            jobSums[index].clients[host] = sums
        }
    }

    private func noteGivenUp(_ spans: [SpanID]) {
        for span in spans { sources[span.source]?.isGivenUp = true }
    }

    /// Lets go of spans and tells the source how far it is safe now.
    func release(_ spans: [SpanID]) {
        for span in spans { sources[span.source]?.window.release(span.number) }
        for number in Set(spans.map { $0.source }) {
            if let state = sources[number] { advance(state) }
        }
    }

    func advance(_ state: SourceState) {
        if let position = state.window.advance(), state.batch == nil {
            source.acknowledge(SourceID(rawValue: state.number), position: position)
        }
        // The source whose chunk is at work is asked again behind its last line.
        if state.isFinished, state.window.isIdle, state !== currentSource { forget(state) }
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
        report(now.monotonic)
        // Without a request to stop (standard input has ended) the answers have all the time they need.
        while sources.values.contains(where: { !$0.window.isIdle }) {
            let deadline = mailbox.stopDeadline
            now = Clock.now()
            guard now.monotonic < deadline else { break }
            mailbox.wakeup.wait(until: min(deadline, now.monotonic + 100_000_000))
            settleEnded()
            if mailbox.wantsSnapshot { publish() }
        }
        settleEnded()
        tellUnanswered()
        report(now.monotonic)
        publish()
        source.finishAll()
        mailbox.end()
    }
}

/// `limits_config`: what is too long for Loki.
struct LineLimits {
    /// Bytes; 0 for no limit.
    let maximumBytes: Int
    let truncates: Bool

    /// Bytes up to which a line is not too long.
    var longest: Int { maximumBytes > 0 ? maximumBytes : .max }
}
