import Configuration
import Containers
import Files
import Languages
import Targets

/// Finds the targets of a configuration and looks for changes; used by the main thread.
struct TargetDiscovery {
    private(set) var list: TargetList
    /// By scrape config.
    private var discoveries: [[FileDiscovery]] = []
    /// What Kubernetes' API gives, by scrape config.
    private let kubernetes: [[KubernetesTargets]]
    private var watch: FolderWatch?
    /// Monotonic nanoseconds of the next look; `max` when nothing can change.
    private(set) var nextLook = Int64.max
    /// Whether nobody has looked yet; standard input has no targets to look for.
    private var isFirst: Bool
    private let ledger: Ledger
    private let log: AgentLog

    /// A file that is being written is read once it is left alone for so long: 50 ms.
    private static let settlingTime: Int64 = 50_000_000

    init(
        _ configuration: AgentConfiguration,
        kubernetes: [[KubernetesTargets]],
        ledger: Ledger,
        log: AgentLog
    ) throws(AgentError) {
        self.kubernetes = kubernetes
        self.ledger = ledger
        self.log = log
        list = try TargetList(configuration)
        isFirst = !configuration.targets.readsStandardInput
        for scrape in configuration.scrapeConfigs {
            var found: [FileDiscovery] = []
            for options in scrape.fileDiscoveries {
                do throws(LanguageError) {
                    found.append(try FileDiscovery(options))
                } catch {
                    throw AgentError("job \(scrape.jobName): file_sd_configs: \(error.message)")
                }
            }
            discoveries.append(found)
        }
        if discoveries.contains(where: { !$0.isEmpty }) { watch = FolderWatch(isEnabled: true) }
    }

    /// For poll(2): readable when ``noteChanges(now:)`` has something to do; -1 for never.
    var descriptor: Int32 { watch?.descriptor ?? -1 }

    /// Takes note of what happened in the folders of the files, and of what Kubernetes tells.
    mutating func noteChanges(now: Int64) {
        for targets in kubernetes.joined() where targets.takeNews() { nextLook = now }
        guard let watch, !watch.drain().isEmpty else { return }
        nextLook = min(nextLook, now + Self.settlingTime)
    }

    /// Looks at the files that list targets if that is due; true when targets may have changed.
    @discardableResult
    mutating func look(now: Int64) -> Bool {
        guard isFirst || now >= nextLook else { return false }
        isFirst = false
        nextLook = .max
        for job in discoveries.indices {
            for index in discoveries[job].indices {
                for problem in discoveries[job][index].refresh(read: Self.read) {
                    log.error(
                        "a file of targets is not used; those that it listed before stay",
                        ("path", problem.path),
                        ("error", problem.text)
                    )
                }
                let interval = discoveries[job][index].refreshInterval.nanoseconds
                nextLook = min(nextLook, now.addingReportingOverflow(interval).partialValue)
            }
        }
        watchFolders()
        let found = zip(discoveries, kubernetes).map { files, clusters in
            files.flatMap(\.targets) + clusters.flatMap(\.targets)
        }
        list.find(found, log)
        ledger.add(failedTargets: list.dropped.map(\.reason))
        return true
    }

    private func watchFolders() {
        guard let watch else { return }
        let folders = Set(discoveries.joined().flatMap(\.folders))
        watch.keepOnly(folders)
        for folder in folders { _ = watch.watch(folder) }
    }

    private static func read(_ path: String) -> Result<String, FileProblem> {
        do throws(SystemError) {
            guard let bytes = try WholeFile.read(path) else { return .failure(FileProblem("there is no such file")) }
            guard bytes.count <= FileDiscovery.sizeLimit else { return .failure(FileProblem("larger than 16 MiB")) }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return .failure(FileProblem("not UTF-8"))
            }
            return .success(text)
        } catch {
            return .failure(FileProblem("cannot be read: \(error.text)"))
        }
    }
}
