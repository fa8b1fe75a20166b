import Configuration
import Journal
import Receivers
import Targets

/// The journals of a configuration: each is read by a thread of its own.
struct JournalSet {
    /// A journal that is read, as others may look at it.
    struct Target {
        /// Index of the scrape config.
        let job: Int
        let labels: [String: String]
        let progress: SourceProgress
    }

    private struct Running {
        let job: String
        let target: Target
        var progress: SourceProgress { target.progress }
        let wakeup: Wakeup
        let thread: AgentThread
    }

    private let scrapes: [(job: Int, scrape: ScrapeConfig, options: JournalOptions)]
    private let log: AgentLog
    private let totals: ReceiverTotals
    private var running: [Running] = []
    /// Where those that were stopped ended, by their key in the positions file.
    private var ended: [String: SourceProgress] = [:]

    /// Bytes of one entry's values together: 16 MiB, as of a line in a file.
    private static let longestEntry = 16 << 20

    /// - Throws: what is wrong with a rule, in one sentence.
    init(_ configuration: AgentConfiguration, totals: ReceiverTotals, log: AgentLog) throws(AgentError) {
        self.log = log
        self.totals = totals
        scrapes = configuration.scrapeConfigs.enumerated().compactMap { job, scrape in
            guard scrape.kinds.first == .journal, !configuration.targets.readsStandardInput else { return nil }
            return scrape.journal.map { (job, scrape, $0) }
        }
        if !scrapes.isEmpty { totals.beginJournal() }
        for (_, scrape, _) in scrapes {
            do throws(Diagnostic) {
                _ = try Relabelling(scrape.relabelRules)
            } catch {
                throw AgentError("job \(scrape.jobName): \(error.message)")
            }
        }
    }

    /// Those that are read.
    var targets: [Target] { running.map(\.target) }

    /// How many are configured.
    var count: Int { scrapes.count }

    /// Begins to read behind the cursors of `positions`; `sink` gives the way into the pipeline of a scrape config.
    mutating func start(positions: [String: String], _ sink: (Int) -> InletSink) throws(AgentError) {
        for (job, scrape, options) in scrapes {
            let (log, name) = (log, scrape.jobName)
            let source = JournalSource(
                options,
                rules: scrape.relabelRules,
                longestEntry: Self.longestEntry,
                sink: sink(job),
                counts: totals.journal,
                tell: { log.tell($0, job: name) }
            )
            let wakeup = try Wakeup()
            let key = Self.key(name)
            let cursor = positions[key].flatMap { $0.isEmpty ? nil : $0 }
            let progress = SourceProgress(cursor: cursor)
            let reader = JournalReader(source, progress: progress, wakeup: wakeup.descriptor)
            let target = Target(job: job, labels: options.labels, progress: progress)
            let thread = try AgentThread(named: "journal \(running.count)", reader) { $0.run() }
            running.append(Running(job: name, target: target, wakeup: wakeup, thread: thread))
            log.info("reading the journal", ("job", name), ("path", options.path ?? "the machine's own"))
        }
    }

    /// `cursor-<job_name>` (sources.md 6.1).
    private static func key(_ job: String) -> String { "cursor-\(job)" }

    /// The entries up to which everything was answered for, by their keys in the positions file.
    var cursors: [String: String] {
        let current = running.map { (Self.key($0.job), $0.progress) } + ended.map { ($0.key, $0.value) }
        return Dictionary(current.compactMap { key, progress in progress.acknowledged.map { (key, $0) } }) { first, _ in
            first
        }
    }

    /// Reads no more; what was handed over still moves the cursors.
    mutating func stop() {
        for one in running {
            one.progress.requestStop()
            one.wakeup.signal()
        }
        for one in running {
            one.thread.join()
            ended[Self.key(one.job)] = one.progress
        }
        running = []
    }
}
