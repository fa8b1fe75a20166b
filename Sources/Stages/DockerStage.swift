import Configuration
import Entries
import Languages

/// Takes apart the lines of Docker's json-file log driver.
///
/// `log` becomes the line, `stream` a label and `time` the timestamp, as Promtail's stages `json`, `labels`,
/// `timestamp` and `output` in a row would do it. As there a line break at the end of `log` stays, and a line that is no
/// JSON object passes unchanged but for its timestamp, which is the one before plus a nanosecond. Unlike there, the records
/// into which Docker cuts a line at 16 KiB are joined: a secret that is cut in two is no secret to any later stage. Pieces
/// wait as those of the stage `cri` do.
struct DockerStage: HoldingStage {
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

    /// Docker cuts a line after so many bytes; what it writes for bytes that are no UTF-8 is longer.
    private static let pieceBytes = 16_384
    /// Streams that may have pieces at a time, as in the stage `cri`.
    private static let mostPartials = 100

    /// A key of the record; the raw value is its number in the scan and among the names.
    private enum Part: Int, CaseIterable {
        case log, stream, time

        var key: String {
            switch self {
            case .log: "log"
            case .stream: "stream"
            case .time: "time"
            }
        }

        /// The name it is extracted under.
        var name: String {
            switch self {
            case .log: "output"
            case .stream: "stream"
            case .time: "timestamp"
            }
        }
    }

    private let labelSets: LabelSets
    private let stream: LabelSlot
    private let scan = LineScan()
    private let format = TimestampFormat("RFC3339Nano")
    /// Whether stages before may have changed labels or extracted values.
    private let isNested: Bool
    private var names: OfferedNames
    private var times: LastTimestamps
    private var partials = PartialLines(streamLimit: mostPartials)

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        labelSets = compiler.labelSets
        stream = compiler.labelSlot("stream")
        isNested = compiler.stageNumber > 0
        names = OfferedNames(Part.allCases.map(\.name), compiler)
        // Three paths always have room, and are numbered as they are added.
        for part in Part.allCases { _ = scan.want([Array(part.key.utf8)]) }
        scan.prepare()
        times = LastTimestamps(compiler.labelSets)
    }

    mutating func prepare() { names.prepare() }

    mutating func process(_ entry: inout Entry) -> Verdict {
        if isNested { labelSets.copyLabels(into: &entry) }
        let isRecord = scan.scan(entry.line)
        let output = text(.log, isRecord, entry)
        if let text = text(.stream, isRecord, entry), text.isUTF8 { entry.setLabel(stream, to: text) }
        if let text = text(.time, isRecord, entry), let timestamp = format.parse(text, now: entry.now.wall) {
            entry.timestamp = timestamp
            times.remember(&entry)
        } else {
            times.fudge(&entry)
        }
        if let output {
            entry.replaceLine(with: output)
            if isRecord, output.count >= Self.pieceBytes, output[output.count - 1] != UInt8(ascii: "\n") {
                return partials.hold(entry)
            }
        }
        if !partials.isEmpty { partials.complete(&entry) }
        return .keep
    }

    // MARK: - Pieces

    var deadline: Int64? { partials.deadline }

    mutating func expire(now: Int64, isEnding: Bool) { partials.expire(now: now, isEnding: isEnding) }

    mutating func nextReleased() -> HeldEntry? { partials.nextReleased() }

    /// The text of a part, which is extracted too; where the line is no record, what was extracted before.
    @inline(__always)
    private func text(_ part: Part, _ isRecord: Bool, _ entry: Entry) -> Bytes? {
        let value = isRecord ? scan.results[part.rawValue] : .absent
        guard let slot = names[part.rawValue] else { return entry.text(of: value) }
        if isRecord { entry[slot] = value }
        return entry.text(slot)
    }
}
