import Configuration
import Entries
import Languages

/// Counts and measures entries, for `/metrics`.
///
/// One series for each label set that entries have here. Changes nothing in the entry (stages.md 6.8).
struct MetricsStage: Stage {
    static let spec = StageSpec(
        name: "metrics",
        summary: "Counts and measures entries, for /metrics.",
        options: [
            .optional(
                "",
                .node,
                "Metric: {type: counter, gauge or histogram, source, prefix, description, max_idle_duration, config}."
            )
        ],
        examples: [
            StageExample(
                """
                - regex: {expression: 'took (?P<took>\\S+)'}
                - metrics:
                    lines_total: {type: Counter, config: {match_all: true, action: inc}}
                    request_seconds: {type: Histogram, source: took, config: {buckets: [0.1, 1, 10]}}
                """,
                input: ["took 250ms"],
                output: ["took 250ms"]
            )
        ]
    )

    /// What becomes of a metric when an entry counts.
    private enum Action {
        /// Adds a number, whatever the source holds.
        case addConstant(Double)
        /// Adds the bytes of the line.
        case addLineBytes
        /// Adds the source's number times that; not less than 0 where it `onlyGrows`.
        case addSource(factor: Double, onlyGrows: Bool)
        case setSource
        case observeSource([Double])
        /// Promtail accepts `match_all` with `add` and then counts nothing.
        case nothing
    }

    private struct Item {
        let table: MetricTable
        let action: Action
        /// Nil where every entry counts.
        let source: Slot?
        /// The text that the source must have.
        let wanted: [UInt8]?
    }

    private let items: [Item]

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        var items: [Item] = []
        guard let body = options.node(""), !body.isNull else {
            self.items = []
            return
        }
        guard let pairs = body.pairs else { throw options.mistake("takes a mapping of metrics by name") }
        for pair in pairs {
            guard let name = pair.key.scalar?.text else { continue }
            do throws(Diagnostic) {
                if let item = try Self.item(name, pair, compiler) { items.append(item) }
            } catch {
                compiler.diagnostics.add(error)
            }
        }
        self.items = items
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        for item in items {
            if let source = item.source {
                guard entry[source].isPresent else { continue }
                if let wanted = item.wanted {
                    guard let text = entry.text(source), Bytes.with(wanted, { $0 == text }) else { continue }
                }
            }
            Self.apply(item, &entry)
        }
        return .keep
    }

    private static func apply(_ item: Item, _ entry: inout Entry) {
        switch item.action {
        case .addConstant(let value): item.table.add(value, &entry)
        case .addLineBytes: item.table.add(Double(entry.line.count), &entry)
        case .addSource(let factor, let onlyGrows):
            // A counter that shrinks ends Promtail; here the entry does not count.
            guard let value = number(item.source, &entry), !onlyGrows || !(value < 0) else { return }
            item.table.add(value * factor, &entry)
        case .setSource:
            guard let value = number(item.source, &entry) else { return }
            item.table.set(value, &entry)
        case .observeSource(let bounds):
            guard let value = number(item.source, &entry) else { return }
            let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
            item.table.observe(value, bucket: bucket, &entry)
        case .nothing: return
        }
    }

    /// A value as a number (stages.md 0.3): Go's floats, else Go's durations in seconds; nil where it is neither.
    private static func number(_ source: Slot?, _ entry: inout Entry) -> Double? {
        guard let source else { return nil }
        if entry[source].kind == .bool { return entry[source].raw[0] == UInt8(ascii: "t") ? 1 : 0 }
        guard let text = entry.text(source) else { return nil }
        if let number = GoNumber.parseFloat(text) { return number }
        guard let duration = GoDuration.parse(text.string) else { return nil }
        let (seconds, attoseconds) = duration.components
        return Double(seconds) + Double(attoseconds / 1_000_000_000) / 1e9
    }
}

// MARK: - Configuration

extension MetricsStage {
    private static let specs: [OptionSpec] = [
        .required("type", .string, "counter, gauge or histogram."),
        .optional("description", .string, default: "", "The text of the HELP line."),
        .optional("source", .string, "Extracted value; the metric's name when it is left out."),
        .optional("prefix", .string, default: "promtail_custom_", "What comes in front of the name."),
        .optional("max_idle_duration", .duration, default: "5m", "How long a series stays that nothing touches."),
        .optional("config", .node, "What counts, and how."),
    ]

    private static let counterSpecs: [OptionSpec] = [
        .optional("action", .string, "inc or add."),
        .optional("value", .string, "Text that the source must have."),
        .optional("match_all", .bool, default: "false", "Counts every entry, whatever the source."),
        .optional("count_entry_bytes", .bool, default: "false", "Adds the bytes of the line; needs match_all."),
    ]

    private static let gaugeSpecs: [OptionSpec] = [
        .optional("action", .string, "set, inc, dec, add or sub."),
        .optional("value", .string, "Text that the source must have."),
        .optional("match_all", .bool, default: "false", "Has no effect."),
    ]

    private static let histogramSpecs: [OptionSpec] = [
        .optional("value", .string, "Text that the source must have."),
        .optional(
            "buckets",
            .numberList,
            default: "0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10",
            "Upper bounds, increasing."
        ),
    ]

