import Configuration
import Entries
import Languages

/// Extracts values of a JSON object by JMESPath.
///
/// Plain paths (`level`, `http.status`) are found in one pass over the bytes; other expressions are evaluated on the
/// parsed document. As in Promtail a path that leads nowhere stores nil, and a line that is not one JSON object is
/// passed on unless `drop_malformed` says otherwise.
struct JSONStage: Stage {
    static let spec = StageSpec(
        name: "json",
        summary: "Extracts values of a JSON object by JMESPath.",
        options: [
            .required(
                "expressions",
                .stringMap,
                "Name of the extracted value: JMESPath; empty for the name itself as a path."
            ),
            .optional("source", .string, "Extracted value to parse instead of the line."),
            .optional("drop_malformed", .bool, default: "false", "Drops lines that are not one JSON object."),
        ],
        examples: [
            StageExample(
                "- json: {expressions: {level: , status: http.status}}\n- labels: {level: , status: }",
                input: [#"{"level":"info","http":{"status":200},"msg":"hi"}"#],
                output: [#"{level="info", status="200"} {"level":"info","http":{"status":200},"msg":"hi"}"#]
            ),
            StageExample("- json: {expressions: {level: }, drop_malformed: true}", input: ["not json"], output: []),
        ]
    )

    private struct PlainPath {
        let result: Int
        let slot: Slot
    }

    /// Shared with the other stages that work on the line; the stage's own when it has a `source`.
    private let scan: LineScan
    private let source: Slot?
    private let paths: StageTable<PlainPath>
    private let expressions: [(slot: Slot, expression: JMESPath)]
    private let malformed: DropID?

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        let items = options.map("expressions") ?? []
        if items.isEmpty {
            throw options.mistake("expressions", "is empty", help: "write 'NAME: PATH' for each value to extract")
        }
        let source = try options.sourceSlot(compiler)
        let scan = source == nil ? compiler.lineScan : LineScan()
        self.source = source
        self.scan = scan
        var plain: [PlainPath] = []
        var others: [(slot: Slot, expression: JMESPath)] = []
        for item in items {
            let slot = compiler.slot(item.key)
            let text = item.value.flatMap { $0.isEmpty ? nil : $0 } ?? item.key
            let expression: JMESPath
            do { expression = try JMESPath(text) } catch {
                compiler.diagnostics.add(
                    options.mistake(
                        "expressions",
                        at: item,
                        "does not compile as JMESPath: \(error.message)",
                        offset: error.offset,
                        help: error.help ?? Self.help(for: text)
                    )
                )
                continue
            }
            compiler.origins.add(item.key, below: expression.path ?? Self.words(of: text))
            compiler.origins.add(item.key, from: options.sourceNames)
            if let number = expression.path.flatMap({ scan.want($0) }) {
                plain.append(PlainPath(result: number, slot: slot))
            } else {
                others.append((slot, expression))
            }
        }
        expressions = others
        paths = StageTable(plain)
        malformed =
            options.bool("drop_malformed") == true
            ? compiler.dropID(DropReason(stage: "json", reason: "malformed", isCountedByPromtail: false)) : nil
        if source != nil { scan.prepare() }
    }

    /// The names in an expression, roughly: whatever could be a key.
    private static func words(of expression: String) -> [[UInt8]] {
        expression.utf8.split { $0 < 0x80 && $0 != UInt8(ascii: "-") && !LabelName.isPart($0) }.map { Array($0) }
    }

    private static func help(for text: String) -> String? {
        text.contains("-") ? "quote keys with special characters: '\"\(text)\"'" : nil
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        var text = entry.line
        if let source {
            guard let value = entry.text(source) else { return .keep }
            text = value
        }
        guard source == nil ? scan.scan(&entry) : scan.scan(text) else { return malformed.map { .drop($0) } ?? .keep }
        let results = scan.results
        for path in paths.items { entry[path.slot] = results[path.result] }
        if !expressions.isEmpty { evaluate(text, &entry) }
        return .keep
    }

    private func evaluate(_ text: Bytes, _ entry: inout Entry) {
        guard let document = JSONValue.parse(text) else { return }
        for (slot, expression) in expressions {
            // An expression that fails on this document leaves the name as it is.
            guard let value = try? expression.evaluate(document) else { continue }
            entry[slot] = Self.register(value, entry.arena)
        }
    }

    private static func register(_ value: JSONValue, _ arena: ByteArena) -> Value {
        switch value {
        case .null: .null
        case .bool(let flag): Value(.bool, arena.copy(Array((flag ? "true" : "false").utf8)))
        case .number(let number): Value(.number, arena.copy(GoNumber.decimal(number)))
        case .string(let text): .string(arena.copy(text))
        case .array, .object: .string(arena.copy(value.goJSON))
        }
    }
}
