import Configuration
import Entries
import TestSupport

@testable import Stages

/// A compiled pipeline that a test feeds line by line; its clock stands still until the test moves it.
final class StageRun {
    /// An entry as it came out of the last stage.
    struct Output: Equatable {
        var line: [UInt8]
        var labels: [String: String]
        /// In the order in which it was added.
        var metadata: [Pair]
        var timestamp: Timestamp
        /// The names that have a value at the end, nil (as `.null`) or text.
        var extracted: [String: Extracted]
        /// The spans that are acknowledged with the entry: those of the lines in it, or only that of its line.
        var spans: [UInt32]

        /// The line; bytes that are not UTF-8 as U+FFFD.
        var text: String { String(decoding: line, as: UTF8.self) }
    }

    struct Pair: Equatable {
        var name: String
        var value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    enum Extracted: Equatable, ExpressibleByStringLiteral {
        case null
        case text(String)

        init(stringLiteral text: String) { self = .text(text) }
    }

    /// Why a pipeline does not compile.
    struct Mistakes: Error {
        let all: [Diagnostic]
        /// As a user would see them.
        let rendered: String
    }

    let pipeline: Pipeline
    /// What was delivered, in order.
    private(set) var outputs: [Output] = []
    /// What became of each line when it was fed.
    private(set) var outcomes: [Pipeline.Outcome] = []
    /// Both clocks as the next line will see them.
    var now: Moment
    private var bases: [Int] = []
    private var lineCount: UInt32 = 0

    /// 2026-01-02T03:04:05Z, where every run starts.
    static let start = Moment(monotonic: 1_000_000_000, wall: Timestamp(seconds: 1_767_323_045))

    /// Compiles a list of stages in YAML; `labels` are those of the target, `seed` is for what is left to chance.
    init(_ stages: String, labels: [String: String] = [:], seed: UInt64 = 0) throws(Mistakes) {
        let (compiled, diagnostics) = Self.compile(stages, seed)
        guard !diagnostics.hasErrors else {
            throw Mistakes(all: diagnostics.all, rendered: diagnostics.render(source: stages))
        }
        pipeline = compiled
        now = Self.start
        _ = addTarget(labels)
    }

    /// Adds a target with labels of its own; gives its number for ``feed(_:timestamp:target:)``.
    ///
    /// The first has 0.
    func addTarget(_ labels: [String: String]) -> Int {
        bases.append(
            pipeline.labelSets.addBase(
                labels.sorted { $0.key < $1.key }.map { (name: $0.key, value: Array($0.value.utf8)) }
            )
        )
        return bases.count - 1
    }

    /// All that compiling says about a list of stages, warnings too, as a user would see it.
    static func mistakes(_ stages: String) -> String {
        compile(stages, 0).diagnostics.render(source: stages)
    }

    private static func compile(_ stages: String, _ seed: UInt64) -> (pipeline: Pipeline, diagnostics: Diagnostics) {
        var diagnostics = Diagnostics(file: "test.yaml")
        let root = YAMLParser.parse(YAMLSource(stages, file: "test.yaml"), into: &diagnostics)
        let compiler = PipelineCompiler(diagnostics: diagnostics, seed: seed)
        let pipeline = compiler.compile(root?.items ?? [])
        return (pipeline, compiler.diagnostics)
    }

    // MARK: - Feeding

    /// Takes one line through the pipeline, with whatever it sets free.
    @discardableResult
    func feed(_ line: String, timestamp: Timestamp? = nil, target: Int = 0) -> Pipeline.Outcome {
        feed(Array(line.utf8), timestamp: timestamp, target: target)
    }

    /// The same for any bytes; without a timestamp the line has the time of its reading.
    @discardableResult
    func feed(_ line: [UInt8], timestamp: Timestamp? = nil, target: Int = 0) -> Pipeline.Outcome {
        let memory = GuardedMemory(line)
        defer { memory.deallocate() }
        let bytes = memory.bytes
        lineCount += 1
        var outcome = pipeline.process(
            line: bytes,
            timestamp: timestamp ?? now.wall,
            base: bases[target],
            now: now,
            span: SpanID(source: 0, number: lineCount)
        )
        outcomes.append(outcome)
        while case .waiting(let until) = outcome {
            advance(by: .nanoseconds(until - now.monotonic))
            outcome = pipeline.retry(now: now)
        }
        take(outcome, lineCount)
        drain()
        return outcomes[outcomes.count - 1]
    }

    /// Moves both clocks.
    func advance(by time: Duration) {
        let nanoseconds = GoDuration.nanoseconds(time)
        now = Moment(monotonic: now.monotonic + nanoseconds, wall: now.wall.adding(nanoseconds: nanoseconds))
    }

    /// Lets stages give out what they have held long enough.
    func expire() {
        pipeline.expire(now: now, isEnding: false)
        drain()
    }

    /// Lets stages give out all they hold.
    func finish() {
        pipeline.expire(now: now, isEnding: true)
        drain()
    }

    private func drain() {
        while var outcome = pipeline.nextReleased(now: now) {
            while case .waiting(let until) = outcome {
                advance(by: .nanoseconds(until - now.monotonic))
                outcome = pipeline.retry(now: now)
            }
            take(outcome, nil)
        }
    }

    private func take(_ outcome: Pipeline.Outcome, _ span: UInt32?) {
        guard outcome == .delivered else { return }
        let entry = pipeline.current.pointee
        let labels = pipeline.labelSets.labels(of: pipeline.labelSets.number(of: &pipeline.current.pointee))
        let joined = pipeline.releasedSpans.pointee.map(\.number)
        outputs.append(
            Output(
                line: entry.line.array,
                labels: Dictionary(
                    uniqueKeysWithValues: labels.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) }
                ),
                metadata: (0..<entry.metadata.count).map {
                    Pair(entry.metadata[$0].name.string, entry.metadata[$0].value.string)
                },
                timestamp: entry.timestamp,
                extracted: extracted(entry),
                spans: joined + (joined.contains(entry.span.number) ? [] : [span].compactMap(\.self))
            )
        )
    }

    private func extracted(_ entry: Entry) -> [String: Extracted] {
        var map: [String: Extracted] = [:]
        for (index, name) in pipeline.labelSets.registerNames.enumerated() {
            let slot = Slot(index: index)
            guard entry[slot].isPresent else { continue }
            map[name] = entry.text(slot).map { .text($0.string) } ?? .null
        }
        return map
    }

    // MARK: - Looking

    /// The lines that came out.
    var lines: [String] { outputs.map(\.text) }

    /// How often entries were dropped, by reason; reasons that did not occur are left out.
    var drops: [String: Int] {
        var counts: [String: Int] = [:]
        for (reason, count) in zip(pipeline.dropReasons, pipeline.dropCounts) where count > 0 {
            counts[reason.reason, default: 0] += Int(count)
        }
        return counts
    }

    /// Runs lines through stages and gives what came out.
    static func outputs(
        _ stages: String,
        labels: [String: String] = [:],
        _ lines: [String]
    ) throws(Mistakes) -> [Output] {
        let run = try StageRun(stages, labels: labels)
        for line in lines { run.feed(line) }
        run.finish()
        return run.outputs
    }

    /// Runs one line through stages; nil when it does not come out.
    static func output(
        _ stages: String,
        labels: [String: String] = [:],
        _ line: String
    ) throws(Mistakes) -> Output? {
        try outputs(stages, labels: labels, [line]).first
    }
}
