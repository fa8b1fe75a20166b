import Configuration
import Delivery
import Files
import Loki
import Stages

/// Everything that runs with one configuration.
///
/// Made in two steps, so that a configuration which cannot be run is known before the one before it ends: first all that
/// may fail, then the workers, which need the positions that the others left.
struct AgentParts {
    let interrupt = PushInterrupt()
    private(set) var mailboxes: [WorkerMailbox] = []
    private(set) var queues: [BatchQueue] = []
    private(set) var senders: [Sender] = []
    private(set) var workers: [Worker] = []
    private(set) var discovery: TargetDiscovery
    private let configuration: AgentConfiguration
    private let options: AgentOptions
    private let plan: WorkerPlan
    private let ledger: Ledger
    private let log: AgentLog
    private var threads: [AgentThread] = []
    private var receivers: ReceiverSet
    private var journals: JournalSet
    private var containers: ContainerSet
    private var kubernetes: KubernetesSet
    private var positions = Positions()
    private var inlets: [MessageInlet] = []

    /// Closed batches of a client under way at a time: one travelling, two ready.
    private static let batchLimit = 3

    init(
        _ configuration: AgentConfiguration,
        _ options: AgentOptions,
        ledger: Ledger,
        receiverTotals: ReceiverTotals,
        log: AgentLog,
        main: Wakeup
    ) throws(AgentError) {
        self.configuration = configuration
        self.options = options
        self.ledger = ledger
        self.log = log
        plan = try WorkerPlan(configuration, log: log)
        kubernetes = try KubernetesSet(configuration, main: main, log: log)
        discovery = try TargetDiscovery(
            configuration,
            kubernetes: kubernetes.targets,
            ledger: ledger,
            log: log
        )
        receivers = try ReceiverSet(configuration, counts: receiverTotals, log: log)
        journals = try JournalSet(configuration, totals: receiverTotals, log: log)
        containers = try ContainerSet(configuration, totals: receiverTotals, log: log)
        for _ in plan.groups { mailboxes.append(try WorkerMailbox(main: main)) }
        inlets = mailboxes.map { MessageInlet(worker: $0.wakeup) }
        if !options.isDryRun {
            for client in configuration.clients { try add(client) }
        }
    }

    /// Finds the targets and makes the workers, which go on at `positions`; `held` are files that those before kept open.
    mutating func makeWorkers(positions: Positions, held: HeldFiles) {
        self.positions = positions
        discovery.look(now: Clock.monotonic())
        let sets = plan.assign(discovery.list)
        let readRate = ReadRateLimit(configuration.limits, now: Clock.monotonic())
        for (number, group) in plan.groups.enumerated() {
            Self.register(group.pipelines, ledger, log)
            let source: any LineSource
            if configuration.targets.readsStandardInput {
                source = StandardInput(target: 0)
            } else {
                let set = TailSet(options: plan.tailOptions, positions: positions, held: held)
                set.replaceTargets(sets[number].tails)
                source = set
            }
            workers.append(
                Worker(
                    number: number,
                    source: source,
                    pipelines: group.pipelines,
                    jobNames: group.jobs.map(plan.jobName),
                    targets: sets[number].targets,
                    lanes: lanes(number, group),
                    mailbox: mailboxes[number],
                    messages: inlets[number],
                    ledger: ledger,
                    log: log,
                    limits: LineLimits(
                        maximumBytes: configuration.limits.maxLineBytes,
                        truncates: configuration.limits.truncatesLongLines
                    ),
                    readRate: readRate,
                    printer: options.isDryRun ? EntryPrinter() : nil,
                    inspector: options.isInspecting ? StageInspector() : nil,
                    endsWhenRead: options.endsWhenRead
                )
            )
        }
    }

    /// Starts all threads, to which workers and senders belong until ``join()`` has returned.
    mutating func start() throws(AgentError) {
        for (number, sender) in senders.enumerated() {
            threads.append(try AgentThread(named: "sender \(number)", sender) { $0.run() })
        }
        for (number, worker) in workers.enumerated() {
            threads.append(try AgentThread(named: "worker \(number)", worker) { $0.run() })
        }
    }

    /// Has journals and containers read, and receivers listen; the threads must run.
    mutating func listen() throws(AgentError) {
        let (plan, inlets) = (plan, inlets)
        let sink = { (job: Int) in
            let (group, pipeline) = plan.place(of: job)
            return InletSink(inlet: inlets[group], pipeline: pipeline)
        }
        try kubernetes.start()
        try journals.start(positions: positions.values, sink)
        try containers.start(positions: positions.values, sink)
        try receivers.start(sink)
    }

