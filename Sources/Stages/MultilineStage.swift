import Configuration
import Entries
import Languages

/// Joins the lines of one stream into blocks that begin with a line of a certain form, such as stack traces.
///
/// A block has the time, labels and extracted values of its first line. It is given out when the next one begins, at
/// `max_lines`, when no line has come for `max_wait_time`, and at the end; positions stay before the lines that are
/// kept. Until the first block of a stream begins its lines pass as they are. All of that as in Promtail; unlike there
/// the order between streams is kept and what is held is bounded (4,096 streams, 16 MiB).
struct MultilineStage: HoldingStage {
    static let spec = StageSpec(
        name: "multiline",
        summary: "Joins lines into blocks, such as stack traces.",
        options: [
            .required("firstline", .pattern, "RE2 syntax; matches the line that begins a block."),
            .optional("max_wait_time", .duration, default: "3s", "How long a block waits for its next line."),
            .optional("max_lines", .integer, default: "128", "Lines a block has at most; 0 for no limit."),
        ],
        examples: [
            StageExample(
                "- multiline: {firstline: '^\\d{4}-'}",
                input: ["2026-01-02 failed", "  at main.c:7", "2026-01-02 ended"],
                output: ["2026-01-02 failed\n  at main.c:7", "2026-01-02 ended"]
            )
        ]
    )

    private let firstLine: Pattern
    private var blocks: LineBlocks

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        firstLine = try options.requiredPattern("firstline")
        let lines = options.integer("max_lines") ?? 128
        guard lines >= 0 else { throw options.mistake("max_lines", "must not be negative") }
        let wait = options.duration("max_wait_time").map { GoDuration.nanoseconds($0) } ?? 3_000_000_000
        blocks = LineBlocks(lineLimit: lines, wait: wait)
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        blocks.take(entry, isFirst: firstLine.matches(entry.line))
    }

    var deadline: Int64? { blocks.deadline }

    mutating func expire(now: Int64, isEnding: Bool) { blocks.expire(now: now, isEnding: isEnding) }

    mutating func nextReleased() -> HeldEntry? { blocks.nextReleased() }
}
