import Configuration
import Languages

/// Finds what is right by the rules and still cannot mean what it says: names that nothing sets, blocks that never
/// match, stages that drop everything, labels that will have too many values.
///
/// Warns only where it is certain; whatever it does not know may set any name.
struct PipelineAnalysis {
    private(set) var diagnostics: Diagnostics
    private var labels: KnownNames
    /// The extracted map, into which labels are copied.
    private var extracted: KnownNames

    /// `labels` are those of the targets.
    init(labels: KnownNames, file: String) {
        self.labels = labels
        extracted = labels
        diagnostics = Diagnostics(file: file)
    }

    /// Reads a list of stages in the order in which they run; `isNested`: inside of a block that need not match.
    mutating func read(_ stages: [YAMLNode], isNested: Bool = false) {
        for stage in stages {
            // Anything but one key is a mistake that the compiler reports.
            guard let pair = stage.pairs?.first, let name = pair.key.scalar?.text else { continue }
            read(name, pair, isNested)
        }
    }

    private mutating func read(_ name: String, _ pair: YAMLPair, _ isNested: Bool) {
        let body = pair.value
        switch name {
        case "json":
            checkSource(name, body)
            extracted.add(Self.keys(Self.option("expressions", of: body)))
        case "logfmt":
            checkSource(name, body)
            extracted.add(Self.keys(Self.option("mapping", of: body)))
        case "regex", "replace":
            checkSource(name, body)
            extracted.add(Self.groups(Self.option("expression", of: body)))
        case "docker", "cri":
            extracted.add(["output", "log", "content", "stream", "flags", "time", "timestamp"])
            setLabels(["stream"])
        case "timestamp", "output", "tenant": checkSource(name, body)
        case "template": extracted.add([Self.option("source", of: body)?.scalar?.text].compactMap(\.self))
        case "labels": readLabels(body)
        case "structured_metadata", "non_indexed_labels": checkPairs(name, body)
        case "static_labels": setLabels(Self.keys(body))
        case "drop": readDrop(pair, isNested)
        case "sampling": readSampling(body, isNested)
        case "match": readMatch(body)
        case "limit", "multiline", "decolorize", "labeldrop", "labelallow", "redact", "pack", "metrics": break
        default:
            extracted.open()
            labels.open()
        }
    }

    private mutating func setLabels(_ names: [String]) {
        labels.add(names)
        // A nested pipeline begins by copying the labels.
        extracted.add(names)
    }

    private mutating func warn(_ node: YAMLNode, _ message: String, help: String? = nil) {
        diagnostics.add(Diagnostic(.warning, at: node, message, help: help))
    }

    // MARK: - Sources

    private mutating func checkSource(_ stage: String, _ body: YAMLNode) {
        guard let node = Self.option("source", of: body) else { return }
        for item in node.items ?? [node] { checkName(stage, "source", item) }
    }

    private mutating func checkName(_ stage: String, _ option: String, _ node: YAMLNode?) {
        guard let node, let name = node.scalar?.text, !name.isEmpty, extracted.lacks(name) else { return }
        warn(node, "\(stage): '\(option)' names '\(name)', which nothing before sets\(question(name))")
    }

    private mutating func checkPairs(_ stage: String, _ body: YAMLNode) {
        for pair in body.pairs ?? [] {
            let node = Self.isEmpty(pair.value) ? pair.key : pair.value
            guard let name = node.scalar?.text, extracted.lacks(name) else { continue }
            warn(node, "\(stage): '\(name)' is not set by anything before\(question(name))")
        }
    }

    private func question(_ name: String) -> String { Suggestion.question(name, among: extracted.names.sorted()) }

    // MARK: - Stages with more to say

    private mutating func readLabels(_ body: YAMLNode) {
        checkPairs("labels", body)
        for pair in body.pairs ?? [] {
            guard let label = pair.key.scalar?.text else { continue }
            let source = Self.isEmpty(pair.value) ? label : pair.value.scalar?.text ?? label
            guard let name = [label, source].first(where: Cardinality.isHigh) else { continue }
            warn(
                pair.key,
                "labels: '\(name)' differs for nearly every entry, and each value is a stream of its own",
                help: "put it into structured_metadata instead"
            )
        }
        setLabels(Self.keys(body))
    }

    private mutating func readDrop(_ pair: YAMLPair, _ isNested: Bool) {
        checkSource("drop", pair.value)
        let given = ["source", "value", "older_than", "longer_than"].contains { Self.option($0, of: pair.value) != nil }
        guard !isNested, !given, let node = Self.option("expression", of: pair.value),
            let expression = node.scalar?.text, ["", ".*", "^.*$", "(.*)", "^.*", ".*$"].contains(expression)
        else { return }
        warn(node, "drop: this drops every entry")
    }

    private mutating func readSampling(_ body: YAMLNode, _ isNested: Bool) {
        checkName("sampling", "by", Self.option("by", of: body))
        for pair in Self.option("keep", of: body)?.pairs ?? [] { checkName("sampling", "keep", pair.key) }
        guard !isNested, let node = Self.option("rate", of: body), let text = node.scalar?.text, Double(text) == 0
        else { return }
        warn(node, "sampling: rate 0 drops every entry")
    }

    private mutating func readMatch(_ body: YAMLNode) {
        if let node = Self.option("selector", of: body), let text = node.scalar?.text,
            // A selector that does not compile is reported by the stage.
            let selector = try? Selector(text)
        {
            for matcher in selector.matchers where matcher.operation == .equal && !matcher.value.isEmpty {
                guard labels.lacks(matcher.name) else { continue }
                let question = Suggestion.question(matcher.name, among: labels.names.sorted())
                warn(
                    node,
                    "match: never matches, because nothing before sets the label '\(matcher.name)'\(question)"
                )
            }
        }
        read(Self.option("stages", of: body)?.items ?? [], isNested: true)
    }

    // MARK: - YAML

    /// The value of an option, whose name stages read without regard to case; nil when it is not given.
    private static func option(_ name: String, of body: YAMLNode) -> YAMLNode? {
        let value = body.pairs?.first { $0.key.scalar?.text.lowercased() == name }?.value
        return value?.isNull == true ? nil : value
    }

    private static func keys(_ node: YAMLNode?) -> [String] { (node?.pairs ?? []).compactMap { $0.key.scalar?.text } }

    private static func isEmpty(_ node: YAMLNode) -> Bool { node.isNull || node.scalar?.text.isEmpty == true }

    private static func groups(_ node: YAMLNode?) -> [String] {
        // An expression that does not compile is reported by the stage.
        guard let text = node?.scalar?.text, let pattern = try? Pattern(text) else { return [] }
        return pattern.groupNames.map(\.name)
    }
}
