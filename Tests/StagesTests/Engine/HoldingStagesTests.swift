import Testing

@testable import Stages

/// Stages that hold entries, one behind the other.
struct HoldingStagesTests {
    private static let stages = "- cri:\n- multiline: {firstline: ^START}"

    private static func line(_ flag: String, _ text: String, stream: String = "stdout") -> String {
        "2026-04-01T08:00:00Z \(stream) \(flag) \(text)"
    }

    @Test func atTheEndWhatAnEarlierStageGivesOutIsNotHeldForEver() throws {
        let outputs = try StageRun.outputs(Self.stages, [Self.line("F", "START a"), Self.line("P", "START b")])
        #expect(outputs.map(\.text) == ["START a", "START b"])
        #expect(outputs.map(\.spans) == [[1], [2]])
    }

    @Test func atTheEndAPieceIsJoinedToTheBlockThatItBelongsTo() throws {
        let lines = [Self.line("F", "START a"), Self.line("F", " b"), Self.line("P", " c")]
        let outputs = try StageRun.outputs(Self.stages, lines)
        #expect(outputs.map(\.text) == ["START a\n b\n c"])
        #expect(outputs.map { $0.spans.sorted() } == [[1, 2, 3]])
    }

    @Test func threeStagesGiveOutEverythingAtTheEnd() throws {
        let run = try StageRun(Self.stages + "\n- multiline: {firstline: ^START, max_lines: 0}")
        run.feed(Self.line("F", "START a"))
        run.feed(Self.line("F", "START b", stream: "stderr"))
        run.feed(Self.line("P", " c"))
        run.feed(Self.line("P", "START d", stream: "stderr"))
        run.finish()
        #expect(run.outputs.flatMap(\.spans).sorted() == [1, 2, 3, 4])
        #expect(Set(run.lines) == ["START a\n c", "START b", "START d"])
        #expect(run.pipeline.deadline == nil)
        #expect(!run.pipeline.hasReleases)
    }
}
