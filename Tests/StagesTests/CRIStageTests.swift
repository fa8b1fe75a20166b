import Entries
import Testing

@testable import Stages

struct CRIStageTests {
    private static let time = "2026-04-01T08:00:00.000000001Z"
    private static let seconds: Int64 = 1_775_030_400

    // MARK: - The envelope

    @Test(arguments: [
        StageCase("a full line", "- cri:", "\(time) stderr F msg", expect: ["msg"]),
        StageCase("no content", "- cri:", "\(time) stdout F ", expect: [""]),
        StageCase("blanks in the content stay", "- cri:", "\(time) stdout F   a  b ", expect: ["  a  b "]),
        StageCase("line breaks in the content stay", "- cri:", "\(time) stdout F a\nb", expect: ["a\nb"]),
        StageCase("flags of two parts", "- cri:", "\(time) stdout F:x msg", expect: ["msg"]),
        StageCase("flags of two letters", "- cri:", "\(time) stdout FP msg", expect: ["msg"]),
        StageCase("partial with a tag counts as full", "- cri:", "\(time) stdout P:x msg", expect: ["msg"]),
        StageCase("a control character as flag", "- cri:", "\(time) stdout \u{1} msg", expect: ["msg"]),
        StageCase("a time that is none", "- cri:", "3242 stderr F msg", expect: ["msg"]),
        StageCase("bytes beyond ASCII in the time", "- cri:", "zeit-é stderr F msg", expect: ["msg"]),
    ])
    func content(_ row: StageCase<[String]>) throws {
        let outputs = try row.outputs()
        #expect(outputs.map(\.text) == row.expected)
        #expect(outputs.allSatisfy { $0.labels["stream"] != nil })
    }

    @Test(arguments: [
        "", " ", "garbage!", "2026-04-01T08:00:00Z", "2026-04-01T08:00:00Z stdlog F x", "2026-04-01T08:00:00Z stdout F",
        "2026-04-01T08:00:00Z stdout  F x", "2026-04-01T08:00:00Z stdout", "2026-04-01T08:00:00Z stdoutF x y z",
        " stdout F x", "2026-04-01T08:00:00Z  stdout F x", "a\tb stdout F x", "a\nb stdout F x", "a\u{C}b stdout F x",
        "a\rb stdout F x", "2026-04-01T08:00:00Z stdout F\tx y", "2026-04-01T08:00:00Z STDOUT F x",
        "2026-04-01T08:00:00Z\tstdout F x", "2026-04-01T08:00:00Z stderR F x", "2026-04-01T08:00:00Z stdot F xyz",
    ])
    func otherLinePassesUnchanged(_ line: String) throws {
        let output = try #require(try StageRun.output("- cri:", labels: ["job": "k8s"], line))
        #expect(output.text == line)
        #expect(output.labels == ["job": "k8s"])
        #expect(output.timestamp == StageRun.start.wall)
    }

    @Test func streamBecomesALabel() throws {
        let outputs = try StageRun.outputs(
            "- cri:",
            labels: ["job": "k8s", "stream": "old"],
            ["\(Self.time) stdout F a", "\(Self.time) stderr F b"]
        )
        #expect(outputs.map(\.labels) == [["job": "k8s", "stream": "stdout"], ["job": "k8s", "stream": "stderr"]])
    }

    @Test(arguments: [
        ("2026-04-01T08:00:00.000000001Z", Timestamp(seconds: seconds, nanoseconds: 1)),
        ("2026-04-01T10:00:02+02:00", Timestamp(seconds: seconds + 2)),
        ("2026-04-01T08:00:00.5Z", Timestamp(seconds: seconds, nanoseconds: 500_000_000)),
    ])
    func timeBecomesTheTimestamp(_ text: String, _ expected: Timestamp) throws {
        #expect(try StageRun.output("- cri:", "\(text) stdout F x")?.timestamp == expected)
    }

    @Test func timeThatCannotBeReadIsTheOneBeforePlusANanosecond() throws {
        let outputs = try StageRun.outputs(
            "- cri:",
            [
                "2026-04-01T08:00:00Z stdout F a", "x stdout F b", "y stdout F c", "z stderr F no stderr line before",
                "not cri, and so without the label",
            ]
        )
        let good = Timestamp(seconds: Self.seconds)
        let now = StageRun.start.wall
        #expect(
            outputs.map(\.timestamp) == [
                good, good.adding(nanoseconds: 1), good.adding(nanoseconds: 2), now, now,
            ]
        )
    }

    @Test func otherLineTakesTheTimeOfItsLabelSet() throws {
        // With the label already there, both kinds of line are one label set.
        let outputs = try StageRun.outputs(
            "- cri:",
            labels: ["stream": "stdout"],
            ["2026-04-01T08:00:00Z stdout F a", "no cri line"]
        )
        #expect(outputs[1].timestamp == Timestamp(seconds: Self.seconds, nanoseconds: 1))
    }

    // MARK: - Extracted values

    @Test func partsOfTheLineAreExtracted() throws {
        let stages = """
            - cri:
            - labels: {time: , flags: , content: }
            - output: {source: stream}
            """
        let output = try #require(try StageRun.output(stages, "\(Self.time) stdout F:a msg"))
        #expect(output.extracted == ["time": .text(Self.time), "stream": "stdout", "flags": "F:a", "content": "msg"])
        #expect(output.text == "stdout")
    }

    @Test func partsThatNobodyReadsTakeNoRegister() throws {
        let run = try StageRun("- cri:\n- labels: {s: stream}")
        #expect(run.pipeline.labelSets.registerNames == ["stream"])
    }

    @Test func labelsAreCopiedIntoTheExtractedMapFirst() throws {
        let stages = """
            - static_labels: {app: new}
            - cri:
            - output: {source: app}
            """
        #expect(try StageRun.output(stages, labels: ["app": "old"], "\(Self.time) stdout F x")?.text == "new")
        let without = "- static_labels: {app: new}\n- output: {source: app}"
        #expect(try StageRun.output(without, labels: ["app": "old"], "x")?.text == "old")
    }

    @Test func labelNamedTagsDoesNotReplaceTheLine() throws {
        #expect(try StageRun.output("- cri:", labels: ["tags": "t"], "\(Self.time) stdout F x")?.text == "x")
    }

    // MARK: - Mistakes

    @Test(arguments: [
        MistakeCase("- cri: {max_partial_lines: -1}", "cri: 'max_partial_lines' must not be negative"),
        MistakeCase("- cri: {max_partial_line_size: -1}", "cri: 'max_partial_line_size' must not be negative"),
        MistakeCase("- cri: {max_partial_line_size: 16kb}", "cri: 'max_partial_line_size' takes a whole number"),
        MistakeCase(
            "- cri: {max_partial_line_size: 9}",
            "warning: cri: 'max_partial_line_size' has no effect"
        ),
        MistakeCase(
            "- cri: {max_partial_line_size_truncate: true}",
            "warning: cri: 'max_partial_line_size_truncate' makes every joined line empty"
        ),
        MistakeCase("- cri: {max_lines: 1}", "warning: cri: unknown option 'max_lines' has no effect"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
