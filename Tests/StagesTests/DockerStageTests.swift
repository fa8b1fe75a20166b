import Entries
import Testing

@testable import Stages

struct DockerStageTests {
    private static let start = StageRun.start.wall
    private static let time = Timestamp(seconds: 1_556_590_361, nanoseconds: 840_000_000)

    /// What comes out of a line: text, label `stream`, timestamp.
    struct Result: Equatable, Sendable {
        var line: String
        var stream: String?
        var timestamp = DockerStageTests.start
    }

    @Test(arguments: [
        StageCase(
            "a record",
            "- docker:",
            #"{"log":"a b\n","stream":"stderr","time":"2019-04-30T02:12:41.84Z"}"#,
            // The line break of the record stays.
            expect: Result(line: "a b\n", stream: "stderr", timestamp: time)
        ),
        StageCase(
            "its keys in any order, blanks between, and others",
            "- docker:",
            #" { "time" : "2019-04-30T02:12:41.84Z", "attrs":{"log":1}, "stream":"stdout", "log":"x" } "#,
            expect: Result(line: "x", stream: "stdout", timestamp: time)
        ),
        StageCase(
            "options have no effect",
            "- docker: {output: other}",
            #"{"log":"x","stream":"stdout","time":"2019-04-30T02:12:41.84Z"}"#,
            expect: Result(line: "x", stream: "stdout", timestamp: time)
        ),
        StageCase(
            "a time with an offset",
            "- docker:",
            #"{"log":"x","stream":"stdout","time":"2019-04-30T04:12:41.84+02:00"}"#,
            expect: Result(line: "x", stream: "stdout", timestamp: time)
        ),
        StageCase(
            "escapes of all kinds",
            "- docker:",
            #"{"log":"{\"a\":\"\\\\\"}\t\/\b\f\r é \u00e9 \ud83d\ude00 \ud800","stream":"stdout"}"#,
            expect: Result(line: "{\"a\":\"\\\\\"}\t/\u{8}\u{C}\r é é 😀 \u{FFFD}", stream: "stdout")
        ),
        StageCase(
            "a time that is none",
            "- docker:",
            #"{"log":"m\n","stream":"stderr","time":"hi!"}"#,
            expect: Result(line: "m\n", stream: "stderr")
        ),
        StageCase("no stream", "- docker:", #"{"log":"m"}"#, expect: Result(line: "m", stream: nil)),
        StageCase(
            "no log",
            "- docker:",
            #"{"stream":"stdout"}"#,
            expect: Result(line: #"{"stream":"stdout"}"#, stream: "stdout")
        ),
        StageCase(
            "a log that is null",
            "- docker:",
            #"{"log":null,"stream":null}"#,
            expect: Result(line: #"{"log":null,"stream":null}"#, stream: nil)
        ),
        StageCase("an empty log", "- docker:", #"{"log":"","stream":""}"#, expect: Result(line: "", stream: "")),
        StageCase(
            "values of other kinds as text",
            "- docker:",
            #"{"log":12.50,"stream":true,"time":1}"#,
            expect: Result(line: "12.5", stream: "true")
        ),
        StageCase("no JSON", "- docker:", "not json", expect: Result(line: "not json", stream: nil)),
        StageCase(
            "a cut record",
            "- docker:",
            #"{"log":"x","stream":"#,
            expect: Result(line: #"{"log":"x","stream":"#)
        ),
        StageCase("an array", "- docker:", "[1]", expect: Result(line: "[1]", stream: nil)),
    ])
    func record(_ row: StageCase<Result>) throws {
        let output = try #require(try row.outputs().first)
        #expect(
            Result(line: output.text, stream: output.labels["stream"], timestamp: output.timestamp) == row.expected
        )
    }

    @Test func streamThatIsNotUTF8SetsNoLabel() throws {
        let run = try StageRun("- docker:")
        run.feed(Array(#"{"log":"x","stream":""#.utf8) + [0xFF] + Array(#""}"#.utf8))
        #expect(run.outputs.map(\.labels) == [[:]])
        #expect(run.lines == ["x"])
    }

    @Test func piecesOfALineStayApart() throws {
        let lines = [#"{"log":"first ","stream":"stdout"}"#, #"{"log":"second\n","stream":"stdout"}"#]
        #expect(try StageRun.outputs("- docker:", lines).map(\.text) == ["first ", "second\n"])
    }

    @Test func timeThatCannotBeReadIsTheOneBeforePlusANanosecond() throws {
        let outputs = try StageRun.outputs(
            "- docker:",
            [
                #"{"log":"a","stream":"stdout","time":"2019-04-30T02:12:41.84Z"}"#, #"{"log":"b","stream":"stdout"}"#,
                #"{"log":"c","stream":"stdout","time":null}"#, #"{"log":"d","stream":"stderr"}"#, "no label here",
            ]
        )
        let times = [0, 1, 2].map { Self.time.adding(nanoseconds: $0) }
        #expect(outputs.map(\.timestamp) == times + [Self.start, Self.start])
    }

    @Test func partsAreExtracted() throws {
        let stages = """
            - docker:
            - labels: {timestamp: , text: output}
            """
        let output = try #require(try StageRun.output(stages, #"{"log":"\"","stream":"s","time":7}"#))
        #expect(output.extracted == ["output": "\"", "timestamp": "7"])
        #expect(output.labels == ["stream": "s", "timestamp": "7", "text": "\""])
    }

    @Test func partsReplaceLabelsOfTheSameNameInTheExtractedMap() throws {
        let stages = "- docker:\n- output: {source: timestamp}"
        let run = try StageRun(stages, labels: ["timestamp": "label"])
        run.feed(#"{"log":"x","time":"2019"}"#)
        run.feed("no record")
        #expect(run.lines == ["2019", "label"])
    }

    /// Of a line that is no record the stage sees what was extracted before.
    @Test func otherLineIsTakenFromWhatWasExtractedBefore() throws {
        let stages = """
            - regex: {expression: '^(?P<stream>\\w+) (?P<timestamp>\\S+) (?P<output>.*)'}
            - docker:
            """
        let output = try #require(try StageRun.output(stages, "s 2019-04-30T02:12:41.84Z text"))
        #expect(output.text == "text")
        #expect(output.labels == ["stream": "s"])
        #expect(output.timestamp == Self.time)
    }

    @Test func labelsAreCopiedIntoTheExtractedMapFirst() throws {
        let stages = "- static_labels: {app: new}\n- docker:\n- output: {source: app}"
        #expect(try StageRun.output(stages, labels: ["app": "old"], #"{"log":"x"}"#)?.text == "new")
    }

    @Test func partsThatNobodyReadsTakeNoRegister() throws {
        #expect(try StageRun("- docker:").pipeline.labelSets.registerNames.isEmpty)
    }

    // MARK: - Lines that Docker has cut

    private static func record(_ text: String, stream: String = "stdout") -> String {
        #"{"log":"\#(text)","stream":"\#(stream)","time":"2019-04-30T02:12:41.84Z"}"#
    }

    private static let piece = String(repeating: "x", count: 16_384)

    @Test func piecesAreJoinedPerStream() throws {
        let run = try StageRun("- docker:")
        run.feed(Self.record(Self.piece))
        run.feed(Self.record("other\\n", stream: "stderr"))
        run.feed(Self.record(Self.piece))
        run.feed(Self.record("end\\n"))
        run.feed(Self.record(Self.piece))
        run.feed(Self.record("\\n"))
        #expect(run.lines == ["other\n", Self.piece + Self.piece + "end\n", Self.piece + "\n"])
    }

    /// Bytes that Docker has replaced make a piece longer than it was.
    @Test func aPieceOfReplacedBytesIsOneToo() throws {
        let run = try StageRun("- docker:")
        let replaced = String(repeating: "\u{FFFD}", count: 16_384)
        run.feed(Self.record(replaced))
        run.feed(Self.record("end"))
        #expect(run.lines == [replaced + "end"])
    }

    @Test(arguments: [16_383, 16_384])
    func whatIsShorterThanAPieceIsALine(count: Int) throws {
        let run = try StageRun("- docker:")
        run.feed(Self.record(String(repeating: "x", count: count)))
        #expect(run.lines.count == (count < 16_384 ? 1 : 0))
    }

    @Test func aSecretThatIsCutInTwoIsMasked() throws {
        let run = try StageRun("- docker:\n- redact: {keys: [password]}")
        let before = String(repeating: "y", count: 16_384 - "password=hun".utf8.count - 1) + " "
        run.feed(Self.record(before + "password=hun"))
        run.feed(Self.record("ter2 rest\\n"))
        #expect(run.lines == [before + "password=[REDACTED] rest\n"])
    }
}