    /// How many receivers listen, and journals and engines are read.
    var receiverCount: Int { receivers.count + journals.count + containers.count }

    /// Journals that are read.
    var journalTargets: [JournalSet.Target] { journals.targets }

    /// Where journals and containers are read on, by their keys in the positions file; empty for what is gone.
    func takeCursors() -> [String: String] { journals.cursors.merging(containers.takeCursors()) { $1 } }

    /// No message is taken any more; what was handed over still is.
    mutating func closeInlets() {
        journals.stop()
        containers.stop()
        kubernetes.stop()
        for inlet in inlets { inlet.close() }
    }

    /// Waits for the end of all threads, which must have been told to end; gives the files that are not read to their end.
    mutating func join() -> HeldFiles {
        for thread in threads { thread.join() }
        threads = []
        // Requests that waited for the end of the workers have their answers now.
        receivers.stop()
        var held = HeldFiles()
        for worker in workers { held.add((worker.source as? TailSet)?.heldFiles ?? HeldFiles()) }
        return held
    }

    mutating func noteTargetChanges(now: Int64) { discovery.noteChanges(now: now) }

    /// Looks for targets if that is due, and has the workers read what was found; false when it was not due.
    mutating func lookForTargets(now: Int64) -> Bool {
        guard discovery.look(now: now) else { return false }
        for (mailbox, set) in zip(mailboxes, plan.assign(discovery.list)) { mailbox.replaceTargets(set) }
        return true
    }

    /// Makes the metrics of pipelines known; a name that means two things is told.
    private static func register(_ pipelines: [Pipeline], _ ledger: Ledger, _ log: AgentLog) {
        for table in pipelines.flatMap(\.metrics.tables) where !ledger.customMetrics.register(table.definition) {
            log.warn(
                "a metric is defined twice with another type or other buckets; the second one is not counted",
                ("metric", table.definition.name)
            )
        }
    }

    /// The queue and the sender of a client.
    private mutating func add(_ client: Configuration.ClientOptions) throws(AgentError) {
        // The bound holds for all clients together.
        let flow = FlowControl(
            limit: configuration.limits.maxInFlightBytes / max(configuration.clients.count, 1),
            batchLimit: Self.batchLimit
        )
        let queue = try BatchQueue(flow: flow, workers: mailboxes.map { $0.wakeup }, batchBytes: client.batchBytes)
        // What cannot be read again from disk keeps Promtail's number of attempts; files are kept for ever.
        let isGiven = client.backoff.isMaxRetriesGiven || configuration.targets.readsStandardInput
        let senderOptions = Sender.Options(
            client: Loki.ClientOptions(client, version: options.version),
            host: Self.host(client),
            retry: RetrySchedule(
                minimum: client.backoff.minimumPeriod,
                maximum: client.backoff.maximumPeriod,
                maxRetries: isGiven ? client.backoff.maximumRetries : nil
            ),
            dropsRateLimited: client.dropsRateLimitedBatches,
            usesJSON: client.encoding == .json
        )
        do throws(ClientError) {
            senders.append(
                try Sender(senderOptions, queue: queue, ledger: ledger, log: log, interrupt: interrupt)
            )
        } catch {
            throw AgentError("client \(client.url.map { "\($0)" } ?? ""): \(error)")
        }
        ledger.update(client: Self.host(client)) { $0.ownTenant = client.tenantID }
        queues.append(queue)
    }

    private static func host(_ client: Configuration.ClientOptions) -> String { client.url?.host ?? "" }

    /// A worker's way to each client.
    private func lanes(
        _ worker: Int,
        _ group: WorkerPlan.Group
    ) -> [ClientLane] {
        zip(queues, configuration.clients).map { queue, client in
            ClientLane(
                queue: queue,
                host: Self.host(client),
                policy: BatchPolicy(sizeLimit: client.batchBytes, wait: client.batchWait.nanoseconds),
                worker: worker,
                pipelines: group.pipelines.count,
                externalLabels: client.externalLabels,
                tenant: client.tenantID,
                streamsPerBatch: configuration.limits.maxStreams,
                compressesAhead: client.encoding != .json
            )
        }
    }
}
