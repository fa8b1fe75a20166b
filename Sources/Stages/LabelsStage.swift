import Configuration
import Entries

/// Sets labels from extracted values.
///
/// A value that is missing, nil or not UTF-8 leaves the label as it was; an empty text sets it to the empty text.
struct LabelsStage: Stage {
    static let spec = StageSpec(
        name: "labels",
        summary: "Sets labels from extracted values.",
        options: [
            .optional("", .stringMap, "Label: name of the extracted value; empty for the same name.")
        ],
        examples: [
            StageExample(
                "- json: {expressions: {level: }}\n- labels: {severity: level}",
                input: [#"{"level":"warn"}"#],
                output: [#"{severity="warn"} {"level":"warn"}"#]
            )
        ]
    )

    private struct Item {
        let label: LabelSlot
        let slot: Slot
    }
    private let table: StageTable<Item>

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        table = StageTable(
            options.labelSources(compiler).map {
                compiler.origins.add($0.name, from: [$0.source])
                return Item(label: compiler.labelSlot($0.name), slot: compiler.slot($0.source))
            }
        )
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        for item in table.items {
            guard let text = entry.text(item.slot), text.isUTF8 else { continue }
            entry.setLabel(item.label, to: text)
        }
        return .keep
    }
}

extension Options {
    /// The pairs `NAME: SOURCE` that are the whole body of a stage, an empty source replaced by the name.
    ///
    /// Names that cannot be labels go to the compiler's list.
    func labelSources(_ compiler: PipelineCompiler) -> [(name: String, source: String)] {
        (map() ?? []).map { item in
            if !LabelName.isValid(item.key) { compiler.diagnostics.add(LabelName.mistake(item, self)) }
            return (item.key, item.value.flatMap { $0.isEmpty ? nil : $0 } ?? item.key)
        }
    }
}

/// The rule for names that become labels: `[a-zA-Z_][a-zA-Z0-9_]*` (stages.md 6.3).
enum LabelName {
    static func isValid(_ name: String) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy { isPart($0) }
    }

    static func mistake(_ item: MapItem, _ options: Options) -> Diagnostic {
        Diagnostic(
            at: item.keyNode,
            "\(options.subject): '\(item.key)' is not a valid label name",
            help: rule
        )
    }

    static let rule = "use letters, digits and '_', not beginning with a digit"

    /// Whether the byte may stand in a name, if not at its start.
    static func isPart(_ byte: UInt8) -> Bool { isDigit(byte) || byte == 0x5F || (byte | 0x20) &- 0x61 < 26 }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
