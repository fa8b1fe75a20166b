import Configuration
import Entries
import Stages

/// A compiled pipeline that a target feeds line by line, on a clock that stands still.
final class LinePipeline {
    /// An entry as it came out of the last stage.
    struct Output {
        let line: [UInt8]
        let labels: [String: [UInt8]]
        /// The extracted values that are texts.
        let extracted: [String: [UInt8]]
        /// The numbers of the lines that are acknowledged with the entry, from 1.
        let spans: [UInt32]
    }

    private let pipeline: Pipeline
    private let base: Int
    private var lineCount: UInt32 = 0
    private var outputs: [Output] = []

    private static let now = Moment(monotonic: 1_000_000_000, wall: Timestamp(seconds: 1_767_323_045))
    /// What may be read, and must not be heeded, behind a line, as every source promises it.
    private static let slack: [UInt8] = Array(String(repeating: "\"=: \\\"\n}", count: 8).utf8)

    /// Compiles a list of stages in YAML, which has no mistakes.
    init(_ stages: String) {
        var diagnostics = Diagnostics(file: "stages")
        let root = YAMLParser.parse(YAMLSource(stages, file: "stages"), into: &diagnostics)
        let compiler = PipelineCompiler(diagnostics: diagnostics, seed: 0)
        pipeline = compiler.compile(root?.items ?? [])
        precondition(!compiler.diagnostics.hasErrors, compiler.diagnostics.render(source: stages))
        base = pipeline.labelSets.addBase([])
    }

    /// Takes lines through the pipeline, numbered from 1, with whatever they set free; gives what came out, in order.
    ///
    /// At the end stages give out all they hold, so that nothing is left for the next call.
    func outputs(of lines: [Bytes]) -> [Output] {
        outputs.removeAll()
        lineCount = 0
        for line in lines { feed(line) }
        pipeline.expire(now: Self.now, isEnding: true)
        drain()
        return outputs
    }

    /// The line that a single line becomes; nil when it is dropped.
    func line(of line: Bytes) -> [UInt8]? { outputs(of: [line]).first?.line }

    private func feed(_ line: Bytes) {
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: line.count + Self.slack.count)
        defer { memory.deallocate() }
        _ = Bytes.with(Self.slack) { $0.copy(to: line.copy(to: memory)) }
        lineCount += 1
        let outcome = pipeline.process(
            line: Bytes(memory, count: line.count),
            timestamp: Self.now.wall,
            base: base,
            now: Self.now,
            span: SpanID(source: 0, number: lineCount)
        )
        take(outcome, of: lineCount)
        drain()
    }

    private func drain() {
        while let outcome = pipeline.nextReleased(now: Self.now) { take(outcome, of: nil) }
    }

    private func take(_ outcome: Pipeline.Outcome, of line: UInt32?) {
        guard outcome == .delivered else { return }
        let labels = pipeline.labelSets.labels(of: pipeline.labelSets.number(of: &pipeline.current.pointee))
        let entry = pipeline.current.pointee
        outputs.append(
            Output(
                line: entry.line.array,
                labels: Dictionary(labels.map { ($0.name, $0.value) }) { _, last in last },
                extracted: extracted(entry),
                spans: pipeline.releasedSpans.pointee.map(\.number) + [line].compactMap(\.self)
            )
        )
    }

    private func extracted(_ entry: Entry) -> [String: [UInt8]] {
        var values: [String: [UInt8]] = [:]
        for (index, name) in pipeline.labelSets.registerNames.enumerated() {
            let value = entry[Slot(index: index)]
            if value.kind == .string { values[name] = value.raw.array }
        }
        return values
    }
}

extension Bytes {
    /// The parts between line feeds; one more than there are line feeds.
    var lines: [Bytes] {
        var parts: [Bytes] = []
        var start = 0
        for index in 0..<count where self[index] == UInt8(ascii: "\n") {
            parts.append(self[start..<index])
            start = index + 1
        }
        return parts + [self[start..<count]]
    }
}
