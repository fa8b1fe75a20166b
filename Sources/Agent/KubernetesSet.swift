import Configuration
import Containers

/// The Kubernetes discoveries of a configuration: each asks its API server on a thread of its own.
struct KubernetesSet {
    private struct Item {
        let reader: KubernetesReader
        let targets: KubernetesTargets
        let wakeup: Wakeup
    }

    private var items: [Item] = []
    private var threads: [AgentThread] = []
    /// What they find, by scrape config.
    private(set) var targets: [[KubernetesTargets]] = []

    /// - Parameters:
    ///   - configuration: whose `kubernetes_sd_configs` are meant.
    ///   - main: is signalled when targets have changed.
    ///   - log: is told when the API does not answer.
    /// - Throws: why an API server cannot be asked, in one sentence.
    init(_ configuration: AgentConfiguration, main: Wakeup, log: AgentLog) throws(AgentError) {
        for scrape in configuration.scrapeConfigs {
            var found: [KubernetesTargets] = []
            let isRead = scrape.kinds.first?.findsFiles == true && !configuration.targets.readsStandardInput
            for options in isRead ? scrape.kubernetes : [] {
                let job = scrape.jobName
                let targets = KubernetesTargets()
                let wakeup = try Wakeup()
                do throws(KubernetesProblem) {
                    let reader = try KubernetesReader(
                        options,
                        node: TargetList.hostname(),
                        targets: targets,
                        wakeup: wakeup.descriptor,
                        hasChanged: { main.signal() },
                        tell: { log.tellKubernetes($0, job: job) }
                    )
                    items.append(Item(reader: reader, targets: targets, wakeup: wakeup))
                } catch {
                    throw AgentError("job \(job): kubernetes_sd_configs: \(error.text)")
                }
                found.append(targets)
            }
            targets.append(found)
        }
    }

    /// Begins to ask.
    mutating func start() throws(AgentError) {
        for (number, item) in items.enumerated() {
            threads.append(try AgentThread(named: "kubernetes \(number)", item.reader) { $0.run() })
        }
    }

    /// Asks no more; what was found stays.
    mutating func stop() {
        for item in items {
            item.targets.requestStop()
            item.wakeup.signal()
        }
        for thread in threads { thread.join() }
        threads = []
    }
}
