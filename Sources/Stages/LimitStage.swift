import Configuration
import Entries

/// Limits how many entries pass in a second, by making the pipeline wait or by dropping the surplus.
///
/// A token bucket as in Promtail: `burst` entries may pass at once, and `rate` come back in a second. With
/// `by_label_name` each value of that label has a bucket of its own; entries without the label are not limited.
struct LimitStage: WaitingStage {
    static let spec = StageSpec(
        name: "limit",
        summary: "Limits how many entries pass in a second.",
        options: [
            .required("rate", .number, "Entries in a second, over 0."),
            .required("burst", .integer, "Entries that may pass at once, over 0."),
            .optional("drop", .bool, default: "false", "Drops the surplus; otherwise the source waits."),
            .optional("by_label_name", .string, "Label of which each value has a limit of its own; needs drop: true."),
            .optional(
                "max_distinct_labels",
                .integer,
                default: "10000",
                "Values of that label to remember, twice as many at most; at least 10000."
            ),
        ],
        isWeak: true,
        examples: [
            StageExample("- limit: {rate: 1, burst: 2, drop: true}", input: ["1", "2", "3"], output: ["1", "2"]),
            StageExample("- limit: {rate: 100, burst: 1}", input: ["1", "2", "3"], output: ["1", "2", "3"]),
        ]
    )

    /// Fewer values of a label are not worth the forgetting (Promtail's number).
    static let leastDistinctLabels = 10_000

    private let rate: TokenBucket.Rate
    private var bucket: TokenBucket
    private let label: LabelSlot?
    private let buckets: LabelBuckets?
    /// What is dropped by label.
    private let counter: MetricTable?
    /// Nil where the pipeline waits.
    private let reason: DropID?

    var mayWait: Bool { reason == nil }

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        let perSecond = options.number("rate") ?? 0
        guard perSecond > 0 else { throw options.mistake("rate", "must be over 0") }
        let burst = options.integer("burst") ?? 0
        guard burst > 0 else { throw options.mistake("burst", "must be over 0") }
        rate = TokenBucket.Rate(tokensPerSecond: perSecond, burst: burst)
        let drops = options.bool("drop") == true
        reason = drops ? compiler.dropID(DropReason(stage: options.subject, reason: "ratelimit_drop_stage")) : nil
        bucket = TokenBucket(rate, at: 0)
        guard let name = options.string("by_label_name"), !name.isEmpty else {
            label = nil
            buckets = nil
            counter = nil
            return
        }
        guard drops else {
            throw options.mistake(
                "by_label_name",
                "needs 'drop: true'",
                help: "one label's surplus would stop all others"
            )
        }
        let asked = options.integer("max_distinct_labels") ?? 0
        if asked < Self.leastDistinctLabels {
            compiler.diagnostics.add(
                options.mistake("max_distinct_labels", "is taken as \(Self.leastDistinctLabels), the least").asWarning
            )
        }
        let limit = min(max(asked, Self.leastDistinctLabels), Int(Int32.max) / 2)
        label = compiler.labelSlot(name)
        buckets = LabelBuckets(rate, limit: limit)
        counter = compiler.metrics.table(Self.dropsByLabel, compiler.labelSets) { labels in
            let value = labels.first { $0.name == name }?.value ?? []
            return MetricTable.text([("label_name", Array(name.utf8)), ("label_value", value)])
        }
    }

    /// Promtail's counter of what is dropped by label (server-and-metrics.md 4.4); its series stay.
    private static let dropsByLabel = MetricDefinition(
        name: "logentry_dropped_lines_by_label_total",
        help: "Lines dropped by limit stages, by label.",
        kind: .counter,
        longestIdle: .max
    )

    mutating func process(_ entry: inout Entry) -> Verdict {
        let now = entry.now.monotonic
        if let label {
            guard let value = entry.label(label), buckets?.take(value, at: now) == false else { return .keep }
            counter?.add(1, &entry)
            return reason.map { .drop($0) } ?? .keep
        }
        guard let free = bucket.take(rate, at: now) else { return .keep }
        return reason.map { .drop($0) } ?? .wait(until: free)
    }
}
