import Configuration
import Entries
import Languages

/// Extracts the named groups of a regular expression.
///
/// The first match counts; a group that took no part in it gives the empty text, as in Promtail. Without a match
/// nothing changes.
struct RegexStage: Stage {
    static let spec = StageSpec(
        name: "regex",
        summary: "Extracts the named groups of a regular expression.",
        options: [
            .required("expression", .pattern, "RE2 syntax; each named group (?P<name>...) becomes an extracted value."),
            .optional("source", .string, "Extracted value to search instead of the line."),
        ],
        examples: [
            StageExample(
                "- regex: {expression: '^(?P<method>[A-Z]+) (?P<path>[^ ]+)'}\n- labels: {method: }",
                input: ["GET /orders 200"],
                output: [#"{method="GET"} GET /orders 200"#]
            )
        ]
    )

    private struct Group: BitwiseCopyable {
        let index: Int
        let slot: Slot
    }

    private let pattern: Pattern
    private let groups: StageTable<Group>
    private let source: Slot?

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        guard let pattern = try options.pattern("expression") else {
            throw options.mistake("expression", "is missing")
        }
        self.pattern = pattern
        source = try options.sourceSlot(compiler)
        groups = StageTable(pattern.groupNames.map { Group(index: $0.index, slot: compiler.slot($0.name)) })
        for group in pattern.groupNames { compiler.origins.add(group.name, from: options.sourceNames) }
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        var text = entry.line
        if let source {
            guard let value = entry.text(source) else { return .keep }
            text = value
        }
        guard pattern.firstMatch(in: text, from: 0) else { return .keep }
        for group in groups.items {
            entry[group.slot] = .string(pattern.captureRange(group.index).map { text[$0] } ?? .empty)
        }
        return .keep
    }
}
