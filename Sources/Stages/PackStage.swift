import Configuration
import Entries
import Languages

/// Packs extracted values and the line into one JSON object, which becomes the line.
///
/// The listed names that the extracted map has are written sorted, the old line last as `_entry`; their labels are
/// taken off. By default the entry gets the present as its timestamp. As in Promtail.
struct PackStage: Stage {
    static let spec = StageSpec(
        name: "pack",
        summary: "Packs extracted values and the line into one JSON object.",
        options: [
            .optional("labels", .stringOrList, "Names to pack; their labels are removed."),
            .optional("ingest_timestamp", .bool, default: "true", "Whether the entry's time becomes the present."),
        ],
        examples: [
            StageExample(
                "- pack: {labels: [pod], ingest_timestamp: false}",
                labels: ["pod": "web-1"],
                input: [#"he said "hi""#],
                output: [#"{"pod":"web-1","_entry":"he said \"hi\""}"#]
            )
        ]
    )

    private struct Item {
        /// `"name":` as it is written.
        let key: [UInt8]
        let slot: Slot
        let label: LabelSlot
    }

    private let items: [Item]
    private let takesPresent: Bool

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        let names = Set(options.strings("labels") ?? []).sorted {
            Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8))
        }
        items = names.map { name in
            var key: [UInt8] = []
            Bytes.with(Array(name.utf8)) { JSONValue.appendQuoted($0, to: &key) }
            return Item(key: key + [UInt8(ascii: ":")], slot: compiler.slot(name), label: compiler.labelSlot(name))
        }
        takesPresent = options.bool("ingest_timestamp") ?? true
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        var output: [UInt8] = [UInt8(ascii: "{")]
        for item in items {
            guard let text = entry.text(item.slot) else { continue }
            output += item.key
            JSONValue.appendQuoted(text, to: &output)
            output.append(UInt8(ascii: ","))
            entry.setLabel(item.label, to: nil)
        }
        output += "\"_entry\":".utf8
        JSONValue.appendQuoted(entry.line, to: &output)
        output.append(UInt8(ascii: "}"))
        entry.replaceLine(with: entry.arena.copy(output))
        if takesPresent { entry.timestamp = entry.now.wall }
        return .keep
    }
}
