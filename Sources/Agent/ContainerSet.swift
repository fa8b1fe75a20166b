import Configuration
import Containers
import Receivers
import Targets

/// The container engines of a configuration: each is read by a thread of its own.
struct ContainerSet {
    private struct Running {
        let progress: ContainerProgress
        let wakeup: Wakeup
        let thread: AgentThread
    }

    private let scrapes: [(job: Int, scrape: ScrapeConfig, options: DockerOptions)]
    private let longestLine: Int
    private let log: AgentLog
    private let totals: ReceiverTotals
    private var running: [Running] = []
    /// Those that were stopped still learn of answers.
    private var ended: [ContainerProgress] = []

    /// Bytes of a line where `max_line_size` says nothing, as in Promtail: 256 KiB.
    private static let usualLongestLine = 256 << 10

    /// - Throws: what is wrong with a rule or an engine's options, in one sentence.
    init(_ configuration: AgentConfiguration, totals: ReceiverTotals, log: AgentLog) throws(AgentError) {
        self.log = log
        self.totals = totals
        let limit = configuration.limits.maxLineBytes
        longestLine = limit > 0 ? limit : Self.usualLongestLine
        scrapes = configuration.scrapeConfigs.enumerated().flatMap { job, scrape in
            guard scrape.kinds.first == .docker, !configuration.targets.readsStandardInput else {
                return [(job: Int, scrape: ScrapeConfig, options: DockerOptions)]()
            }
            return scrape.docker.map { (job, scrape, $0) }
        }
        if !scrapes.isEmpty { totals.beginContainers() }
        for (_, scrape, options) in scrapes {
            do throws(Diagnostic) {
                _ = try Relabelling(scrape.relabelRules)
            } catch {
                throw AgentError("job \(scrape.jobName): \(error.message)")
            }
            if let problem = ContainerSource.problem(options) {
                throw AgentError("job \(scrape.jobName): \(problem)")
            }
        }
    }

    /// How many engines are configured.
    var count: Int { scrapes.count }

    /// Begins to read behind the cursors of `positions`; `sink` gives the way into the pipeline of a scrape config.
    mutating func start(positions: [String: String], _ sink: (Int) -> InletSink) throws(AgentError) {
        let known = scrapes.isEmpty ? [:] : ContainerCursors.positions(in: positions)
        for (job, scrape, options) in scrapes {
            let (log, name) = (log, scrape.jobName)
            let source = ContainerSource(
                options,
                rules: scrape.relabelRules,
                longestLine: longestLine,
                sink: sink(job),
                counts: totals.containers,
                tell: { log.tell($0, job: name) }
            )
            let wakeup = try Wakeup()
            let progress = ContainerProgress(known)
            guard let reader = ContainerReader(source, progress: progress, wakeup: wakeup.descriptor) else {
                throw AgentError("job \(name): no memory for a connection to the engine")
            }
            let thread = try AgentThread(named: "containers \(running.count)", reader) { $0.run() }
            running.append(Running(progress: progress, wakeup: wakeup, thread: thread))
            log.info("reading containers", ("job", name), ("host", options.host))
        }
    }

    /// Where logs were answered for, by their keys in the positions file; empty for containers that are gone.
    func takeCursors() -> [String: String] {
        (running.map(\.progress) + ended).reduce(into: [:]) { cursors, progress in
            for (id, position) in progress.takePositions() {
                cursors.merge(ContainerCursors.values(id, position)) { first, _ in first }
            }
        }
    }

    /// Reads no more; what was handed over still moves the positions.
    mutating func stop() {
        for one in running {
            one.progress.requestStop()
            one.wakeup.signal()
        }
        for one in running {
            one.thread.join()
            ended.append(one.progress)
        }
        running = []
    }
}

/// How positions of container logs stand in the positions file.
enum ContainerCursors {
    private static let prefix = "cursor-"
    /// Behind the key that Promtail reads: the same with fraction and line.
    private static let suffix = ".line"

    /// Promtail's whole seconds (sources.md 6.1), and beside them what they cannot say.
    static func values(_ id: String, _ position: String) -> [String: String] {
        [prefix + id: String(position.prefix { $0 != "." }), prefix + id + suffix: position]
    }

    /// Positions by container id; where somebody else has written Promtail's, that one counts.
    static func positions(in values: [String: String]) -> [String: String] {
        var positions: [String: String] = [:]
        for (key, value) in values where key.hasPrefix(prefix) && !key.hasSuffix(suffix) {
            let id = String(key.dropFirst(prefix.count))
            guard id.utf8.count == 64, Int64(value) != nil else { continue }
            let line = values[key + suffix]
            positions[id] = line.map { $0.hasPrefix(value + ".") ? $0 : value } ?? value
        }
        return positions
    }
}
