import Entries
import Languages
import Testing

@testable import Stages

/// A million random JSON lines through the stage.
struct RedactionPropertyTests {
    private static let linesPerSeed = 50_000

    /// What came out of a line that is not what it should be.
    private struct Difference: CustomTestStringConvertible {
        let seed: UInt64
        let number: Int
        let line: [UInt8]
        let output: [UInt8]
        let expected: [UInt8]

        var testDescription: String {
            """
            seed \(seed), line \(number): \(String(decoding: line, as: UTF8.self))
            became                      \(String(decoding: output, as: UTF8.self))
            and should have become      \(String(decoding: expected, as: UTF8.self))
            """
        }
    }

    /// That bytes are as expected says all at once: no secret is left, no other byte is changed, and JSON is JSON.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func everyPlantedSecretIsHiddenAndNothingElseChanges(seed: UInt64) throws {
        // Together with json both stages share one scan.
        let masking = try OneLinePipeline(
            (seed % 2 == 0 ? "" : "- json: {expressions: {v: , w: user.v}}\n") + "- redact:"
        )
        var random = RandomJSONLine(seed: seed)
        for number in 1...Self.linesPerSeed {
            random.advance()
            let isSame = masking.output(of: random.line) { output in Bytes.with(random.expected) { $0 == output } }
            if !isSame {
                let output = masking.output(of: random.line) { $0.array }
                Issue.record(Self.report(seed, number, random, output))
                return
            }
            // What is expected is checked too, but for every line it would take too long.
            if number % 100 == 0 { Self.check(random) }
        }
        #expect(random.secretCount > 2 * Self.linesPerSeed)
    }

    private static func report(_ seed: UInt64, _ number: Int, _ random: RandomJSONLine, _ output: [UInt8]) -> Comment {
        let difference = Difference(
            seed: seed,
            number: number,
            line: random.line,
            output: output,
            expected: random.expected
        )
        return Comment(rawValue: difference.testDescription)
    }

    private static func check(_ random: RandomJSONLine) {
        Bytes.with(random.line) { #expect(JSONValue.parse($0) != nil) }
        Bytes.with(random.expected) { expected in
            #expect(JSONValue.parse(expected) != nil)
            #expect(!Bytes.with(RandomJSONLine.canary) { expected.contains($0) })
        }
    }
}

/// A pipeline that keeps nothing of a line but its bytes, and allocates nothing for it.
private final class OneLinePipeline {
    private let pipeline: Pipeline
    private let base: Int
    private let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)

    private static let capacity = 64 * 1024
    /// Readable bytes behind a line, as every source has them.
    private static let slack = 64

    init(_ stages: String) throws {
        let run = try StageRun(stages)
        pipeline = run.pipeline
        base = pipeline.labelSets.addBase([])
        memory.initialize(repeating: 0, count: Self.capacity)
    }

    deinit { memory.deallocate() }

    /// Lends what a line becomes; nothing is lent where it is dropped.
    func output<Result>(of line: [UInt8], _ body: (Bytes) -> Result) -> Result {
        precondition(line.count + Self.slack <= Self.capacity, "a line of \(line.count) bytes")
        memory.update(from: line, count: line.count)
        let outcome = pipeline.process(
            line: Bytes(memory, count: line.count),
            timestamp: StageRun.start.wall,
            base: base,
            now: StageRun.start,
            span: SpanID(source: 0, number: 1)
        )
        return body(outcome == .delivered ? pipeline.current.pointee.line : .empty)
    }
}
