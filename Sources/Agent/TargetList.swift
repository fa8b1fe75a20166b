import Configuration
import Files
import Glibc
import Languages
import Targets

/// The targets of the static groups of all scrape configs, as Promtail finds them (sources.md 2).
struct TargetList {
    struct Item {
        let id: Int
        /// Index of the scrape config.
        let job: Int
        let path: String
        let exclude: String?
        /// Without names that begin with `__`, sorted.
        let labels: [(name: String, value: [UInt8])]
    }

    private(set) var items: [Item] = []

    init(_ configuration: AgentConfiguration, log: AgentLog) throws(AgentError) {
        let hostname = Self.hostname()
        var seen: Set<[String]> = []
        for (job, scrape) in configuration.scrapeConfigs.enumerated() {
            let relabelling = try Self.relabelling(scrape)
            for found in scrape.staticGroups.flatMap(\.targetLabels) {
                guard let labels = relabelling.labels(of: found) else {
                    log.info("dropped target", ("job", scrape.jobName), ("address", found["__address__"] ?? ""))
                    continue
                }
                add(labels, job: job, name: scrape.jobName, hostname: hostname, seen: &seen, log)
            }
        }
    }

    /// The caller has checked the configuration.
    private static func relabelling(_ scrape: ScrapeConfig) throws(AgentError) -> Relabelling {
        do throws(Diagnostic) {
            return try Relabelling(scrape.relabelRules)
        } catch {
            throw AgentError("job \(scrape.jobName): \(error.message)")
        }
    }

    /// Adds the target that relabelled labels describe, if they name files of this machine.
    private mutating func add(
        _ labels: [String: String],
        job: Int,
        name: String,
        hostname: String,
        seen: inout Set<[String]>,
        _ log: AgentLog
    ) {
        if let host = labels["__host__"], host != hostname {
            log.info("ignoring target, wrong host", ("job", name), ("hostname", hostname))
            return
        }
        guard let path = labels["__path__"] else {
            log.info("no path for target", ("job", name))
            return
        }
        let exclude = labels["__path_exclude__"]
        let kept = labels.filter { !$0.key.hasPrefix("__") }.sorted { $0.key < $1.key }
        let identity = ["\(job)", path, exclude ?? ""] + kept.flatMap { [$0.key, $0.value] }
        guard seen.insert(identity).inserted else { return }
        items.append(
            Item(
                id: items.count,
                job: job,
                path: path,
                exclude: exclude,
                labels: kept.map { ($0.key, Array($0.value.utf8)) }
            )
        )
    }

    /// The machine's name as Promtail takes it: `HOSTNAME` where it is set.
    private static func hostname() -> String {
        if let value = getenv("HOSTNAME"), value.pointee != 0 { return String(cString: value) }
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }
}