    private static func options(
        _ subject: String,
        _ node: YAMLNode?,
        at position: YAMLPosition,
        _ specs: [OptionSpec],
        _ compiler: PipelineCompiler
    ) -> Options {
        Options(
            node,
            stage: subject,
            position: position,
            specs: specs,
            unknownOptions: .warning,
            isWeak: true,
            diagnostics: &compiler.diagnostics
        )
    }

    private static func item(
        _ name: String,
        _ pair: YAMLPair,
        _ compiler: PipelineCompiler
    ) throws(Diagnostic) -> Item? {
        let position = pair.key.position
        let metric = options("metrics: \(name)", pair.value, at: position, specs, compiler)
        guard let type = metric.string("type") else { return nil }
        let idle = metric.duration("max_idle_duration") ?? .seconds(300)
        if idle < .seconds(1) {
            throw metric.mistake("max_idle_duration", "must be at least 1s")
        }
        let prefix = metric.string("prefix").flatMap { $0.isEmpty ? nil : $0 } ?? "promtail_custom_"
        let fullName = prefix + name
        guard isMetricName(fullName) else {
            throw Diagnostic(
                at: pair.key,
                "metrics: '\(fullName)' is not a valid metric name",
                help: "use letters, digits, '_' and ':', not beginning with a digit"
            )
        }
        let config = metric.node("config")
        func configured(_ specs: [OptionSpec]) -> Options {
            options("metrics: \(name)", config, at: position, specs, compiler)
        }
        let kind: MetricDefinition.Kind
        let rule: Rule
        switch type.lowercased() {
        case "counter": (kind, rule) = (.counter, try counterRule(configured(counterSpecs)))
        case "gauge": (kind, rule) = (.gauge, try gaugeRule(configured(gaugeSpecs)))
        case "histogram":
            let histogram = configured(histogramSpecs)
            let bounds = try bucketBounds(histogram)
            kind = .histogram(bounds)
            rule = Rule(action: .observeSource(bounds), wanted: histogram.string("value"))
        default:
            let question = Suggestion.question(type.lowercased(), among: ["counter", "gauge", "histogram"])
            throw metric.mistake("type", "takes counter, gauge or histogram\(question)")
        }
        let definition = MetricDefinition(
            name: fullName,
            help: metric.string("description") ?? "",
            kind: kind,
            longestIdle: idle.components.seconds * 1_000_000_000
        )
        let source = metric.string("source").flatMap { $0.isEmpty ? nil : $0 } ?? name
        return Item(
            table: compiler.metrics.table(definition, compiler.labelSets),
            action: rule.action,
            source: rule.matchesAll ? nil : compiler.slot(source),
            wanted: rule.wanted.map { Array($0.utf8) }
        )
    }

    /// What a metric's `config` says.
    private struct Rule {
        let action: Action
        var matchesAll = false
        let wanted: String?
    }

    private static func counterRule(_ options: Options) throws(Diagnostic) -> Rule {
        let wanted = options.string("value")
        let matchesAll = options.bool("match_all") == true
        let countsBytes = options.bool("count_entry_bytes") == true
        let action = try action(options, among: ["inc", "add"])
        if matchesAll, wanted != nil {
            throw options.mistake("value", "is given together with 'match_all: true', which counts every entry")
        }
        if countsBytes, !matchesAll {
            throw options.mistake("count_entry_bytes", "needs 'match_all: true'")
        }
        if countsBytes, action != "add" {
            throw options.mistake("count_entry_bytes", "needs 'action: add'")
        }
        if matchesAll {
            let all: Action = countsBytes ? .addLineBytes : action == "inc" ? .addConstant(1) : .nothing
            return Rule(action: all, matchesAll: true, wanted: nil)
        }
        return Rule(
            action: action == "inc" ? .addConstant(1) : .addSource(factor: 1, onlyGrows: true),
            wanted: wanted
        )
    }

    private static func gaugeRule(_ options: Options) throws(Diagnostic) -> Rule {
        let action: Action =
            switch try action(options, among: ["set", "inc", "dec", "add", "sub"]) {
            case "set": .setSource
            case "inc": .addConstant(1)
            case "dec": .addConstant(-1)
            case "add": .addSource(factor: 1, onlyGrows: false)
            default: .addSource(factor: -1, onlyGrows: false)
            }
        return Rule(action: action, wanted: options.string("value"))
    }

    /// The word in `action`, which must be one of `words`.
    private static func action(_ options: Options, among words: [String]) throws(Diagnostic) -> String {
        let choice = "\(words.dropLast().joined(separator: ", ")) or \(words.last ?? "")"
        guard let text = options.string("action"), !text.isEmpty else {
            throw options.mistake("needs an action: \(choice)", help: "write 'config: {action: \(words[0])}'")
        }
        let word = text.lowercased()
        guard words.contains(word) else {
            throw options.mistake("action", "takes \(choice)\(Suggestion.question(word, among: words))")
        }
        return word
    }

    private static func bucketBounds(_ options: Options) throws(Diagnostic) -> [Double] {
        var bounds = options.numbers("buckets") ?? []
        guard zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }), !bounds.contains(where: \.isNaN) else {
            throw options.mistake("buckets", "must increase")
        }
        // What lies above all bounds is counted anyway.
        if bounds.last == .infinity { bounds.removeLast() }
        return bounds
    }

    private static func isMetricName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first &- UInt8(ascii: "0") > 9 else { return false }
        return name.utf8.allSatisfy { $0 == UInt8(ascii: ":") || LabelName.isPart($0) }
    }
}
