import Configuration
import Entries
import Languages

/// Takes apart the lines of Docker's json-file log driver.
///
/// `{"log": ..., "stream": ..., "time": ...}` becomes the line, the label `stream` and the timestamp. As in Promtail the
/// line break at the end of `log` stays, pieces of 16 KiB are not joined, and other lines pass unchanged.
struct DockerStage: Stage {
    static let spec = StageSpec(
        name: "docker",
        summary: "Takes apart the lines of Docker's json-file log driver.",
        options: [],
        examples: [
            StageExample(
                "- docker:",
                input: [#"{"log":"disk is full","stream":"stderr","time":"2026-01-02T03:04:05.678901234Z"}"#],
                output: [#"{stream="stderr"} disk is full"#]
            )
        ]
    )

    private enum Field: Int, CaseIterable {
        case log, stream, time

        /// The key in the line.
        var key: String {
            switch self {
            case .log: "log"
            case .stream: "stream"
            case .time: "time"
            }
        }
    }

    private let scan = LineScan()
    private let labelSets: LabelSets
    private let stream: LabelSlot
    private let format = TimestampFormat("RFC3339Nano")
    /// Whether stages before may have changed labels or extracted values.
    private let isNested: Bool
    /// By ``Field``.
    private var names: OfferedNames
    private var isAnyNameAsked = false
    private var times: LastTimestamps

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        labelSets = compiler.labelSets
        stream = compiler.labelSlot("stream")
        isNested = compiler.stageNumber > 0
        names = OfferedNames(["output", "stream", "timestamp"], compiler)
        times = LastTimestamps(compiler.labelSets)
        // Three paths always have room, and are numbered as they are added.
        for field in Field.allCases { _ = scan.want([Array(field.key.utf8)]) }
        scan.prepare()
    }

    mutating func prepare() {
        names.prepare()
        isAnyNameAsked = names.isAnyAsked
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        if isNested { labelSets.copyLabels(into: entry) }
        guard scan.scan(entry.line) else {
            times.fudge(&entry)
            return .keep
        }
        let results = scan.results
        if isAnyNameAsked {
            for field in Field.allCases {
                if let slot = names[field.rawValue] { entry[slot] = results[field.rawValue] }
            }
        }
        if let text = entry.text(of: results[Field.stream.rawValue]), text.isUTF8 { entry.setLabel(stream, to: text) }
        if let text = entry.text(of: results[Field.time.rawValue]),
            let timestamp = format.parse(text, now: entry.now.wall)
        {
            entry.timestamp = timestamp
            times.remember(&entry)
        } else {
            times.fudge(&entry)
        }
        if let text = entry.text(of: results[Field.log.rawValue]) { entry.replaceLine(with: text) }
        return .keep
    }
}
