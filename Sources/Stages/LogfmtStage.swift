import Configuration
import Entries
import Languages

/// Extracts values of a text in logfmt, such as `level=info msg="all fine"`.
///
/// A key that does not occur sets nothing, unlike in `json`; of a key that occurs more than once the last value counts,
/// and one without a value has the empty text. What stands before a mistake is extracted, the rest is not looked at.
/// Promtail sets one of two names for the same key by chance, this stage both.
struct LogfmtStage: Stage {
    static let spec = StageSpec(
        name: "logfmt",
        summary: "Extracts values of a text in logfmt.",
        options: [
            .required("mapping", .stringMap, "Name of the extracted value: key; empty for the same name."),
            .optional("source", .string, "Extracted value to parse instead of the line."),
        ],
        examples: [
            StageExample(
                "- logfmt: {mapping: {level: , message: msg}}\n- labels: {level: }\n- output: {source: message}",
                input: [#"ts=1 level=info msg="all \"fine\"" debug"#],
                output: [#"{level="info"} all "fine""#]
            )
        ]
    )

    private struct Item: BitwiseCopyable {
        let key: Bytes
        let slot: Slot
        /// The next item with the same key; -1 if there is none.
        var next: Int32
    }

    private let source: Slot?
    private let items: StageTable<Item>
    /// The first item for a key, by what has been looked up before; -1 where a key is not asked for.
    private let known: KnownKeys

    private final class KnownKeys {
        let table = KeyTable<Int32>(unknown: -1)
        deinit { table.deallocate() }
    }

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        let pairs = options.map("mapping") ?? []
        if pairs.isEmpty { throw options.mistake("mapping", "is empty", help: "write 'NAME: KEY' for each value") }
        source = try options.sourceSlot(compiler)
        var texts: [StageText] = []
        var list: [Item] = []
        for pair in pairs {
            let key = pair.value.flatMap { $0.isEmpty ? nil : $0 } ?? pair.key
            let text = StageText(key)
            texts.append(text)
            compiler.origins.add(pair.key, below: [Array(key.utf8)])
            compiler.origins.add(pair.key, from: options.sourceNames)
            if let twin = list.lastIndex(where: { $0.key == text.bytes }) { list[twin].next = Int32(list.count) }
            list.append(Item(key: text.bytes, slot: compiler.slot(pair.key), next: -1))
        }
        items = StageTable(list, keeping: texts)
        known = KnownKeys()
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        guard let text = entry.input(source) else { return .keep }
        let table = known.table
        let items = items.items
        var reader = LogfmtReader(text, entry.arena)
        while let pair = reader.pair() {
            var index = table.verdict(pair.key, readableTo: text.end) { key in
                Int32(items.firstIndex { $0.key == key } ?? -1)
            }
            while index >= 0 {
                let item = items[Int(index)]
                entry[item.slot] = .string(pair.value)
                index = item.next
            }
        }
        return .keep
    }
}
