import Configuration
import Entries
import Files
import Languages
import Stages

/// Which scrape configs share a worker, with their compiled pipelines and targets.
///
/// All share one, except those whose pipeline can be made to wait (`limit` with `drop: false`): each of these has a
/// worker of its own, so that it holds up nobody else.
struct WorkerPlan {
    struct Group {
        var pipelines: [Pipeline] = []
        var targets: [Int: Worker.Target] = [:]
        var tails: [TailTarget] = []
    }

    private(set) var groups: [Group] = []
    private(set) var tailOptions: TailOptions

    init(_ configuration: AgentConfiguration, log: AgentLog) throws(AgentError) {
        var options = TailOptions()
        options.syncPeriod = configuration.targets.syncPeriod
        options.minimumPollPeriod = configuration.targets.minimumPollPeriod
        options.maximumPollPeriod = configuration.targets.maximumPollPeriod
        tailOptions = options
        if configuration.targets.readsStandardInput {
            groups = [try Self.standardInput(configuration, log: log)]
        } else {
            try planFiles(configuration, log: log)
        }
    }

    private mutating func planFiles(_ configuration: AgentConfiguration, log: AgentLog) throws(AgentError) {
        var shared = Group()
        let targets = try TargetList(configuration, log: log)
        for (job, scrape) in configuration.scrapeConfigs.enumerated() {
            let pipeline = try Self.compile(scrape)
            let items = targets.items.filter { $0.job == job }
            if pipeline.mayWait {
                var own = Group()
                Self.add(items, scrape, pipeline, to: &own)
                groups.append(own)
            } else {
                Self.add(items, scrape, pipeline, to: &shared)
            }
        }
        groups.insert(shared, at: 0)
        try checkOpenFiles(log)
    }

    /// Divides the files that may be open among the workers.
    private mutating func checkOpenFiles(_ log: AgentLog) throws(AgentError) {
        try OpenFileLimit.check(workers: groups.count)
        tailOptions.descriptorLimit = max(1, tailOptions.descriptorLimit / groups.count)
        if tailOptions.descriptorLimit < Self.fewFiles {
            log.warn(
                "few files may be open at a time, so that they take turns; raise the limit (ulimit -n, LimitNOFILE)",
                ("files", "\(tailOptions.descriptorLimit)")
            )
        }
    }

    /// With fewer open files a worker is slowed down by opening them anew.
    private static let fewFiles = 32

    private static func add(
        _ items: [TargetList.Item],
        _ scrape: ScrapeConfig,
        _ pipeline: Pipeline,
        to group: inout Group
    ) {
        group.pipelines.append(pipeline)
        for item in items {
            group.targets[item.id] = Worker.Target(
                pipeline: group.pipelines.count - 1,
                labels: item.labels,
                addsFilename: true
            )
            group.tails.append(
                TailTarget(
                    id: item.id,
                    pathPattern: item.path,
                    excludePattern: item.exclude,
                    decompression: decompression(scrape.decompression),
                    encoding: scrape.encoding
                )
            )
        }
    }

    private static func decompression(_ options: DecompressionOptions?) -> TailTarget.Decompression? {
        guard let options, options.isEnabled, let format = options.format,
            let known = TailTarget.Decompression.Format(rawValue: format.rawValue)
        else { return nil }
        return TailTarget.Decompression(format: known, initialDelay: options.initialDelay)
    }

    /// The first scrape config takes standard input; without any, Promtail's default labels (sources.md 8).
    private static func standardInput(
        _ configuration: AgentConfiguration,
        log: AgentLog
    ) throws(AgentError) -> Group {
        if configuration.scrapeConfigs.count > 1 {
            log.warn(
                "standard input uses the first scrape config only",
                ("skipped", "\(configuration.scrapeConfigs.count - 1)")
            )
        }
        var group = Group()
        var labels: [String: String] = ["job": "stdin"]
        if let scrape = configuration.scrapeConfigs.first {
            if !scrape.relabelRules.isEmpty {
                log.warn("relabel_configs do not apply to standard input", ("job", scrape.jobName))
            }
            labels = scrape.staticGroups.reduce(into: [:]) { $0.merge($1.labels) { $1 } }
            group.pipelines = [try compile(scrape)]
        } else {
            group.pipelines = [PipelineCompiler(diagnostics: Diagnostics(file: "")).compile([])]
        }
        group.targets[0] = Worker.Target(
            pipeline: 0,
            labels: labels.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) },
            addsFilename: false
        )
        return group
    }

    /// The caller has checked the configuration; a mistake here means that something it names changed since.
    private static func compile(_ scrape: ScrapeConfig) throws(AgentError) -> Pipeline {
        let compiler = PipelineCompiler(diagnostics: Diagnostics(file: scrape.jobName))
        let pipeline = compiler.compile(scrape.pipelineStages)
        if let mistake = compiler.diagnostics.all.first(where: { $0.severity == .error }) {
            throw AgentError("job \(scrape.jobName): \(mistake.message)")
        }
        return pipeline
    }
}
