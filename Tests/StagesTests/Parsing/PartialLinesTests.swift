import Entries
import Testing

@testable import Stages

/// How `cri` joins the pieces of lines.
struct PartialLinesTests {
    /// A piece or whole line that says the second in which it was written.
    private static func line(_ flag: String, _ text: String, second: Int = 0, stream: String = "stdout") -> String {
        "2026-04-01T08:00:0\(second)Z \(stream) \(flag) \(text)"
    }

    private static func second(_ second: Int64) -> Timestamp { Timestamp(seconds: 1_775_030_400 + second) }

    @Test func piecesAreJoinedWithinTheirStream() throws {
        let outputs = try StageRun.outputs(
            "- cri:",
            [
                Self.line("P", "one ", second: 1), Self.line("P", "two ", second: 2, stream: "stderr"),
                Self.line("P", "and ", second: 3), Self.line("F", "x", second: 4),
                Self.line("F", "y", second: 5, stream: "stderr"), Self.line("F", "z", second: 6),
            ]
        )
        #expect(outputs.map(\.text) == ["one and x", "two y", "z"])
        #expect(outputs.map { $0.labels["stream"] } == ["stdout", "stderr", "stdout"])
        // Of the last piece.
        #expect(outputs.map(\.timestamp) == [Self.second(4), Self.second(5), Self.second(6)])
    }

    @Test func joinedEntryAnswersForTheLinesOfAllPieces() throws {
        let run = try StageRun("- cri:")
        #expect(run.feed(Self.line("P", "a")) == .held)
        #expect(run.feed(Self.line("F", "other", stream: "stderr")) == .delivered)
        #expect(run.feed(Self.line("P", "b")) == .held)
        #expect(run.feed(Self.line("F", "c")) == .delivered)
        #expect(run.outputs.map(\.text) == ["other", "abc"])
        #expect(run.outputs.map { Set($0.spans) } == [[2], [1, 3, 4]])
        #expect(run.pipeline.deadline == nil)
    }

    @Test func targetsDoNotMixTheirPieces() throws {
        let run = try StageRun("- labeldrop: [filename]\n- cri:", labels: ["filename": "/a.log"])
        let other = run.addTarget(["filename": "/b.log"])
        run.feed(Self.line("P", "a1 "))
        run.feed(Self.line("P", "b1 "), target: other)
        run.feed(Self.line("F", "a2"))
        run.feed(Self.line("F", "b2"), target: other)
        #expect(run.lines == ["a1 a2", "b1 b2"])
    }

    @Test func limitCountsStreamsAndNotPieces() throws {
        let lines = ["1", "2", "3", "4"].map { Self.line("P", $0) } + [Self.line("F", "5")]
        #expect(try StageRun.outputs("- cri: {max_partial_lines: 3}", lines).map(\.text) == ["12345"])
    }

    /// Reference case: pieces of A, B, A, C, then D at a limit of three streams.
    @Test func atTheLimitAllPiecesAreGivenOut() throws {
        let run = try StageRun("- cri: {max_partial_lines: 3}", labels: ["pod": "A"])
        let (b, c, d) = (run.addTarget(["pod": "B"]), run.addTarget(["pod": "C"]), run.addTarget(["pod": "D"]))
        run.feed(Self.line("P", "P1", second: 1))
        run.feed(Self.line("P", "P2", second: 2), target: b)
        run.feed(Self.line("P", "P3", second: 3))
        run.feed(Self.line("P", "P4", second: 4), target: c)
        #expect(run.outputs.isEmpty)
        run.feed(Self.line("P", "P5", second: 5), target: d)
        // Those that waited longest first; Promtail gives them out in any order.
        #expect(run.lines == ["P2", "P1P3", "P4"])
        #expect(run.outputs.map(\.timestamp) == [Self.second(2), Self.second(3), Self.second(4)])
        #expect(run.outputs.map(\.spans) == [[2], [1, 3], [4]])
        run.feed(Self.line("F", "F1"))
        run.feed(Self.line("F", "F2"), target: c)
        run.feed(Self.line("F", "F3"), target: d)
        #expect(run.lines.dropFirst(3) == ["F1", "F2", "P5F3"])
    }

    @Test func pieceOfAHeldLineIsNotJoinedAtTheLimit() throws {
        let lines = [Self.line("P", "a"), Self.line("P", "b"), Self.line("F", "c")]
        #expect(try StageRun.outputs("- cri: {max_partial_lines: 1}", lines).map(\.text) == ["a", "bc"])
    }

    @Test func limitOfZeroMeansTheDefault() throws {
        let lines = [Self.line("P", "a"), Self.line("P", "b"), Self.line("F", "c")]
        #expect(try StageRun.outputs("- cri: {max_partial_lines: 0}", lines).map(\.text) == ["abc"])
    }

