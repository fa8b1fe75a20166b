import Configuration
import Languages
import Stages
import Targets

/// A file with pipelines: a whole configuration, a mapping with `pipeline_stages`, or a bare list of stages.
struct PipelineFile {
    /// One pipeline with the labels of its targets.
    struct Job {
        /// Empty where the file is no whole configuration.
        let name: String
        let stages: [YAMLNode]
        /// The labels of each target behind its `relabel_configs`, `__path__` among them.
        let targets: [[String: String]]
    }

    let path: String
    /// Empty when the file has errors.
    let jobs: [Job]
    let tests: YAMLNode?
    var diagnostics: Diagnostics
    private let source: String
    /// Whether the file is a whole configuration.
    let isWhole: Bool

    private static let specs: [OptionSpec] = [
        .required("pipeline_stages", .stages, "Stages that each entry passes."),
        .optional("labels", .labels, "Labels that each entry arrives with."),
        .optional("tests", .node, "Tests of the pipeline."),
    ]

    /// Reads the file; mistakes in it go to ``diagnostics``.
    ///
    /// With `environment` references to variables are expanded, to what it gives.
    init(_ path: String, environment: ((String) -> String?)? = nil) throws(InputError) {
        self.path = path
        source = try TextFile.text(path)
        var found = Diagnostics(file: path)
        let root = YAMLParser.parse(YAMLSource(source, file: path), into: &found)
        if let stages = root?.items {
            isWhole = false
            jobs = [Job(name: "", stages: stages, targets: [])]
            tests = nil
            diagnostics = found
        } else if let root, root["pipeline_stages"] != nil {
            isWhole = false
            let options = Options(
                root,
                stage: "pipeline",
                position: root.position,
                specs: Self.specs,
                unknownOptions: .warning,
                isWeak: true,
                diagnostics: &found
            )
            let labels = options.map("labels") ?? []
            let target = Dictionary(labels.map { ($0.key, $0.value ?? "") }) { _, last in last }
            let stages = options.node("pipeline_stages")?.items ?? []
            jobs = [Job(name: "", stages: stages, targets: [target])]
            tests = options.node("tests")
            diagnostics = found
        } else {
            isWhole = true
            let loaded = AgentConfiguration.load(
                text: source,
                file: path,
                expandEnvironment: environment != nil,
                flags: Self.withoutClients,
                environment: environment ?? AgentConfiguration.processEnvironment
            )
            diagnostics = loaded.diagnostics
            // What is wrong with the YAML is among them already.
            found = Diagnostics(file: path)
            tests = loaded.configuration?.tests
            jobs = (loaded.configuration?.scrapeConfigs ?? []).map {
                Job(
                    name: $0.jobName,
                    stages: $0.pipelineStages,
                    targets: Self.targets($0, &found)
                )
            }
            diagnostics.add(found)
        }
        if environment != nil, !isWhole {
            throw InputError("\(path): environment references are expanded only in a whole configuration")
        }
    }

    /// The labels of the targets that relabelling leaves.
    private static func targets(_ scrape: ScrapeConfig, _ diagnostics: inout Diagnostics) -> [[String: String]] {
        do throws(Diagnostic) {
            let relabelling = try Relabelling(scrape.relabelRules)
            return scrape.staticGroups.flatMap(\.targetLabels).compactMap { relabelling.labels(of: $0) }
        } catch {
            diagnostics.add(error)
            return []
        }
    }

    /// Clients are not needed to run a pipeline.
    private static var withoutClients: FlagSet {
        var flags = FlagSet()
        // The flag exists, and takes no value that could be wrong.
        _ = try? flags.parse(["-dry-run"])
        return flags
    }

    /// Compiles the pipeline of `job`; nil when it has mistakes, which go to ``diagnostics``.
    mutating func compile(_ job: Job) -> Pipeline? {
        let compiler = PipelineCompiler(diagnostics: Diagnostics(file: path), seed: Replay.seed)
        let pipeline = compiler.compile(job.stages)
        diagnostics.add(compiler.diagnostics)
        return compiler.diagnostics.hasErrors ? nil : pipeline
    }

    /// Compiles and looks at all pipelines; what is found goes to ``diagnostics``.
    mutating func check() {
        for job in jobs {
            _ = compile(job)
            // Which labels the entries will have is not written in the file.
            var analysis = PipelineAnalysis(labels: KnownNames([], isOpen: true), file: path)
            analysis.read(job.stages)
            diagnostics.add(analysis.diagnostics)
        }
    }

    /// The jobs to run: the one named, or all.
    ///
    /// With mistakes in the file there may be none.
    func jobs(named name: String?) throws(InputError) -> [Job] {
        if diagnostics.hasErrors { return jobs.filter { name == nil || $0.name == name } }
        if jobs.isEmpty {
            throw InputError("\(path): has no pipeline: write 'scrape_configs', 'pipeline_stages' or a list of stages")
        }
        guard let name else { return jobs }
        guard isWhole else {
            throw InputError("\(path): no job '\(name)': the file is one pipeline, which has no name")
        }
        let named = jobs.filter { $0.name == name }
        guard named.isEmpty else { return named }
        let names = jobs.map { "'\($0.name)'" }.joined(separator: ", ")
        throw InputError("\(path): no job '\(name)'; there is \(names)")
    }

    mutating func report(_ node: YAMLNode, _ message: String) { diagnostics.add(Diagnostic(at: node, message)) }

    /// The mistakes as text.
    var rendered: String { diagnostics.render(source: source) }
}

extension PipelineFile.Job {
    /// What the target's labels are for an input of that name: those of the target whose `__path__` fits, or the first.
    func labels(for input: String) -> [String: String] {
        let fitting = targets.first { labels in
            guard let path = labels["__path__"] else { return false }
            // A pattern that does not compile fits nothing; checking reports it.
            return (try? GlobPattern(path))?.matches(input) ?? false
        }
        return (fitting ?? targets.first ?? [:]).filter { !$0.key.hasPrefix("__") }
    }
}
