import Configuration
import Entries
import Languages

/// Takes apart the lines that container runtimes write for Kubernetes, and joins those that were cut into pieces.
///
/// `TIME STREAM FLAGS CONTENT` becomes the timestamp, the label `stream` and the line. A piece (flag `P`) is kept until
/// the rest of its line comes from the same target with the same labels; the joined entry has the time of the last
/// piece. As in Promtail the number of streams with pieces is limited, a time that cannot be read is the one before
/// plus a nanosecond, and other lines pass unchanged. Unlike there, pieces do not wait for ever: after a minute, at
/// 16 MiB of them, and at the end they are given out as they are. Positions stay before pieces that are kept.
struct CRIStage: HoldingStage {
    static let spec = StageSpec(
        name: "cri",
        summary: "Takes apart the lines of containerd and CRI-O, and joins partial ones.",
        options: [
            .optional(
                "max_partial_lines",
                .integer,
                default: "100",
                "Streams that may have partial lines at a time; one more, and all partial lines are given out as they are."
            ),
            .optional("max_partial_line_size", .integer, default: "0", "Bytes to which joined lines are cut."),
            .optional(
                "max_partial_line_size_truncate",
                .bool,
                default: "false",
                "Whether joined lines are cut at all."
            ),
        ],
        isWeak: true,
        examples: [
            StageExample(
                "- cri:",
                input: ["2026-01-02T03:04:05.678901234Z stderr F disk is full"],
                output: [#"{stream="stderr"} disk is full"#]
            ),
            StageExample(
                "- cri:",
                input: ["2026-01-02T03:04:05Z stdout P one ", "2026-01-02T03:04:05Z stdout F line"],
                output: [#"{stream="stdout"} one line"#]
            ),
        ]
    )

    private let labelSets: LabelSets
    private let stream: LabelSlot
    private let format = TimestampFormat("RFC3339Nano")
    /// Whether stages before may have changed labels or extracted values.
    private let isNested: Bool
    /// The parts of the line: time, stream, flags, content.
    private var names: OfferedNames
    private var isAnyNameAsked = false
    private var times: LastTimestamps
    private var partials: PartialLines

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        labelSets = compiler.labelSets
        stream = compiler.labelSlot("stream")
        isNested = compiler.stageNumber > 0
        names = OfferedNames(["time", "stream", "flags", "content"], compiler)
        times = LastTimestamps(compiler.labelSets)
        partials = try Self.partialLines(options, compiler)
    }

    private static func partialLines(
        _ options: Options,
        _ compiler: PipelineCompiler
    ) throws(Diagnostic) -> PartialLines {
        for name in ["max_partial_lines", "max_partial_line_size"] where (options.integer(name) ?? 0) < 0 {
            throw options.mistake(name, "must not be negative")
        }
        let streams = options.integer("max_partial_lines") ?? 0
        let size = options.integer("max_partial_line_size") ?? 0
        let truncates = options.bool("max_partial_line_size_truncate") == true
        if truncates, size == 0 {
            let problem = options.mistake(
                "max_partial_line_size_truncate",
                "makes every joined line empty",
                help: "give a max_partial_line_size"
            )
            compiler.diagnostics.add(problem.asWarning)
        } else if !truncates, size > 0 {
            let problem = options.mistake(
                "max_partial_line_size",
                "has no effect",
                help: "add max_partial_line_size_truncate: true"
            )
            compiler.diagnostics.add(problem.asWarning)
        }
        // Promtail reads 0 as its default.
        return PartialLines(streamLimit: streams == 0 ? 100 : streams, truncation: truncates ? size : nil)
    }

    mutating func prepare() {
        names.prepare()
        isAnyNameAsked = names.isAnyAsked
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        if isNested { labelSets.copyLabels(into: &entry) }
        guard let line = CRILine(entry.line, format) else {
            times.fudge(&entry)
            if !partials.isEmpty { partials.complete(&entry) }
            return .keep
        }
        if isAnyNameAsked { set(line, &entry) }
        entry.setLabel(stream, to: line.stream)
        if let timestamp = line.timestamp {
            entry.timestamp = timestamp
            times.remember(&entry)
        } else {
            times.fudge(&entry)
        }
        entry.replaceLine(with: line.content)
        if line.isPartial { return partials.hold(entry) }
        if !partials.isEmpty { partials.complete(&entry) }
        return .keep
    }

    private func set(_ line: CRILine, _ entry: inout Entry) {
        if let slot = names[0] { entry[slot] = .string(line.time) }
        if let slot = names[1] { entry[slot] = .string(line.stream) }
        if let slot = names[2] { entry[slot] = .string(line.flags) }
        if let slot = names[3] { entry[slot] = .string(line.content) }
    }

    // MARK: - Pieces

    var deadline: Int64? { partials.deadline }

    mutating func expire(now: Int64, isEnding: Bool) { partials.expire(now: now, isEnding: isEnding) }

    mutating func nextReleased() -> HeldEntry? { partials.nextReleased() }
}
