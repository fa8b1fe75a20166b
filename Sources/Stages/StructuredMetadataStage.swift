import Configuration
import Entries

/// Puts extracted values and labels into an entry's structured metadata.
///
/// A name that is not in the extracted map is looked for among the labels. A label that was used, or has the value of
/// the extracted text of its name, leaves the labels: so `pod:` moves the label `pod` into the metadata. Unlike
/// Promtail's the pairs come in the order of the configuration.
struct StructuredMetadataStage: Stage {
    static let spec = StageSpec(
        name: "structured_metadata",
        deprecatedNames: ["non_indexed_labels"],
        summary: "Puts extracted values and labels into structured metadata.",
        options: [
            .optional("", .stringMap, "Name in the metadata: name of the extracted value or label; empty for the same.")
        ],
        examples: [
            StageExample(
                "- json: {expressions: {trace: }}\n- structured_metadata: {trace: , pod: }",
                labels: ["job": "web", "pod": "web-1"],
                input: [#"{"trace":"4bf9"}"#],
                output: [#"{job="web"} {"trace":"4bf9"}"#]
            )
        ]
    )

    private struct Item {
        let name: Bytes
        let slot: Slot
        let label: LabelSlot

        /// The extracted text; nil where there is none that Loki would take.
        func text(of entry: Entry) -> Bytes? {
            guard let text = entry.text(slot), text.isUTF8 else { return nil }
            return text
        }
    }
    private let table: StageTable<Item>

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        var list: [Item] = []
        var names: [StageText] = []
        for (name, source) in options.labelSources(compiler) {
            let text = StageText(name)
            names.append(text)
            list.append(Item(name: text.bytes, slot: compiler.slot(source), label: compiler.labelSlot(source)))
            compiler.origins.add(name, from: [source])
        }
        table = StageTable(list, keeping: names)
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        var items = table.items[...]
        for (index, item) in table.items.enumerated() {
            guard let text = item.text(of: entry) ?? entry.label(item.label) else { continue }
            guard entry.metadata.append(item.name, text) else {
                // What does not fit Loki would refuse together with the whole entry: it stays a label, if it is one.
                items = table.items[..<index]
                break
            }
        }
        // Only now, since several items may use one label.
        for item in items {
            guard let label = entry.label(item.label) else { continue }
            if item.text(of: entry).map({ $0 == label }) ?? true { entry.setLabel(item.label, to: nil) }
        }
        return .keep
    }
}
