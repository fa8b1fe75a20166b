import CMemory
package import Configuration
import Delivery
import Entries
import Files
import Glibc
import HTTPServer
import Loki
import Stages

/// How the agent runs, beyond what the configuration says.
package struct AgentOptions: Sendable {
    package var version: String
    /// Prints entries instead of sending them; positions are read and not written.
    package var isDryRun = false
    /// Shows on standard error what stages change.
    package var isInspecting = false
    /// Prints the sums at the end on standard output.
    package var printsSummary = false
    /// Ends by itself when everything there is has been read and answered for.
    package var endsWhenRead = false
    /// Loads the configuration once more, from where it came from; nil where it came from nowhere.
    ///
    /// Tells the user itself of every mistake; throws a sentence about them.
    package var load: (@Sendable () throws(AgentError) -> AgentConfiguration)?

    package init(version: String) { self.version = version }
}

/// The whole agent: makes workers and senders, saves positions, obeys signals, reloads, ends in order.
///
/// The thread that calls ``run()`` becomes the main thread of the agent; signals must be blocked in all threads before,
/// see ``Signals/block()``.
package final class AgentRun {
    var configuration: AgentConfiguration
    let options: AgentOptions
    let log: AgentLog
    package let ledger = Ledger()
    var parts: AgentParts
    var keeper: PositionsKeeper
    let mainWakeup: Wakeup
    let signals: SignalQueue
    let status: AgentStatus
    let receiverTotals = ReceiverTotals()
    var serviceManager = ServiceManager(now: Clock.monotonic())

    /// - Throws: when something cannot be had: positions, certificates, room for a thread.
    package init(_ configuration: AgentConfiguration, options: AgentOptions, log: AgentLog) throws(AgentError) {
        self.configuration = configuration
        self.options = options
        self.log = log
        // What loading the program and its configuration took would else count to the peak together with what follows.
        cmemory_drop_program_pages()
        try OpenFileLimit.check(workers: 1)
        mainWakeup = try Wakeup()
        signals = try SignalQueue()
        log.info("Starting sluice", ("version", options.version))
        keeper = try PositionsKeeper(configuration.positions, log: log, isWritable: !options.isDryRun)
        parts = try AgentParts(
            configuration,
            options,
            ledger: ledger,
            receiverTotals: receiverTotals,
            log: log,
            main: mainWakeup
        )
        status = AgentStatus(
            ledger: ledger,
            receivers: receiverTotals,
            log: log,
            version: options.version,
            readsStandardInput: configuration.targets.readsStandardInput,
            reloads: ReloadRequests(main: mainWakeup)
        )
    }

    /// Runs until a signal or the end of standard input; gives the exit code.
    ///
    /// - Throws: before a line was read, when the server's port cannot be had.
    package func run() throws(AgentError) -> Int32 {
        cmemory_keep_heap_small()
        let started = Clock.monotonic()
        parts.makeWorkers(positions: keeper.loaded, held: HeldFiles())
        showStatus()
        cmemory_drop_program_pages()
        let server = try StatusServer(status, configuration.server, log: log)
        try parts.start()
        do throws(AgentError) {
            try parts.listen()
        } catch {
            _ = end(within: .zero, isReload: false)
            server.stop()
            throw error
        }
        showStatus()
        cmemory_drop_program_pages()
        serviceManager.ready()
        loop()
        serviceManager.stopping()
        _ = end(within: configuration.limits.shutdownTimeout, isReload: false)
        keeper.takeSnapshots(parts)
        keeper.save()
        while let request = status.reloads.take() { request.give(.text(503, "the agent is stopping\n")) }
        server.stop()
        log.info("stopped")
        if options.printsSummary { Summary(ledger.current, seconds: Double(Clock.monotonic() - started) / 1e9).print() }
        return 0
    }

    /// Tells the status server what runs now.
    func showStatus() {
        let text = configuration.maskedText
        let jobs = configuration.scrapeConfigs.map(\.jobName)
        let receivers = parts.receiverCount
        let journals = parts.journalTargets
        let (mailboxes, queues, list) = (parts.mailboxes, parts.queues, parts.discovery.list)
        status.update { running in
            running.mailboxes = mailboxes
            running.queues = queues
            running.receivers = receivers
            running.configuration = text
            running.jobs = jobs
            running.targets = list.items
            running.dropped = list.dropped
            running.journals = journals
        }
    }

    // MARK: - Main thread

    /// Saves positions, looks for targets and reloads until a signal comes or every worker is done.
    private func loop() {
        var schedule = SaveSchedule(period: configuration.positions.syncPeriod.nanoseconds, now: Clock.monotonic())
        while true {
            let next = min(schedule.next, parts.discovery.nextLook, serviceManager.nextBeat)
            if let signal = signals.next(until: next, or: mainWakeup, also: parts.discovery.descriptor) {
                guard signal == SIGHUP else { return log.info("=== received SIGINT/SIGTERM === *** exiting") }
                if reload() == .isEnding { return }
            }
            while let request = status.reloads.take() {
                let outcome = reload()
                request.give(outcome.answer)
                if outcome == .isEnding { return }
            }
            lookForTargets()
            keeper.takeSnapshots(parts)
            if parts.mailboxes.allSatisfy({ $0.isDone }) { return }
            for mailbox in parts.mailboxes where mailbox.takeNeedOfSave() { schedule.bringForward() }
            serviceManager.beat(
                now: Clock.monotonic(),
                workersAnswer: parts.mailboxes.allSatisfy { !$0.wantsSnapshot }
            )
            guard schedule.isDue(now: Clock.monotonic()) else { continue }
            for mailbox in parts.mailboxes { mailbox.requestSnapshot() }
            keeper.savesNextSnapshots = true
        }
    }

    private func lookForTargets() {
        parts.noteTargetChanges(now: Clock.monotonic())
        if parts.lookForTargets(now: Clock.monotonic()) { showStatus() }
    }

    /// Ends everything that runs, in order: workers stop reading and flush, senders get their answers within `patience`.
    ///
    /// Gives the files that were not read to their end, and whether a signal asked for the end of the agent meanwhile.
    func end(within patience: Duration, isReload: Bool) -> (held: HeldFiles, isEnding: Bool) {
        let start = Clock.monotonic()
        let deadline = start &+ patience.nanoseconds
        var tellAt = deadline - start > Self.quietWait ? start + Self.quietWait : Int64.max
        var isEnding = !isReload
        parts.closeInlets()
        for mailbox in parts.mailboxes { mailbox.stop(deadline: deadline) }
        while !parts.mailboxes.allSatisfy({ $0.isDone }) {
            let next = min(tellAt, max(deadline, Clock.monotonic() + Self.stopPeriod))
            if let signal = signals.next(until: next, or: mainWakeup), signal != SIGHUP {
                if isEnding {
                    log.warn("second signal, ending at once; what is not answered for is read again at the next start")
                    _exit(1)
                }
                isEnding = true
            }
            if Clock.monotonic() >= tellAt {
                tellAt = .max
                tellWaiting(patience)
            }
            if Clock.monotonic() >= deadline { parts.interrupt.interrupt() }
        }
        // What is left takes no more than a moment, unless the disk hangs: then a signal ends the process.
        if isEnding { Signals.unblock() }
        parts.interrupt.interrupt()
        for queue in parts.queues { queue.close() }
        return (parts.join(), isEnding)
    }

    private func tellWaiting(_ patience: Duration) {
        let entries = ledger.current.clients.values.reduce(0) { $0 + $1.inFlightEntries }
        log.info(
            "waiting for Loki's answers; a second signal ends at once",
            ("entries", "\(entries)"),
            ("at_most", GoDuration.text(patience))
        )
    }

    /// A stop that takes longer says what it waits for: 500 ms.
    private static let quietWait: Int64 = 500_000_000
    /// How often it is looked whether workers are done after the deadline: 1 s.
    private static let stopPeriod: Int64 = 1_000_000_000
}
