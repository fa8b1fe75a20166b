import Configuration
import Entries
import Files
import Languages
import Stages

/// Which scrape configs share a worker, with their compiled pipelines.
///
/// All share one, except those whose pipeline can be made to wait (`limit` with `drop: false`): each of these has a
/// worker of its own, so that it holds up nobody else.
struct WorkerPlan {
    struct Group {
        var pipelines: [Pipeline] = []
        /// Index of the scrape config of each pipeline.
        var jobs: [Int] = []
    }

    private(set) var groups: [Group] = []
    private(set) var tailOptions: TailOptions
    private let scrapes: [ScrapeConfig]
    /// The targets of standard input, which are found once.
    private var inputTargets: Worker.TargetSet?

    init(_ configuration: AgentConfiguration, log: AgentLog) throws(AgentError) {
        var options = TailOptions()
        options.syncPeriod = configuration.targets.syncPeriod
        options.minimumPollPeriod = configuration.targets.minimumPollPeriod
        options.maximumPollPeriod = configuration.targets.maximumPollPeriod
        tailOptions = options
        scrapes = configuration.scrapeConfigs
        if configuration.targets.readsStandardInput {
            try planStandardInput(log)
        } else {
            try planFiles(log)
        }
    }

    private mutating func planFiles(_ log: AgentLog) throws(AgentError) {
        var shared = Group()
        for (job, scrape) in scrapes.enumerated() {
            let pipeline = try Self.compile(scrape)
            if pipeline.mayWait {
                groups.append(Group(pipelines: [pipeline], jobs: [job]))
            } else {
                shared.pipelines.append(pipeline)
                shared.jobs.append(job)
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

    /// The name of a scrape config; that of standard input where there is none.
    func jobName(_ job: Int) -> String { job < scrapes.count ? scrapes[job].jobName : "stdin" }

    /// The group of a scrape config, and its pipeline there.
    func place(of job: Int) -> (group: Int, pipeline: Int) {
        for (number, group) in groups.enumerated() {
            if let pipeline = group.jobs.firstIndex(of: job) { return (number, pipeline) }
        }
        preconditionFailure("scrape config \(job) has no pipeline")
    }

    /// What each worker reads of the targets that were found.
    func assign(_ list: TargetList) -> [Worker.TargetSet] {
        if let inputTargets { return [inputTargets] }
        return groups.map { group in
            var set = Worker.TargetSet()
            for item in list.items {
                guard let pipeline = group.jobs.firstIndex(of: item.job) else { continue }
                set.targets[item.id] = Worker.Target(pipeline: pipeline, labels: item.labels, addsFilename: true)
                set.tails.append(
                    TailTarget(
                        id: item.id,
                        pathPattern: item.path,
                        excludePattern: item.exclude,
                        decompression: Self.decompression(scrapes[item.job].decompression),
                        encoding: scrapes[item.job].encoding
                    )
                )
            }
            return set
        }
    }

    private static func decompression(_ options: DecompressionOptions?) -> TailTarget.Decompression? {
        guard let options, options.isEnabled, let format = options.format,
            let known = TailTarget.Decompression.Format(rawValue: format.rawValue)
        else { return nil }
        return TailTarget.Decompression(format: known, initialDelay: options.initialDelay)
    }

    /// The first scrape config takes standard input; without any, Promtail's default labels (sources.md 8).
    private mutating func planStandardInput(_ log: AgentLog) throws(AgentError) {
        if scrapes.count > 1 {
            log.warn("standard input uses the first scrape config only", ("skipped", "\(scrapes.count - 1)"))
        }
        var labels: [String: String] = ["job": "stdin"]
        if let scrape = scrapes.first {
            if !scrape.relabelRules.isEmpty {
                log.warn("relabel_configs do not apply to standard input", ("job", scrape.jobName))
            }
            labels = scrape.staticGroups.reduce(into: [:]) { $0.merge($1.labels) { $1 } }
            groups = [Group(pipelines: [try Self.compile(scrape)], jobs: [0])]
        } else {
            let empty = PipelineCompiler(diagnostics: Diagnostics(file: "")).compile([])
            groups = [Group(pipelines: [empty], jobs: [0])]
        }
        var set = Worker.TargetSet()
        set.targets[0] = Worker.Target(
            pipeline: 0,
            labels: labels.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) },
            addsFilename: false
        )
        inputTargets = set
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
