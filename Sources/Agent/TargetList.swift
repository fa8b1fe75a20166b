import Configuration
import Files
import Glibc
import Languages
import Targets

/// The targets of all scrape configs, as Promtail finds them (sources.md 2); found anew when a discovery has news.
///
/// A target keeps its number for as long as it is found, and no other target gets it afterwards.
struct TargetList {
    struct Item {
        let id: Int
        /// Index of the scrape config.
        let job: Int
        let path: String
        let exclude: String?
        /// Without names that begin with `__`, sorted.
        let labels: [(name: String, value: [UInt8])]
        /// As it was found, before relabelling.
        let discovered: [String: String]
    }

    /// A target that is not read.
    struct Dropped {
        let job: Int
        let discovered: [String: String]
        let reason: Reason
    }

    /// Why a target is not read, as `promtail_targets_failed_total` names it.
    enum Reason: String, CaseIterable {
        case dropped
        case wrongHost = "wrong_host"
        case noPath = "no_path"
        case exists
    }

    private(set) var items: [Item] = []
    private(set) var dropped: [Dropped] = []
    private let scrapes: [ScrapeConfig]
    private let relabellings: [Relabelling]
    private let hostname = TargetList.hostname()
    /// By what tells targets apart.
    private var numbers: [[String]: Int] = [:]
    private var lastNumber = -1
    /// What was told of targets that are not read, once.
    private var told: Set<String> = []

    /// Compiles the relabelling of the configuration, which the caller has checked.
    init(_ configuration: AgentConfiguration) throws(AgentError) {
        scrapes = configuration.scrapeConfigs
        var compiled: [Relabelling] = []
        for scrape in scrapes {
            do throws(Diagnostic) {
                compiled.append(try Relabelling(scrape.relabelRules))
            } catch {
                throw AgentError("job \(scrape.jobName): \(error.message)")
            }
        }
        relabellings = compiled
    }

    /// Finds the targets: the static ones, and for each job those with the labels that its discoveries found.
    mutating func find(_ discovered: [[[String: String]]], _ log: AgentLog) {
        items = []
        dropped = []
        var seen: [[String]: Int] = [:]
        for (job, scrape) in scrapes.enumerated() {
            for found in scrape.staticGroups.flatMap(\.targetLabels) + discovered[job] {
                add(found, job: job, seen: &seen, log)
            }
        }
        numbers = seen
    }

    private mutating func add(_ found: [String: String], job: Int, seen: inout [[String]: Int], _ log: AgentLog) {
        guard let labels = relabellings[job].labels(of: found) else {
            return drop(found, job, .dropped, "dropped target", ("address", found["__address__"] ?? ""), log)
        }
        if let host = labels["__host__"], host != hostname {
            return drop(found, job, .wrongHost, "ignoring target, wrong host", ("hostname", hostname), log)
        }
        guard let path = labels["__path__"] else {
            return drop(found, job, .noPath, "no path for target", ("address", found["__address__"] ?? ""), log)
        }
        let exclude = labels["__path_exclude__"]
        let kept = labels.filter { !$0.key.hasPrefix("__") }.sorted { $0.key < $1.key }
        let identity = ["\(job)", path, exclude ?? ""] + kept.flatMap { [$0.key, $0.value] }
        guard seen[identity] == nil else {
            dropped.append(Dropped(job: job, discovered: found, reason: .exists))
            return
        }
        let number = numbers[identity] ?? lastNumber + 1
        lastNumber = max(lastNumber, number)
        seen[identity] = number
        items.append(
            Item(
                id: number,
                job: job,
                path: path,
                exclude: exclude,
                labels: kept.map { ($0.key, Array($0.value.utf8)) },
                discovered: found
            )
        )
    }

    private mutating func drop(
        _ found: [String: String],
        _ job: Int,
        _ reason: Reason,
        _ message: StaticString,
        _ detail: (String, String),
        _ log: AgentLog
    ) {
        dropped.append(Dropped(job: job, discovered: found, reason: reason))
        guard told.count < Self.mostTold, told.insert("\(job) \(message) \(detail.1)").inserted else { return }
        log.info(message, ("job", scrapes[job].jobName), detail)
    }

    /// Different targets that are told not to be read.
    private static let mostTold = 1_000

    /// The machine's name as Promtail takes it: `HOSTNAME` where it is set.
    static func hostname() -> String {
        if let value = getenv("HOSTNAME"), value.pointee != 0 { return String(cString: value) }
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }
}
