import Configuration
import Entries

/// Removes all labels but the named ones.
///
/// That takes `filename` and the tenant too unless they are listed. The extracted map keeps what was copied from the
/// labels, as in Promtail.
struct LabelAllowStage: Stage {
    static let spec = StageSpec(
        name: "labelallow",
        summary: "Removes all labels but the named ones.",
        options: [
            .required("", .stringList, "Exact names of the labels to keep.")
        ],
        examples: [
            StageExample(
                "- labelallow: [job, app]",
                labels: ["job": "web", "pod": "web-1", "filename": "/var/log/web.log"],
                input: ["hi"],
                output: [#"{job="web"} hi"#]
            )
        ]
    )

    private let names: Set<String>
    private let labelSets: LabelSets
    private var variant: BaseVariant
    /// Labels to remove among those that stages touch.
    private var unlisted = StageTable<LabelSlot>([])

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        names = Set(try options.labelNames())
        labelSets = compiler.labelSets
        variant = BaseVariant(stage: compiler.stageNumber)
    }

    mutating func prepare() {
        let slots = labelSets.touchedNames.indices.filter { !names.contains(labelSets.touchedNames[$0]) }
        unlisted = StageTable(slots.map { LabelSlot(index: $0) })
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        for slot in unlisted.items where entry.label(slot) != nil { entry.setLabel(slot, to: nil) }
        variant.apply(to: &entry, labelSets) { labels in labels.filter { names.contains($0.name) } }
        return .keep
    }
}