    @Test(arguments: [
        StageCase(
            "each joined text is cut to the size",
            "- cri: {max_partial_line_size: 11, max_partial_line_size_truncate: true}",
            [line("P", "partial line 1 "), line("F", "log")],
            expect: ["partial lin"]
        ),
        StageCase(
            "also within a character",
            "- cri: {max_partial_line_size: 2, max_partial_line_size_truncate: true}",
            [line("P", "a"), line("F", "é")],
            expect: ["a\u{FFFD}"]
        ),
        StageCase(
            "a whole line is never cut",
            "- cri: {max_partial_line_size: 2, max_partial_line_size_truncate: true}",
            [line("F", "whole")],
            expect: ["whole"]
        ),
        StageCase(
            "size without truncate cuts nothing",
            "- cri: {max_partial_line_size: 2}",
            [line("P", "abc"), line("F", "def")],
            expect: ["abcdef"]
        ),
        StageCase(
            "truncate without size empties what is joined",
            "- cri: {max_partial_line_size_truncate: true}",
            [line("P", "abc"), line("F", "def"), line("F", "whole")],
            expect: ["", "whole"]
        ),
    ])
    func truncates(_ row: StageCase<[String]>) throws { #expect(try row.outputs().map(\.text) == row.expected) }

    @Test func lineThatIsNotCRIEndsAPieceOfItsLabelSet() throws {
        let outputs = try StageRun.outputs("- cri:", labels: ["stream": "stdout"], [Self.line("P", "a "), "plain"])
        #expect(outputs.map(\.text) == ["a plain"])
    }

    @Test func extractedValuesAndMetadataAreThoseOfTheLastPiece() throws {
        let stages = """
            - structured_metadata: {job: }
            - cri:
            - labels: {seen: content}
            """
        let run = try StageRun(stages, labels: ["job": "a"])
        run.feed(Self.line("P", "x"))
        run.feed(Self.line("F", "y"))
        #expect(run.outputs.map { $0.labels["seen"] } == ["y"])
        #expect(run.outputs.map(\.metadata) == [[.init("job", "a")]])
    }

    // MARK: - Beyond Promtail: nothing waits for ever

    @Test func pieceIsGivenOutAtTheEnd() throws {
        let run = try StageRun("- cri:")
        run.feed(Self.line("P", "a", second: 1))
        run.feed(Self.line("P", "b", second: 2))
        run.finish()
        #expect(run.lines == ["ab"])
        #expect(run.outputs.map(\.timestamp) == [Self.second(2)])
        #expect(run.outputs.map { $0.labels["stream"] } == ["stdout"])
        #expect(run.outputs.map(\.spans) == [[1, 2]])
    }

    @Test func pieceIsGivenOutAfterAMinuteWithoutAnother() throws {
        let run = try StageRun("- cri:")
        run.feed(Self.line("P", "a"))
        #expect(run.pipeline.deadline == run.now.monotonic + 60_000_000_000)
        run.advance(by: .seconds(59))
        run.feed(Self.line("P", "b"))
        run.feed(Self.line("P", "other", stream: "stderr"))
        run.advance(by: .seconds(59))
        run.expire()
        #expect(run.lines.isEmpty)
        run.feed(Self.line("P", "more", stream: "stderr"))
        run.advance(by: .seconds(1))
        run.expire()
        #expect(run.lines == ["ab"])
        run.feed(Self.line("F", "c"))
        run.feed(Self.line("F", "!", stream: "stderr"))
        #expect(run.lines == ["ab", "c", "othermore!"])
    }

    @Test func atSixteenMebibytesWhatWaitedLongestIsGivenOut() throws {
        let run = try StageRun("- cri:")
        let piece = String(repeating: "x", count: 1 << 20)
        run.feed(Self.line("P", "small", stream: "stderr"))
        for _ in 0..<15 { #expect(run.feed(Self.line("P", piece)) == .held) }
        #expect(run.outputs.isEmpty)
        run.feed(Self.line("P", piece))
        // First the small one that waited, and since that is not enough the big one too.
        #expect(run.outputs.map(\.line.count) == [5, 16 << 20])
        run.feed(Self.line("F", "rest"))
        #expect(run.lines.last == "rest")
    }

    /// Pieces without content cost memory too.
    @Test func piecesWithoutContentAreBounded() throws {
        let run = try StageRun("- static_labels: {a: b}")
        var partials = PartialLines(streamLimit: 2, byteLimit: 10 * PartialLines.pieceWeight)
        for _ in 0..<10 {
            run.feed("")
            #expect(partials.hold(run.pipeline.current.pointee) == .hold)
        }
        run.feed("")
        #expect(partials.hold(run.pipeline.current.pointee) == .release)
        #expect(partials.nextReleased()?.spans.count == 11)
        #expect(partials.isEmpty)
    }
}
