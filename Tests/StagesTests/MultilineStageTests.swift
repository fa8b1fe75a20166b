import Entries
import Testing

@testable import Stages

struct MultilineStageTests {
    private static let stage = "- multiline: {firstline: ^START}"

    @Test func linesBeforeTheFirstBlockPassAndBlocksAreJoined() throws {
        let lines = ["x", "y", "START 1", "z", "START 2", "START 3"]
        #expect(
            try StageRun.outputs(Self.stage, lines).map(\.text) == ["x", "y", "START 1\nz", "START 2", "START 3"]
        )
    }

    @Test func blockWaitsNoLongerThanItsTimeAndWhatFollowsIsABlockOfItsOwn() throws {
        let run = try StageRun("- multiline: {firstline: ^START, max_wait_time: 5s}")
        run.feed("START", timestamp: Timestamp(seconds: 100))
        run.advance(by: .seconds(4))
        run.expire()
        #expect(run.lines.isEmpty)
        run.advance(by: .seconds(1))
        run.expire()
        #expect(run.lines == ["START"])
        run.feed("tail", timestamp: Timestamp(seconds: 200))
        run.finish()
        #expect(run.lines == ["START", "tail"])
        // The block that goes on carries the old first line's time, as in Promtail.
        #expect(run.outputs.map(\.timestamp) == [Timestamp(seconds: 100), Timestamp(seconds: 100)])
    }

    @Test func streamsAreJoinedApart() throws {
        let run = try StageRun(Self.stage, labels: ["app": "a"])
        let other = run.addTarget(["app": "b"])
        run.feed("START a1")
        run.feed("START b1", target: other)
        run.feed("a2")
        run.feed("b2", target: other)
        run.finish()
        #expect(run.lines == ["START a1\na2", "START b1\nb2"])
        #expect(run.outputs.map { $0.labels["app"] } == ["a", "b"])
    }

    @Test(arguments: [(1, ["START", "a", "b", "c"]), (2, ["START\na", "b\nc"]), (0, ["START\na\nb\nc"])])
    func blockIsGivenOutAtItsMostLines(_ limit: Int, _ expected: [String]) throws {
        let stage = "- multiline: {firstline: ^START, max_lines: \(limit)}"
        #expect(try StageRun.outputs(stage, ["START", "a", "b", "c"]).map(\.text) == expected)
    }

    @Test func emptyLinesStayInsideAndVanishAtTheStart() throws {
        #expect(try StageRun.outputs(Self.stage, ["START", "", "a", ""]).map(\.text) == ["START\n\na\n"])
        let stage = "- multiline: {firstline: ^START, max_lines: 1}"
        #expect(try StageRun.outputs(stage, ["START"]).map(\.text) == ["START"])
    }

    @Test func blockAnswersForTheSpansOfAllItsLines() throws {
        let outputs = try StageRun.outputs(Self.stage, ["START", "a", "b", "START"])
        #expect(outputs.map { $0.spans.sorted() } == [[1, 2, 3], [4]])
    }

    @Test func blockHasTheValuesOfItsFirstLine() throws {
        let stages = "- regex: {expression: 'id=(?P<id>\\d+)'}\n- labels: {id: }\n- labeldrop: [id]\n" + Self.stage
        let outputs = try StageRun.outputs(stages, ["START id=1", "id=2"])
        #expect(outputs.map(\.text) == ["START id=1\nid=2"])
        #expect(outputs.first?.extracted["id"] == "1")
    }

    @Test func heldBytesAreBounded() throws {
        let run = try StageRun("- multiline: {firstline: ^START, max_lines: 0}")
        run.feed("START")
        let line = String(repeating: "x", count: 1 << 20)
        for _ in 0..<40 { run.feed(line) }
        #expect(run.outputs.count >= 2)
        run.finish()
        #expect(run.outputs.reduce(0) { $0 + $1.spans.count } == 41)
    }

    @Test func streamsAreBounded() throws {
        let run = try StageRun(Self.stage)
        for number in 0..<(LineBlocks.streamLimit + 3) {
            run.feed("START \(number)", target: run.addTarget(["n": "\(number)"]))
        }
        #expect(run.lines == ["START 0", "START 1", "START 2"])
    }

    @Test(arguments: [
        ("- multiline: {}", "firstline"), ("- multiline: {firstline: '('}", "does not compile"),
        ("- multiline: {firstline: a, max_lines: -1}", "must not be negative"),
        ("- multiline: {firstline: a, max_wait_time: 3}", "max_wait_time"),
    ])
    func mistakeIsNamed(_ stages: String, _ part: String) {
        #expect(StageRun.mistakes(stages).contains(part))
    }
}
