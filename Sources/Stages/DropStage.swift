import Configuration
import Entries
import Languages

/// Drops entries for which all conditions of the stage hold.
///
/// The conditions are those of Promtail. `source` alone asks whether the names exist in the extracted map, and after a
/// `json` stage all of its names do, be it with nil. With `value` or `expression` the texts of those sources that exist
/// are joined; one that is nil keeps the entry.
struct DropStage: Stage {
    static let spec = StageSpec(
        name: "drop",
        summary: "Drops entries for which all conditions hold.",
        options: [
            .optional("source", .stringOrList, "Extracted values; alone: they all must exist."),
            .optional("separator", .string, default: ";", "What joins the texts of several sources."),
            .optional("value", .string, "What the text of the sources must be."),
            .optional(
                "expression",
                .pattern,
                "Regular expression that must match somewhere in the text of the sources, or the line."
            ),
            .optional("older_than", .duration, "How far back the timestamp must lie."),
            .optional("longer_than", .byteSize, "How many bytes the line must exceed."),
            .optional("drop_counter_reason", .string, default: "drop_stage", "Reason by which the drops are counted."),
        ],
        isWeak: true,
        examples: [
            StageExample(
                "- json: {expressions: {level: }}\n- drop: {source: level, expression: '^(debug|trace)$'}",
                input: [#"{"level":"debug"}"#, #"{"level":"info"}"#],
                output: [#"{"level":"info"}"#]
            ),
            StageExample(
                "- drop: {expression: 'GET /health', longer_than: 10B}",
                input: ["GET /health 200", "GET /orders 200"],
                output: ["GET /orders 200"]
            ),
        ]
    )

    /// What is asked of the sources or the line, once age and length are as they must be.
    private enum Condition: BitwiseCopyable {
        case none
        case sourcesExist
        case sourcesEqual(Bytes)
        case sourcesMatch(Unmanaged<RememberedPattern>)
        case lineMatches(Unmanaged<Pattern>)
    }

    private let condition: Condition
    /// What `condition` points to.
    private let owned: [AnyObject]
    private let sources: StageTable<Slot>
    private let separator: StageText
    /// Nanoseconds.
    private let age: Int64?
    /// Bytes.
    private let length: Int?
    private let reason: DropID

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        try Self.check(options)
        let names = options.strings("source")
        sources = StageTable((names ?? []).map { compiler.slot($0) })
        separator = StageText(options.string("separator") ?? "")
        age = options.duration("older_than").map { GoDuration.nanoseconds($0) }
        length = options.byteSize("longer_than")
        reason = options.dropID(compiler, usual: "drop_stage")
        if let value = options.string("value") {
            let text = StageText(value)
            owned = [text]
            condition = .sourcesEqual(text.bytes)
        } else if let pattern = try options.pattern("expression") {
            let remembered = RememberedPattern(pattern)
            owned = [pattern, remembered]
            condition =
                names == nil
                ? .lineMatches(Unmanaged.passUnretained(pattern))
                : .sourcesMatch(Unmanaged.passUnretained(remembered))
        } else {
            owned = []
            condition = names == nil ? .none : .sourcesExist
        }
    }

    private static func check(_ options: Options) throws(Diagnostic) {
        guard ["source", "expression", "older_than", "longer_than"].contains(where: { options.isGiven($0) }) else {
            if options.isGiven("value") {
                throw options.mistake("value", "needs a 'source'", help: "name the extracted value to compare")
            }
            throw options.mistake("needs one of 'source', 'expression', 'older_than' or 'longer_than'")
        }
        if options.isGiven("value"), options.isGiven("expression") {
            throw options.mistake("expression", "is given together with 'value'", help: "leave one of them out")
        }
        if options.isGiven("value"), !options.isGiven("source") {
            throw options.mistake("value", "needs a 'source'", help: "name the extracted value to compare")
        }
        if options.strings("source")?.isEmpty == true {
            throw options.mistake("source", "names nothing, which would drop every entry")
        }
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        if let length, entry.line.count <= length { return .keep }
        if let age, !(entry.timestamp < entry.now.wall.adding(nanoseconds: -age)) { return .keep }
        return holds(&entry) ? .drop(reason) : .keep
    }

    private func holds(_ entry: inout Entry) -> Bool {
        switch condition {
        case .none: true
        case .sourcesExist: sources.items.allSatisfy { entry[$0].isPresent }
        case .sourcesEqual(let value): joined(&entry).map { $0 == value } ?? false
        case .sourcesMatch(let pattern):
            joined(&entry).map { text in pattern._withUnsafeGuaranteedRef { $0.matches(text) } } ?? false
        case .lineMatches(let pattern): pattern._withUnsafeGuaranteedRef { $0.matches(entry.line) }
        }
    }

    /// The texts of the sources that exist, joined; nil when one of them has no text.
    private func joined(_ entry: inout Entry) -> Bytes? {
        if sources.items.count == 1 { return entry[sources.items[0]].isPresent ? entry.text(sources.items[0]) : .empty }
        var room = 0
        for slot in sources.items where entry[slot].isPresent {
            guard let text = entry.text(slot) else { return nil }
            room += text.count + separator.bytes.count
        }
        let output = entry.arena.allocate(room)
        var write = output
        for slot in sources.items {
            guard let text = entry.text(slot) else { continue }
            if write > output { write = separator.bytes.copy(to: write) }
            write = text.copy(to: write)
        }
        return Bytes(from: output, to: write)
    }
}
