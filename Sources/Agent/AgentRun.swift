import CMemory
package import Configuration
import Delivery
import Entries
import Files
import Glibc
import Loki
import Stages

/// How the agent runs, beyond what the configuration says.
package struct AgentOptions: Sendable {
    package var version: String
    /// Prints entries instead of sending them; positions are read and not written.
    package var isDryRun = false
    /// Prints the sums at the end on standard output.
    package var printsSummary = false
    /// Ends by itself when everything there is has been read and answered for.
    package var endsWhenRead = false

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
    private var parts = AgentParts()
    private var threads: [AgentThread] = []
    private let mainWakeup: Wakeup
    private let signals: SignalQueue

    package init(_ configuration: AgentConfiguration, options: AgentOptions, log: AgentLog) throws(AgentError) {
        self.configuration = configuration
        self.options = options
        self.log = log
        try OpenFileLimit.check(workers: 1)
        mainWakeup = try Wakeup()
        signals = try SignalQueue()
    }

    /// Runs until a signal or the end of standard input; gives the exit code.
    ///
    /// - Throws: before a line was read, when something cannot be had: positions, certificates, the server's port.
    package func run() throws(AgentError) -> Int32 {
        cmemory_keep_heap_small()
        let started = Clock.monotonic()
        log.info("Starting sluice", ("version", options.version))
        var keeper = try PositionsKeeper(configuration.positions, log: log, isWritable: !options.isDryRun)
        parts = try AgentParts(
            configuration,
            options,
            positions: keeper.loaded,
            ledger: ledger,
            log: log,
            main: mainWakeup
        )
        let status = AgentStatus(
            ledger: ledger,
            log: log,
            version: options.version,
            readsStandardInput: configuration.targets.readsStandardInput,
            mailboxes: parts.mailboxes,
            queues: parts.queues
        )
        let server = try StatusServer(status, configuration.server, log: log)
        for sender in parts.senders { threads.append(try AgentThread(sender) { $0.run() }) }
        for worker in parts.workers { threads.append(try AgentThread(worker) { $0.run() }) }
        // They are their threads' own now.
        parts.forgetThreads()
        cmemory_drop_program_pages()
        loop(&keeper)
        stop(&keeper)
        server.stop()
        log.info("stopped")
        if options.printsSummary { Summary(ledger.current, seconds: Double(Clock.monotonic() - started) / 1e9).print() }
        return 0
    }

    // MARK: - Main thread

    /// Saves positions until a signal comes or every worker is done.
    private func loop(_ keeper: inout PositionsKeeper) {
        var schedule = SaveSchedule(period: configuration.positions.syncPeriod.nanoseconds, now: Clock.monotonic())
        while true {
            if let signal = signals.next(until: schedule.next, or: mainWakeup) {
                if signal == SIGHUP {
                    log.warn("reload is not available yet; restart to use a changed configuration")
                    continue
                }
                return log.info("=== received SIGINT/SIGTERM === *** exiting")
            }
            keeper.takeSnapshots(parts.mailboxes)
            if parts.mailboxes.allSatisfy({ $0.isDone }) { return }
            for mailbox in parts.mailboxes where mailbox.takeNeedOfSave() { schedule.bringForward() }
            guard schedule.isDue(now: Clock.monotonic()) else { continue }
            for mailbox in parts.mailboxes { mailbox.requestSnapshot() }
            keeper.savesNextSnapshots = true
        }
    }

    /// Ends in order: workers stop reading and flush, senders get their answers, positions are written.
    private func stop(_ keeper: inout PositionsKeeper) {
        let start = Clock.monotonic()
        let deadline = start &+ configuration.limits.shutdownTimeout.nanoseconds
        var tellAt = deadline - start > Self.quietWait ? start + Self.quietWait : Int64.max
        for mailbox in parts.mailboxes { mailbox.stop(deadline: deadline) }
        while !parts.mailboxes.allSatisfy({ $0.isDone }) {
            let next = min(tellAt, max(deadline, Clock.monotonic() + Self.stopPeriod))
            if let signal = signals.next(until: next, or: mainWakeup), signal != SIGHUP {
                log.warn("second signal, ending at once; what is not answered for is read again at the next start")
                _exit(1)
            }
            if Clock.monotonic() >= tellAt {
                tellAt = .max
                tellWaiting()
            }
            if Clock.monotonic() >= deadline { parts.interrupt.interrupt() }
        }
        // What is left takes no more than a moment, unless the disk hangs: then a signal ends the process.
        Signals.unblock()
        parts.interrupt.interrupt()
        for queue in parts.queues { queue.close() }
        for thread in threads { thread.join() }
        keeper.takeSnapshots(parts.mailboxes)
        keeper.save()
    }

    private func tellWaiting() {
        let entries = ledger.current.clients.values.reduce(0) { $0 + $1.inFlightEntries }
        log.info(
            "waiting for Loki's answers; a second signal ends at once",
            ("entries", "\(entries)"),
            ("at_most", GoDuration.text(configuration.limits.shutdownTimeout))
        )
    }

    /// A stop that takes longer says what it waits for: 500 ms.
    private static let quietWait: Int64 = 500_000_000
    /// How often it is looked whether workers are done after the deadline: 1 s.
    private static let stopPeriod: Int64 = 1_000_000_000
}
