/// One item of `scrape_configs`: where entries come from and which stages they pass.
package struct ScrapeConfig: Sendable {
    package let jobName: String
    package let position: YAMLPosition
    /// The kinds given, in order of precedence; Promtail uses the first group only.
    package let kinds: [SourceKind]
    /// Each stage as written, for the catalogue of stages.
    package let pipelineStages: [YAMLNode]
    package let relabelRules: [RelabelRule]
    /// IANA name of the character set of files; nil: UTF-8.
    package let encoding: String?
    package let encodingPosition: YAMLPosition
    package let decompression: DecompressionOptions?
    package let staticGroups: [StaticGroup]
    package let fileDiscoveries: [FileDiscoveryOptions]
    package let kubernetes: [KubernetesOptions]
    package let docker: [DockerOptions]
    package let journal: JournalOptions?
    package let syslog: SyslogOptions?
    package let pushAPI: PushAPIOptions?
    package let gelf: GELFOptions?

    /// Kinds that are used and cannot be read.
    package var unsupportedKinds: [SourceKind] { kinds.filter { !$0.isSupported } }

    static let specs: [OptionSpec] =
        [
            .required("job_name", .string, "Name of the job, unique in the file."),
            .optional("pipeline_stages", .stages, "Stages that each entry passes."),
            .optional("relabel_configs", .mappings, "Rules that make labels of targets."),
            .optional("encoding", .string, "Character set of the files."),
            .optional("decompression", .mapping, "Reads compressed files."),
        ] + SourceKind.allCases.map { .optional($0.rawValue, $0.isList ? .mappings : .mapping, "Kind of source.") }

    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "scrape_configs", specs: Self.specs, diagnostics: &diagnostics)
        position = node.position
        jobName = options.text("job_name")
        options.checkIsNotEmpty("job_name", &diagnostics)
        pipelineStages = options.node("pipeline_stages")?.items ?? []
        encoding = options.string("encoding").flatMap { $0.isEmpty ? nil : $0 }
        encodingPosition = options.position(of: "encoding")
        kinds = Self.kinds(options, &diagnostics)
        relabelRules = options.each("relabel_configs", &diagnostics) { RelabelRule($0, into: &$1) }
        decompression = options.one("decompression", &diagnostics) { DecompressionOptions($0, into: &$1) }
        staticGroups = options.each("static_configs", &diagnostics) { StaticGroup($0, into: &$1) }
        fileDiscoveries = options.each("file_sd_configs", &diagnostics) { FileDiscoveryOptions($0, into: &$1) }
        kubernetes = options.each("kubernetes_sd_configs", &diagnostics) { KubernetesOptions($0, into: &$1) }
        docker = options.each("docker_sd_configs", &diagnostics) { DockerOptions($0, into: &$1) }
        journal = options.one("journal", &diagnostics) { JournalOptions($0, into: &$1) }
        syslog = options.one("syslog", &diagnostics) { SyslogOptions($0, into: &$1) }
        pushAPI = options.one("loki_push_api", &diagnostics) { PushAPIOptions($0, into: &$1) }
        gelf = options.one("gelf", &diagnostics) { GELFOptions($0, into: &$1) }
        ForeignSources.check(options, &diagnostics)
        if kinds.first == .journal, journal?.labels.isEmpty == true, relabelRules.isEmpty {
            var warning = options.mistake(
                "journal",
                "gives no entry a label, and entries without labels are dropped",
                help: "add labels, such as 'labels: {job: journal}'"
            )
            warning.severity = .warning
            diagnostics.add(warning)
        }
    }

    private static func kinds(_ options: Options, _ diagnostics: inout Diagnostics) -> [SourceKind] {
        let given = SourceKind.allCases.filter { options.isGiven($0.rawValue) }
        guard let first = given.first else {
            guard options.isReadable else { return [] }
            let help = "this version reads \(SourceKind.supportedNames)"
            diagnostics.add(options.mistake("no kind of source", help: help))
            return []
        }
        var used: [SourceKind] = []
        for kind in given {
            if kind == first || (kind.findsFiles && first.findsFiles) {
                used.append(kind)
                continue
            }
            let message = "is ignored: '\(first.rawValue)' in the same scrape config comes first"
            var warning = options.mistake(kind.rawValue, message, help: "make it a scrape config of its own")
            warning.severity = .warning
            diagnostics.add(warning)
        }
        return used
    }
}

extension Options {
    /// Reads each item of a list of mappings.
    func each<Item>(
        _ name: String,
        _ diagnostics: inout Diagnostics,
        _ read: (YAMLNode, inout Diagnostics) -> Item
    ) -> [Item] {
        var items: [Item] = []
        for node in node(name)?.items ?? [] { items.append(read(node, &diagnostics)) }
        return items
    }

    /// Reads a mapping, if there is one.
    func one<Item>(
        _ name: String,
        _ diagnostics: inout Diagnostics,
        _ read: (YAMLNode, inout Diagnostics) -> Item
    ) -> Item? {
        guard let node = node(name), node.pairs != nil else { return nil }
        return read(node, &diagnostics)
    }
}
