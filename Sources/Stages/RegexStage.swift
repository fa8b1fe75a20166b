import Configuration
import Entries
import Languages

/// Extracts what the named groups of a regular expression capture.
///
/// Only the first match counts. A group that took no part stores the empty text, over an older value too; without a
/// match nothing changes. Groups without a name are not looked at.
struct RegexStage: Stage {
    static let spec = StageSpec(
        name: "regex",
        summary: "Extracts what the named groups of a regular expression capture.",
        options: [
            .required(
                "expression",
                .pattern,
                "Regular expression (RE2 syntax) with groups such as (?P<status>[0-9]+)."
            ),
            .optional("source", .string, "Extracted value to search instead of the line."),
        ],
        examples: [
            StageExample(
                "- regex: {expression: '\"(?P<method>[A-Z]+) (?P<path>[^ ?]+)\\S* HTTP/[^\"]+\" (?P<status>[0-9]{3})'}\n"
                    + "- labels: {method: , status: }",
                input: [#"192.0.2.7 - - "GET /orders?page=2 HTTP/1.1" 200 512"#],
                output: [#"{method="GET", status="200"} 192.0.2.7 - - "GET /orders?page=2 HTTP/1.1" 200 512"#]
            )
        ]
    )

    private struct Group: BitwiseCopyable {
        let number: Int
        let slot: Slot
    }

    private let source: Slot?
    private let pattern: Unmanaged<Pattern>
    /// Keeps the pattern too.
    private let groups: StageTable<Group>

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        source = try options.sourceSlot(compiler)
        let expression = try options.requiredPattern("expression")
        pattern = Unmanaged.passUnretained(expression)
        groups = StageTable(
            expression.groupNames.map { Group(number: $0.index, slot: compiler.slot($0.name)) },
            keeping: [expression]
        )
        for group in expression.groupNames { compiler.origins.add(group.name, from: options.sourceNames) }
        if groups.isEmpty {
            let problem = options.mistake(
                "expression",
                "has no named group, so nothing is extracted",
                help: "name what to extract: (?P<name>...)"
            )
            compiler.diagnostics.add(problem.asWarning)
        }
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        guard let text = entry.input(source) else { return .keep }
        pattern._withUnsafeGuaranteedRef { pattern in
            guard pattern.firstMatch(in: text, from: 0) else { return }
            let captures = pattern.captures
            for group in groups.items {
                let start = captures[2 &* group.number]
                let length = captures[2 &* group.number &+ 1] &- start
                // A group that took no part is extracted as the empty text.
                entry[group.slot] = .string(start < 0 ? .empty : Bytes(text.start + start, count: length))
            }
        }
        return .keep
    }
}
