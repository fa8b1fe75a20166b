import Configuration
import Entries
import Languages

/// Extracts values of `key=value` pairs.
///
/// Keys that do not occur set nothing (unlike `json`); of a repeated key the last value counts; a key without a value
/// gives the empty text. What is no logfmt ends the search, and what was found before stays. Names that ask for the
/// same key are all set, where Promtail sets one of them by chance.
struct LogfmtStage: Stage {
    static let spec = StageSpec(
        name: "logfmt",
        summary: "Extracts values of key=value pairs.",
        options: [
            .required("mapping", .stringMap, "Name of the extracted value: logfmt key; empty for the same name."),
            .optional("source", .string, "Extracted value to parse instead of the line."),
        ],
        examples: [
            StageExample(
                "- logfmt: {mapping: {level: , msg: message}}\n- labels: {level: }\n- output: {source: msg}",
                input: [#"level=warn message="disk is full" left=0"#],
                output: [#"{level="warn"} disk is full"#]
            )
        ]
    )

    /// Slots that one key fills: a stretch of `slots`.
    private struct Wanted: BitwiseCopyable {
        let key: Unmanaged<StageText>
        let first: Int
        let count: Int
    }

    private let wanted: StageTable<Wanted>
    private let slots: StageTable<Slot>
    private let source: Slot?
    private let memory = Memory()

    /// Remembers which key is wanted, by number; -1 for those that nobody asked for.
    private final class Memory {
        let numbers = KeyTable<Int16>(unknown: -1)
        deinit { numbers.deallocate() }
    }

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        let items = options.map("mapping") ?? []
        if items.isEmpty {
            throw options.mistake("mapping", "is empty", help: "write 'NAME: KEY' for each value to extract")
        }
        source = try options.sourceSlot(compiler)
        var keys: [String] = []
        var slotsByKey: [String: [Slot]] = [:]
        for item in items {
            let key = item.value.flatMap { $0.isEmpty ? nil : $0 } ?? item.key
            if slotsByKey[key] == nil { keys.append(key) }
            slotsByKey[key, default: []].append(compiler.slot(item.key))
            compiler.origins.add(item.key, below: [Array(key.utf8)])
            compiler.origins.add(item.key, from: options.sourceNames)
        }
        guard keys.count < Int(Int16.max) else { throw options.mistake("mapping", "has too many keys") }
        var list: [Wanted] = []
        var all: [Slot] = []
        var texts: [StageText] = []
        for key in keys {
            let text = StageText(key)
            let slots = slotsByKey[key] ?? []
            texts.append(text)
            list.append(Wanted(key: .passUnretained(text), first: all.count, count: slots.count))
            all += slots
        }
        wanted = StageTable(list, keeping: texts)
        slots = StageTable(all)
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        var text = entry.line
        if let source {
            guard let value = entry.text(source) else { return .keep }
            text = value
        }
        var reader = LogfmtReader(text)
        while let pair = reader.next() {
            let number = memory.numbers.verdict(pair.key, readableTo: text.end) { find($0) }
            guard number >= 0 else { continue }
            let hit = wanted.items[Int(number)]
            let value = pair.isEscaped ? Self.decoded(pair.value, entry.arena) : pair.value
            for index in hit.first..<(hit.first + hit.count) { entry[slots.items[index]] = .string(value) }
        }
        return .keep
    }

    private func find(_ key: Bytes) -> Int16 {
        for (number, item) in wanted.items.enumerated() {
            if item.key._withUnsafeGuaranteedRef({ $0.bytes == key }) { return Int16(number) }
        }
        return -1
    }

    private static func decoded(_ inside: Bytes, _ arena: ByteArena) -> Bytes {
        let room = arena.allocate(inside.count)
        return Bytes(room, count: JSONEscapes.decode(inside, into: room))
    }
}
