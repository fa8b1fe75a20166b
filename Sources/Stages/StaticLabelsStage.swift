import Configuration
import Entries

/// Sets labels to fixed values.
///
/// Only labels: the extracted map does not change, as in Promtail. A label without a value is left as it is.
struct StaticLabelsStage: Stage {
    static let spec = StageSpec(
        name: "static_labels",
        summary: "Sets labels to fixed values.",
        options: [
            .optional("", .labels, "Label: its value; one without a value is left as it is.")
        ],
        examples: [
            StageExample(
                "- static_labels: {env: prod, team: }",
                labels: ["env": "dev", "job": "web"],
                input: ["hi"],
                output: [#"{env="prod", job="web"} hi"#]
            )
        ]
    )

    private struct Item {
        let label: LabelSlot
        let value: Bytes
    }
    private let table: StageTable<Item>

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        var list: [Item] = []
        var texts: [StageText] = []
        for item in options.map() ?? [] {
            guard let value = item.value, !value.isEmpty else { continue }
            if !LabelName.isValid(item.key) { compiler.diagnostics.add(Self.warning(item, options)) }
            let text = StageText(value)
            texts.append(text)
            list.append(Item(label: compiler.labelSlot(item.key), value: text.bytes))
        }
        table = StageTable(list, keeping: texts)
    }

    /// Promtail takes any name here and then loses every batch that has it.
    private static func warning(_ item: MapItem, _ options: Options) -> Diagnostic {
        Diagnostic(
            .warning,
            at: item.keyNode,
            "\(options.subject): Loki refuses entries with a label named '\(item.key)'",
            help: LabelName.rule
        )
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        for item in table.items { entry.setLabel(item.label, to: item.value) }
        return .keep
    }
}
