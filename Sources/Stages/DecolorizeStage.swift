import Configuration
import Entries

/// Takes the escape sequences that color terminals out of the line.
///
/// Exactly what Promtail's expression matches goes (stages.md 5.3), see ``EscapeSequence``.
struct DecolorizeStage: Stage {
    static let spec = StageSpec(
        name: "decolorize",
        summary: "Takes the escape sequences that color terminals out of the line.",
        options: [.optional("", .node, "Nothing; Promtail ignores what is given.")],
        examples: [
            StageExample("- decolorize:", input: ["\u{1B}[31merror\u{1B}[0m: disk full"], output: ["error: disk full"])
        ]
    )

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {}

    mutating func process(_ entry: inout Entry) -> Verdict {
        let line = entry.line
        guard let first = EscapeSequence.next(in: line, from: 0) else { return .keep }
        let room = entry.arena.allocate(line.count)
        var end = room
        var kept = 0
        var found: Range<Int>? = first
        while let sequence = found {
            end = line[kept..<sequence.lowerBound].copy(to: end)
            kept = sequence.upperBound
            found = EscapeSequence.next(in: line, from: kept)
        }
        end = line[kept..<line.count].copy(to: end)
        entry.arena.giveBack(line.count - (end - room))
        entry.replaceLine(with: Bytes(room, count: end - room))
        return .keep
    }
}
