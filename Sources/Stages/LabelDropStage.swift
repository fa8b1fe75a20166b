import Configuration
import Entries

/// Removes labels by name.
///
/// The extracted map keeps what was copied from them, as in Promtail.
struct LabelDropStage: Stage {
    static let spec = StageSpec(
        name: "labeldrop",
        summary: "Removes labels by name.",
        options: [
            .required("", .stringList, "Exact names of the labels to remove.")
        ],
        examples: [
            StageExample(
                "- labeldrop: [pod, node]",
                labels: ["job": "web", "pod": "web-1"],
                input: ["hi"],
                output: [#"{job="web"} hi"#]
            )
        ]
    )

    private let labels: StageTable<LabelSlot>

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        labels = StageTable(try options.labelNames().map { compiler.labelSlot($0) })
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        for label in labels.items where entry.label(label) != nil { entry.setLabel(label, to: nil) }
        return .keep
    }
}

extension Options {
    /// The names in the list that is the whole body of a stage; an empty list is a mistake.
    func labelNames() throws(Diagnostic) -> [String] {
        guard let names = list(), !names.isEmpty else {
            throw mistake("", "needs at least one label name", help: "write '- \(subject): [NAME, NAME]'")
        }
        return names
    }
}
