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

    /// What the labels of the target entered with last are replaced by: entries of one target come in runs.
    private struct KnownBase {
        var base = -1
        var epoch = -1
        var variant = -1
    }

    private let names: Set<String>
    private let labelSets: LabelSets
    private let number: Int
    private var known = KnownBase()
    private var unlisted: StageTable<LabelSlot>?

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        names = Set(try options.labelNames())
        labelSets = compiler.labelSets
        number = compiler.stageNumber
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        let slots = unlisted?.items ?? findUnlisted()
        for slot in slots where entry.label(slot) != nil { entry.setLabel(slot, to: nil) }
        if known.base != entry.base || known.epoch != labelSets.epoch {
            known = KnownBase(
                base: entry.base,
                epoch: labelSets.epoch,
                variant: labelSets.variant(of: entry.base, allowing: names, stage: number)
            )
        }
        entry.replaceBase(with: known.variant)
        return .keep
    }

    /// Finds the labels to remove among those that stages touch; only now are all stages compiled.
    private mutating func findUnlisted() -> UnsafeMutableBufferPointer<LabelSlot> {
        let slots = labelSets.touchedNames.indices.filter { !names.contains(labelSets.touchedNames[$0]) }
        let table = StageTable(slots.map { LabelSlot(index: $0) })
        unlisted = table
        return table.items
    }
}
