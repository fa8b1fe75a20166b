package import Configuration
import CMemory
import Delivery
import Entries
import Files
import Glibc
import Loki
import Stages
import Synchronization

/// How the agent runs, beyond what the configuration says.
package struct AgentOptions: Sendable {
    package var version: String
    /// Prints entries instead of sending them; positions are read and not written.
    package var isDryRun = false
    /// Prints the sums at the end on standard output.
    package var printsSummary = false

    package init(version: String) { self.version = version }
}

/// The whole agent: makes workers and senders, saves positions, obeys signals, ends in order.
///
/// The thread that calls ``run()`` becomes the main thread of the agent; signals must be blocked in all threads before,
/// see ``Signals/block()``.
package final class AgentRun {
    let configuration: AgentConfiguration
    let options: AgentOptions
    let log: AgentLog
    package let ledger = Ledger()
    private var mailboxes: [WorkerMailbox] = []
    private var workers: [AgentThread] = []
    private var senders: [AgentThread] = []
    private var queues: [BatchQueue] = []
    private let interrupt = PushInterrupt()
    private let mainWakeup: Wakeup
    private var keeper: PositionsKeeper?
    private var server: StatusServer?

    package init(_ configuration: AgentConfiguration, options: AgentOptions, log: AgentLog) throws(AgentError) {
        self.configuration = configuration
        self.options = options
        self.log = log
        mainWakeup = try Wakeup()
    }

    /// Runs until a signal or the end of standard input; gives the exit code.
    package func run() throws(AgentError) -> Int32 {
        cmemory_keep_heap_small()
        let started = Clock.monotonic()
        log.info("Starting sluice", ("version", options.version))
        var keeper = try PositionsKeeper(configuration.positions, log: log, isWritable: !options.isDryRun)
        try start(&keeper)
        self.keeper = keeper
        let status = AgentStatus(
            ledger: ledger, log: log, version: options.version,
            readsStandardInput: configuration.targets.readsStandardInput, mailboxes: mailboxes, queues: queues)
        server = try StatusServer(status, configuration.server, log: log)
        cmemory_drop_program_pages()
        let code = loop()
        server?.stop()
        log.info("stopped")
        if options.printsSummary { Summary(ledger.current, seconds: Double(Clock.monotonic() - started) / 1e9).print() }
        return code
    }

    // MARK: - Start

    private func start(_ keeper: inout PositionsKeeper) throws(AgentError) {
        let plan = try WorkerPlan(configuration, log: log)
        for _ in plan.groups { mailboxes.append(try WorkerMailbox(main: mainWakeup)) }
        if !options.isDryRun { try startSenders() }
        for (number, group) in plan.groups.enumerated() {
            let source: any LineSource
            if configuration.targets.readsStandardInput {
                source = StandardInput(target: 0)
            } else {
                let set = TailSet(options: plan.tailOptions, positions: keeper.loaded)
                set.replaceTargets(group.tails)
                source = set
            }
            let worker = Worker(
                number: number, source: source, pipelines: group.pipelines, targets: group.targets,
                lanes: makeLanes(number, pipelines: group.pipelines.count), mailbox: mailboxes[number],
                ledger: ledger, log: log,
                limits: LineLimits(
                    maximumBytes: configuration.limits.maxLineBytes,
                    truncates: configuration.limits.truncatesLongLines),
                printer: options.isDryRun ? EntryPrinter() : nil)
            workers.append(try AgentThread(worker) { $0.run() })
        }
    }

    private func startSenders() throws(AgentError) {
        for client in configuration.clients {
            let flow = FlowControl(limit: configuration.limits.maxInFlightBytes, batchLimit: Self.batchLimit)
            let queue = try BatchQueue(
                flow: flow, workers: mailboxes.map { $0.wakeup }, batchBytes: client.batchBytes)
            let sender: Sender
            do throws(ClientError) {
                sender = try Sender(
                    senderOptions(client), queue: queue, ledger: ledger, log: log, interrupt: interrupt)
            } catch {
                throw AgentError("client \(client.url.map { "\($0)" } ?? ""): \(error)")
            }
            queues.append(queue)
            senders.append(try AgentThread(sender) { $0.run() })
        }
    }

    /// Closed batches of a client under way at a time: one travelling, two ready.
    private static let batchLimit = 3

    private func senderOptions(_ client: Configuration.ClientOptions) -> Sender.Options {
        // What cannot be read again from disk keeps Promtail's number of attempts; files are kept for ever.
        let isGiven = client.backoff.isMaxRetriesGiven || configuration.targets.readsStandardInput
        return Sender.Options(
            client: Loki.ClientOptions(client, version: options.version), host: client.url?.host ?? "",
            retry: RetrySchedule(
                minimum: client.backoff.minimumPeriod, maximum: client.backoff.maximumPeriod,
                maxRetries: isGiven ? client.backoff.maximumRetries : nil),
            dropsRateLimited: client.dropsRateLimitedBatches, usesJSON: client.encoding == .json)
    }

    private func makeLanes(_ worker: Int, pipelines: Int) -> [ClientLane] {
        zip(queues, configuration.clients).map { queue, client in
            ClientLane(
                queue: queue,
                policy: BatchPolicy(sizeLimit: client.batchBytes, wait: client.batchWait.nanoseconds), worker: worker,
                pipelines: pipelines, externalLabels: client.externalLabels, tenant: client.tenantID)
        }
    }

    // MARK: - Main thread

    private func loop() -> Int32 {
        var nextSave = Clock.monotonic() + configuration.positions.syncPeriod.nanoseconds
        while true {
            if let signal = Signals.next(until: nextSave, or: mainWakeup) {
                if signal == SIGHUP {
                    log.warn("reload is not available yet; restart to use a changed configuration")
                    continue
                }
                log.info("=== received SIGINT/SIGTERM === *** exiting")
                return stop()
            }
            keeper?.takeSnapshots(mailboxes)
            if mailboxes.allSatisfy({ $0.state.withLock { $0.isDone } }) { return stop() }
            if Clock.monotonic() >= nextSave {
                nextSave = Clock.monotonic() + configuration.positions.syncPeriod.nanoseconds
                for mailbox in mailboxes { mailbox.requestSnapshot() }
                keeper?.savesNextSnapshots = true
            }
        }
    }

    /// Ends in order: workers stop reading and flush, senders get their answers, positions are written.
    private func stop() -> Int32 {
        let deadline = Clock.monotonic() + configuration.limits.shutdownTimeout.nanoseconds
        for mailbox in mailboxes { mailbox.stop(deadline: deadline) }
        while !mailboxes.allSatisfy({ $0.state.withLock { $0.isDone } }) {
            if let signal = Signals.next(until: deadline + 2_000_000_000, or: mainWakeup), signal != SIGHUP {
                log.warn("second signal, ending at once; what is not answered for is read again at the next start")
                _exit(1)
            }
            if Clock.monotonic() > deadline { interrupt.interrupt() }
        }
        interrupt.interrupt()
        for queue in queues { queue.close() }
        for worker in workers { worker.join() }
        for sender in senders { sender.join() }
        keeper?.takeSnapshots(mailboxes)
        keeper?.save()
        return 0
    }
}
