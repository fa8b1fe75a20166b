/// Everything a configuration file says, checked, with the defaults of what it does not say.
package struct AgentConfiguration: Sendable {
    package internal(set) var server: ServerOptions
    /// The deprecated `client` comes last.
    package internal(set) var clients: [ClientOptions]
    package internal(set) var positions: PositionsOptions
    package internal(set) var targets: TargetOptions
    package internal(set) var limits: LimitsOptions
    package internal(set) var isTracingEnabled: Bool
    package let writeAheadLog: WriteAheadLogOptions
    package let scrapeConfigs: [ScrapeConfig]
    /// The top-level `tests`, kept for whoever runs them.
    package let tests: YAMLNode?
    private let root: YAMLNode?

    /// What the file says, as YAML with every secret hidden; without the defaults of what it does not say.
    package var maskedText: String { ShownConfiguration(root).text }

    /// The same of each client that the file names.
    package var maskedClients: [String] {
        let nodes = (root?["clients"]?.items ?? []) + [root?["client"]].compactMap(\.self)
        return nodes.map { ShownConfiguration($0).text }
    }

    static let specs: [OptionSpec] = [
        .optional("global", .mapping, "Polling of files."),
        .optional("server", .mapping, "The HTTP server."),
        .optional("client", .mapping, "Deprecated: one client."),
        .optional("clients", .mappings, "Where entries are pushed to."),
        .optional("positions", .mapping, "Where positions are kept."),
        .optional("scrape_configs", .mappings, "Where entries come from."),
        .optional("target_config", .mapping, "How targets are looked for."),
        .optional("limits_config", .mapping, "Bounds on what is read and held."),
        .optional("options", .mapping, "Accepted; has no keys."),
        .optional("tracing", .mapping, "Accepted; has no effect."),
        .optional("wal", .mapping, "Accepted; has no effect."),
        .optional("tests", .node, "Tests of the pipelines."),
    ]

    /// Reads the tree of a file and lets `flags` have the last word; every mistake goes to `diagnostics`.
    init(_ root: YAMLNode?, flags: FlagSet, into diagnostics: inout Diagnostics) {
        self.root = root
        let options = Options(section: root, "", specs: Self.specs, diagnostics: &diagnostics)
        server = ServerOptions(options.node("server"), into: &diagnostics)
        positions = PositionsOptions(options.node("positions"), into: &diagnostics)
        targets = TargetOptions(options.node("target_config"), global: options.node("global"), into: &diagnostics)
        limits = LimitsOptions(options.node("limits_config"), into: &diagnostics)
        writeAheadLog = WriteAheadLogOptions(options.node("wal"), into: &diagnostics)
        _ = Options(section: options.node("options"), "options", specs: [], diagnostics: &diagnostics)
        let tracing = Options(
            section: options.node("tracing"),
            "tracing",
            specs: [.optional("enabled", .bool, default: "true", "Accepted; has no effect.")],
            diagnostics: &diagnostics
        )
        isTracingEnabled = tracing.isTrue("enabled")
        tests = options.node("tests")
        scrapeConfigs = options.each("scrape_configs", &diagnostics) { ScrapeConfig($0, into: &$1) }
        clients = options.each("clients", &diagnostics) { ClientOptions($0, section: "clients", into: &$1) }
        Self.checkJobNames(options.node("scrape_configs"), &diagnostics)
        Self.checkClientNames(options.node("clients"), clients, &diagnostics)
        addDeprecatedClient(options, flags, &diagnostics)
        flags.apply(to: &self)
        if clients.isEmpty, !flags.isDryRun, options.isReadable,
            !options.isGiven("clients") || options.node("clients") != nil
        {
            let place = options.isGiven("clients") ? options.position(of: "clients") : nil
            diagnostics.add(
                Diagnostic(
                    file: diagnostics.file,
                    position: place,
                    message: "no client: nothing says where to push entries",
                    help: "add  clients: [{url: 'http://loki:3100/loki/api/v1/push'}]"
                )
            )
        }
    }

    private mutating func addDeprecatedClient(
        _ options: Options,
        _ flags: FlagSet,
        _ diagnostics: inout Diagnostics
    ) {
        var client = options.one("client", &diagnostics) { ClientOptions($0, section: "client", into: &$1) }
        let isURLGiven = options.node("client")?["url"] != nil
        if client == nil { client = flags.url.map(ClientOptions.init(url:)) }
        guard var client else {
            mergeExternalLabels(flags.externalLabels ?? [:])
            return
        }
        flags.apply(to: &client)
        mergeExternalLabels(client.externalLabels)
        if let node = options.node("client") {
            let effect = isURLGiven || flags.url != nil ? "" : " and without 'url' it is not used"
            diagnostics.add(
                Diagnostic(
                    .warning,
                    at: node,
                    "'client' is deprecated\(effect)",
                    help: "make it an item of 'clients'"
                )
            )
        }
        if client.url != nil { clients.append(client) }
    }

    private mutating func mergeExternalLabels(_ labels: [String: String]) {
        for index in clients.indices { clients[index].externalLabels.merge(labels) { own, _ in own } }
    }

    private static func checkJobNames(_ node: YAMLNode?, _ diagnostics: inout Diagnostics) {
        var first: [String: YAMLNode] = [:]
        for item in node?.items ?? [] {
            guard let name = item["job_name"], let text = name.scalar?.text, !text.isEmpty else { continue }
            if let earlier = first.updateValue(name, forKey: text) {
                let message = "scrape_configs: job_name '\(text)' is already used in line \(earlier.position.line)"
                diagnostics.add(Diagnostic(at: name, message, help: "job names must differ"))
            }
        }
    }

    /// Names must differ, and clients without a name must differ in anything at all.
    private static func checkClientNames(
        _ node: YAMLNode?,
        _ clients: [ClientOptions],
        _ diagnostics: inout Diagnostics
    ) {
        let nodes = node?.items ?? []
        var lines: [String: Int] = [:]
        var unnamed: [ClientOptions: Int] = [:]
        for (client, node) in zip(clients, nodes) {
            let line = node.position.line
            if let name = client.name {
                guard let earlier = lines.updateValue(line, forKey: name) else { continue }
                let message = "clients: name '\(name)' is already used in line \(earlier)"
                diagnostics.add(Diagnostic(at: node["name"] ?? node, message, help: "client names must differ"))
            } else if client.url != nil, let earlier = unnamed.updateValue(line, forKey: client) {
                diagnostics.add(Diagnostic(at: node, "clients: the same client as in line \(earlier)"))
            }
        }
    }
}
