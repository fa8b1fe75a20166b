package import Configuration
import Files
import Glibc
import Languages
package import Stages
import Targets

/// Everything that can be known of a configuration before it runs; the agent starts with the very same check.
package struct ConfigurationCheck {
    /// What a check gives.
    package struct Result {
        /// One for each scrape config, in their order; empty when there are errors.
        package let pipelines: [Pipeline]
        /// The mistakes of loading and those of the pipelines and sources.
        package let diagnostics: Diagnostics
    }

    private var diagnostics: Diagnostics
    /// The file as a tree again, to say where something stands; values may hold references that are not expanded.
    private let root: YAMLNode?

    /// Compiles every pipeline and looks at every source.
    ///
    /// Touches no file but for whether the positions' folder exists.
    package static func check(_ loaded: AgentConfiguration.Loaded) -> Result {
        var check = ConfigurationCheck(loaded)
        guard let configuration = loaded.configuration else {
            check.compileUnloaded(loaded)
            return Result(pipelines: [], diagnostics: check.diagnostics)
        }
        let pipelines = configuration.scrapeConfigs.enumerated().map { index, config in
            check.inspect(config, index, isStandardInput: configuration.targets.readsStandardInput)
            return check.compile(config.pipelineStages)
        }
        for client in (check.root?["clients"]?.items ?? []) + [check.root?["client"]].compactMap(\.self) {
            check.inspectLabels(client["external_labels"], of: "external_labels")
        }
        for config in check.root?["scrape_configs"]?.items ?? [] {
            for group in config["static_configs"]?.items ?? [] {
                check.inspectLabels(group["labels"], of: "static_configs")
            }
            for kind in ["syslog", "loki_push_api", "gelf", "journal"] {
                check.inspectLabels(config[kind]?["labels"], of: kind)
            }
        }
        check.inspectPositions(configuration)
        check.inspectWhetherAnythingIsRead(configuration)
        return Result(
            pipelines: check.diagnostics.hasErrors ? [] : pipelines,
            diagnostics: check.diagnostics
        )
    }

    private init(_ loaded: AgentConfiguration.Loaded) {
        diagnostics = loaded.diagnostics
        // What is wrong with the YAML has been found by loading already.
        var known = Diagnostics(file: loaded.file)
        root = YAMLParser.parse(YAMLSource(loaded.source, file: loaded.file), into: &known)
    }

    /// Mistakes of the pipelines in a file with other mistakes, so that one run shows all.
    private mutating func compileUnloaded(_ loaded: AgentConfiguration.Loaded) {
        // With references in it the text is not what was loaded.
        guard !loaded.source.contains("${") else { return }
        for config in root?["scrape_configs"]?.items ?? [] {
            guard let stages = config["pipeline_stages"]?.items else { continue }
            _ = compile(stages)
        }
    }

    private mutating func compile(_ stages: [YAMLNode]) -> Pipeline {
        let compiler = PipelineCompiler(diagnostics: Diagnostics(file: diagnostics.file))
        let pipeline = compiler.compile(stages)
        diagnostics.add(compiler.diagnostics)
        return pipeline
    }

    private mutating func inspect(_ config: ScrapeConfig, _ index: Int, isStandardInput: Bool) {
        for rule in config.relabelRules {
            do throws(Diagnostic) { _ = try Relabelling([rule]) } catch { diagnostics.add(error) }
        }
        if !isStandardInput {
            refuseKinds(config, index)
            inspectPaths(config, index)
            inspectEncoding(config)
        }
        var analysis = PipelineAnalysis(
            labels: Self.labels(config, isStandardInput: isStandardInput),
            file: diagnostics.file
        )
        analysis.read(config.pipelineStages)
        diagnostics.add(analysis.diagnostics)
    }

    // MARK: - Sources

    private mutating func inspectEncoding(_ config: ScrapeConfig) {
        guard let encoding = config.encoding, !CharacterSet.isKnown(encoding) else { return }
        let known = ["utf-8", "utf-16", "utf-16le", "utf-16be", "iso-8859-1", "windows-1252", "shift_jis", "gb18030"]
        diagnostics.add(
            Diagnostic(
                .warning,
                file: diagnostics.file,
                position: config.encodingPosition,
                message: "scrape_configs: 'encoding' is unknown to this machine, so that nothing is read"
                    + Suggestion.question(encoding, among: known),
                help: "'iconv -l' lists what is known"
            )
        )
    }

    /// Labels whose names Loki refuses, and with them every entry of the stream.
    private mutating func inspectLabels(_ labels: YAMLNode?, of section: String) {
        for pair in labels?.pairs ?? [] {
            guard let name = pair.key.scalar?.text, !Self.isLabelName(name) else { continue }
            let message = "\(section): Loki refuses every line with a label named '\(name)'"
            let help = "names are made of letters, digits and '_', and begin with no digit"
            diagnostics.add(Diagnostic(.warning, at: pair.key, message, help: help))
        }
    }

    private static func isLabelName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(first &- 0x30 < 10) else { return false }
        return name.utf8.allSatisfy { $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 26 || $0 == 0x5F }
    }

    private mutating func refuseKinds(_ config: ScrapeConfig, _ index: Int) {
        for kind in config.unsupportedKinds {
            let place = root?["scrape_configs"]?.items?[safe: index]?.pairs?
                .first { $0.key.scalar?.text == kind.rawValue }?.key
            diagnostics.add(
                Diagnostic(
                    file: diagnostics.file,
                    position: place?.position ?? config.position,
                    length: place?.underline ?? 1,
                    message: "scrape_configs: '\(kind.rawValue)' cannot be read by this version, "
                        + "which reads \(SourceKind.supportedNames) and standard input"
                )
            )
        }
    }

    private mutating func inspectPaths(_ config: ScrapeConfig, _ index: Int) {
        // Rules that do not compile have been reported.
        guard let relabelling = try? Relabelling(config.relabelRules) else { return }
        var isAnyLeft = config.staticGroups.isEmpty || config.kinds != [.staticFiles]
        for (number, group) in config.staticGroups.enumerated() {
            let node = root?["scrape_configs"]?.items?[safe: index]?["static_configs"]?.items?[safe: number]
            let targets = group.targetLabels.compactMap { relabelling.labels(of: $0) }
            if !targets.isEmpty { isAnyLeft = true }
            if targets.contains(where: { $0["__path__"] == nil }) {
                diagnostics.add(
                    Diagnostic(
                        .warning,
                        file: diagnostics.file,
                        position: node?.position ?? config.position,
                        message: "static_configs: without the label '__path__' nothing is read",
                        help: "add  __path__: /var/log/*.log  to 'labels'"
                    )
                )
            }
            for name in ["__path__", "__path_exclude__"] {
                for pattern in Set(targets.compactMap { $0[name] }).sorted() {
                    inspectPattern(name, pattern, node?["labels"]?[name] ?? node, config)
                }
            }
        }
        guard !isAnyLeft else { return }
        diagnostics.add(
            Diagnostic(
                .warning,
                file: diagnostics.file,
                position: config.position,
                message: "relabel_configs: drop every target of 'static_configs', so that nothing is read",
                help: "look at the rules with 'keep' and 'drop'"
            )
        )
    }

    private mutating func inspectPattern(
        _ name: String,
        _ pattern: String,
        _ node: YAMLNode?,
        _ config: ScrapeConfig
    ) {
        do throws(LanguageError) {
            _ = try GlobPattern(pattern)
        } catch {
            diagnostics.add(
                Diagnostic(
                    file: diagnostics.file,
                    position: node?.position ?? config.position,
                    length: node?.underline ?? 1,
                    message: "static_configs: '\(name)' does not compile: \(error.message)",
                    help: error.help
                )
            )
        }
    }

    private mutating func inspectWhetherAnythingIsRead(_ configuration: AgentConfiguration) {
        guard configuration.scrapeConfigs.isEmpty, !configuration.targets.readsStandardInput else { return }
        diagnostics.add(
            Diagnostic(
                .warning,
                file: diagnostics.file,
                position: root?["scrape_configs"]?.position,
                message: "scrape_configs: there is none, so that nothing is read",
                help: "add one with 'job_name' and 'static_configs', or give -stdin to read standard input"
            )
        )
    }

    private mutating func inspectPositions(_ configuration: AgentConfiguration) {
        guard !configuration.targets.readsStandardInput else { return }
        let path = configuration.positions.file
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        guard !TextFile.isFolder(folder) else { return }
        let node = root?["positions"]?["filename"]
        diagnostics.add(
            Diagnostic(
                .warning,
                file: diagnostics.file,
                position: node?.position,
                length: node?.underline ?? 1,
                message: "positions: the folder '\(folder)' does not exist on this machine",
                help: "create it, or positions cannot be kept"
            )
        )
    }

    /// The labels that entries of the config arrive with.
    private static func labels(_ config: ScrapeConfig, isStandardInput: Bool) -> KnownNames {
        let isKnown = isStandardInput || config.kinds.allSatisfy { $0 == .staticFiles }
        let isMapped = config.relabelRules.contains { $0.action == .labelmap }
        var names = KnownNames(["filename"], isOpen: !isKnown || isMapped)
        for group in config.staticGroups { names.add(group.labels.keys) }
        names.add(config.relabelRules.map(\.targetLabel))
        return names
    }
}

extension Array {
    /// The element at `index`; nil when there is none.
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
