import Configuration
import Receivers
import Targets

/// The receivers of a configuration: what they count, and the running ones.
struct ReceiverSet {
    private let scrapes: [ScrapeConfig]
    private let log: AgentLog
    private let counts: ReceiverTotals
    private var running: [any Receiver] = []

    /// - Throws: what is wrong with a rule, in one sentence.
    init(_ configuration: AgentConfiguration, counts: ReceiverTotals, log: AgentLog) throws(AgentError) {
        scrapes = configuration.targets.readsStandardInput ? [] : configuration.scrapeConfigs
        self.log = log
        self.counts = counts
        for scrape in scrapes {
            do throws(Diagnostic) {
                _ = try Relabelling(scrape.relabelRules)
            } catch {
                throw AgentError("job \(scrape.jobName): \(error.message)")
            }
        }
    }

    /// How many run.
    var count: Int { running.count }

    /// Begins to listen; `sink` gives the way into the pipeline of a scrape config.
    ///
    /// - Throws: when an address cannot be bound; those before it run then.
    mutating func start(_ sink: (Int) -> InletSink) throws(AgentError) {
        for (job, scrape) in scrapes.enumerated() {
            do throws(ReceiverError) {
                try start(scrape, sink(job))
            } catch {
                throw AgentError("job \(scrape.jobName): \(error)")
            }
        }
    }

    private mutating func start(
        _ scrape: ScrapeConfig,
        _ sink: InletSink
    ) throws(ReceiverError) {
        let job = scrape.jobName
        let log = self.log
        switch scrape.kinds.first {
        case .syslog:
            guard let options = scrape.syslog else { return }
            let receiver = try SyslogReceiver(
                options,
                rules: scrape.relabelRules,
                needsNames: scrape.relabelRules.contains { $0.mayRead("__syslog_connection_hostname") },
                sink: sink,
                counts: counts.begin(.syslog),
                log: { log.warn("syslog", ("job", job), ("problem", $0)) }
            )
            add(receiver, job, "syslog listening on address", receiver.port)
        case .pushAPI:
            guard let options = scrape.pushAPI else { return }
            let receiver = try PushAPIReceiver(
                options,
                rules: scrape.relabelRules,
                sink: sink,
                counts: counts.begin(.pushAPI)
            )
            add(receiver, job, "push API listening on address", receiver.port)
        case .gelf:
            guard let options = scrape.gelf else { return }
            let receiver = try GELFReceiver(
                options,
                rules: scrape.relabelRules,
                sink: sink,
                counts: counts.begin(.gelf)
            )
            add(receiver, job, "gelf listening on address", receiver.port)
        default: break
        }
    }

    private mutating func add(_ receiver: any Receiver, _ job: String, _ message: StaticString, _ port: Int) {
        running.append(receiver)
        log.info(message, ("job", job), ("port", "\(port)"))
    }

    /// Ends all, once every request that waits for an answer has it.
    mutating func stop() {
        for receiver in running { receiver.stop() }
        running = []
    }
}

/// What listens on a port until it is stopped.
protocol Receiver {
    func stop()
}

extension SyslogReceiver: Receiver {}
extension PushAPIReceiver: Receiver {}
extension GELFReceiver: Receiver {}

extension RelabelRule {
    /// Whether the rule may look at a label of that name.
    fileprivate func mayRead(_ name: String) -> Bool {
        if case .labelmap = action { return true }
        return sourceLabels.contains(name)
    }
}
