import Entries
import Files
import Glibc
import TestSupport
import Testing

@testable import Agent

struct WorkerTests {
    private static let lines = (0..<12).map { "line \($0 < 10 ? "0" : "")\($0)" }

    /// Where a line begins; each takes 8 bytes with its newline.
    private func start(of line: String) -> Int64 { Int64(line.dropFirst(5)).map { $0 * 8 } ?? 0 }

    @Test func everythingIsDeliveredInOrderAndAcknowledged() throws {
        let run = try WorkerRun(
            ScriptedSource(chunks: [Array(Self.lines[..<5]), Array(Self.lines[5...])]),
            batchBytes: [20]
        )
        let batches = run.run()[0]
        #expect(batches.flatMap { $0 } == Self.lines)
        #expect(batches.allSatisfy { $0.count <= 2 })
        #expect(run.source.acknowledged == [1: 96])
    }

    /// Every cut of the lines into two chunks, every batch size, and every batch that never gets its answer: the
    /// position is where the first line without an answer begins, never behind it.
    @Test func thePositionStopsBeforeTheFirstLineWithoutAnAnswer() throws {
        for cut in 0...Self.lines.count {
            for batchBytes in [7, 14, 21, 49] {
                for lost in 0..<6 {
                    let chunks = [Array(Self.lines[..<cut]), Array(Self.lines[cut...])].filter { !$0.isEmpty }
                    let run = try WorkerRun(ScriptedSource(chunks: chunks), batchBytes: [batchBytes])
                    let batches = run.run(stopping: 12) { _, batch, _ in batch == lost ? .abandoned : .accepted }[0]
                    let first = lost < batches.count ? batches[lost].first : nil
                    let expected = first.map { start(of: $0) } ?? 96
                    #expect(
                        run.source.acknowledged[1] ?? 0 == expected,
                        "cut \(cut), \(batchBytes) bytes, lost \(lost)"
                    )
                }
            }
        }
    }

    /// Several clients with batches of different sizes: the one that is behind decides.
    @Test func theSlowestClientDecides() throws {
        for lost in 0..<4 {
            let run = try WorkerRun(ScriptedSource(chunks: [Self.lines]), batchBytes: [7, 30])
            let batches = run.run(stopping: 12) { client, batch, _ in
                client == 1 && batch == lost ? .abandoned : .accepted
            }
            #expect(batches[0].flatMap { $0 } == Self.lines)
            let first = lost < batches[1].count ? batches[1][lost].first : nil
            // Spans end where any client closes a batch: the position may stop a little earlier, never later.
            let expected = first.map { start(of: $0) } ?? 96
            #expect(run.source.acknowledged[1] ?? 0 == expected, "lost \(lost)")
        }
    }

    @Test func linesDroppedOnPurposeCountAsDelivered() throws {
        let text = ["{\"a\":1}", "malformed", "{\"a\":2}", "malformed"]
        let run = try WorkerRun(
            ScriptedSource(chunks: [text]),
            stages: "[{json: {expressions: {a: }, drop_malformed: true}}]"
        )
        #expect(run.run()[0] == [["{\"a\":1}", "{\"a\":2}"]])
        #expect(run.source.acknowledged == [1: Int64(text.map { $0.utf8.count + 1 }.reduce(0, +))])
        let totals = run.ledger.current
        #expect(totals.readLines == 4 && totals.drops.values.reduce(0, +) == 2)
        #expect(totals.clients["client 0"]?.takenEntries == 2)
    }

    @Test func anEmptyLineOfADecodedFileIsAnEntry() throws {
        let pieces = (0..<3).map {
            ScriptedSource.Piece(source: 1, bytes: $0 == 1 ? [] : [0x61], start: Int64($0), advance: .atEnd)
        }
        let run = try WorkerRun(ScriptedSource(pieces))
        #expect(run.run()[0].flatMap { $0 } == ["a", "", "a"])
        #expect(run.source.acknowledged == [1: 3])
        #expect(run.ledger.current.readLines == 3)
    }

    @Test func sourcesAreAcknowledgedEachForItself() throws {
        let pieces = (0..<6).map { (number: Int) -> ScriptedSource.Piece in
            let source = UInt32(number % 3 + 1)
            return ScriptedSource.Piece(source: source, bytes: Array("\(number)\n".utf8), start: Int64(number / 3) * 2)
        }
        let run = try WorkerRun(ScriptedSource(pieces), batchBytes: [1])
        // The second line of source 2 gets no answer.
        run.run(stopping: 6) { _, _, lines in lines == ["4"] ? .abandoned : .accepted }
        #expect(run.source.acknowledged == [1: 4, 2: 2, 3: 4])
    }

    @Test func withoutRoomNothingMoreIsReadAndNothingIsAcknowledged() throws {
        let run = try WorkerRun(ScriptedSource(chunks: [Self.lines]), batchBytes: [7], batchLimit: 2)
        let stopper = JoinedThread { [queue = run.queues[0], mailbox = run.mailbox] in
            // Two batches are under way, and no answer comes.
            try? waitUntil("the queue is full") { !queue.hasRoom(for: 0) }
            mailbox.stop(deadline: Clock.monotonic() + 200_000_000)
        }
        let batches = run.run { _, _, _ in nil }[0]
        stopper.join()
        #expect(batches.flatMap { $0 }.count < 4)
        #expect(run.source.acknowledged == [:])
    }

    @Test func streamsBeyondMaxStreamsAreDroppedAndCounted() throws {
        let text = (0..<5).map { "{\"a\":\"\($0)\"}" }
        let run = try WorkerRun(
            ScriptedSource(chunks: [text]),
            stages: "[{json: {expressions: {a: }}}, {labels: {a: }}]",
            streamsPerBatch: 2
        )
        #expect(run.run()[0] == [Array(text[..<2])])
        #expect(run.ledger.current.clients["client 0"]?.refusedEntries == 3)
        #expect(run.ledger.current.clients["client 0"]?.takenEntries == 2)
        #expect(run.source.acknowledged == [1: 50])
    }

    @Test func linesBeyondTheLimitAreCutOrDroppedAndCounted() throws {
        for truncates in [false, true] {
            let run = try WorkerRun(
                ScriptedSource(chunks: [["12345", "123456", "1"]]),
                limits: LineLimits(maximumBytes: 5, truncates: truncates)
            )
            #expect(run.run()[0].flatMap { $0 } == (truncates ? ["12345", "12345", "1"] : ["12345", "1"]))
            let totals = run.ledger.current
            let counted =
                truncates
                ? Ledger.LongLines(cutLines: 1, cutBytes: 1) : Ledger.LongLines(droppedLines: 1, droppedBytes: 6)
            #expect(totals.longLines == ["": counted])
        }
    }

    // MARK: - Stages that hold and wait

    private static func cri(_ tag: String, _ text: String) -> String { "2024-05-06T07:08:09Z stdout \(tag) \(text)" }

    /// Runs lines through stages that hold or wait, once for each batch that gets no answer and once with all.
    private func expectNothingLost(
        _ lines: [String],
        stages: String,
        batches expected: [[String]],
        begins: [Int],
        batchWait: Int64 = 50_000_000
    ) throws {
        let starts = lines.indices.map { lines[..<$0].reduce(0) { $0 + Int64($1.utf8.count + 1) } }
        let end = lines.reduce(0) { $0 + Int64($1.utf8.count + 1) }
        for lost in -1..<expected.count {
            let run = try WorkerRun(
                ScriptedSource(chunks: [lines]),
                stages: stages,
                batchBytes: [1],
                batchWait: batchWait
            )
            let batches = run.run(stopping: UInt64(lines.count)) { _, batch, _ -> BatchQueue.Ending? in
                batch == lost ? .abandoned : .accepted
            }
            #expect(batches[0] == expected)
            let position = run.source.acknowledged[1] ?? 0
            // A span may begin before the first line of the batch; the position is never behind that line.
            #expect(lost < 0 ? position == end : position <= starts[begins[lost]], "lost \(lost)")
            let totals = run.ledger.current
            #expect(totals.readLines == UInt64(lines.count) && totals.heldLines == 0)
            #expect(totals.joinedLines == UInt64(lines.count - expected.count))
        }
    }

    @Test func piecesOfALineAreAcknowledgedWithIt() throws {
        let lines = [("F", "whole"), ("P", "a "), ("P", "b "), ("F", "c"), ("P", "open")].map { Self.cri($0, $1) }
        try expectNothingLost(
            lines,
            stages: "[{cri: {}}]",
            batches: [["whole"], ["a b c"], ["open"]],
            begins: [0, 1, 4]
        )
    }

    /// While a line waits for a token its batch is sent: the line belongs to what comes after.
    @Test func aLineThatWaitsBelongsToTheBatchThatTakesIt() throws {
        let lines = [("F", "1"), ("P", "2 "), ("F", "3"), ("F", "4")].map { Self.cri($0, $1) }
        try expectNothingLost(
            lines,
            stages: "[{limit: {rate: 10, burst: 1}}, {cri: {}}]",
            batches: [["1"], ["2 3"], ["4"]],
            begins: [0, 1, 3],
            batchWait: 10_000_000
        )
    }

    // MARK: - Rest

    /// Notifications keep coming in: they are gathered and looked at every 5 ms, not one by one.
    @Test func aWorkerWithPendingNotificationsDoesNotSpin() throws {
        let pipe = try Wakeup()
        pipe.signal()
        let source = ScriptedSource([], descriptor: pipe.descriptor, endsByItself: false)
        let run = try WorkerRun(source)
        let started = Clock.monotonic()
        let stopper = JoinedThread { [mailbox = run.mailbox] in
            usleep(200_000)
            mailbox.stop(deadline: 0)
        }
        run.run()
        stopper.join()
        let milliseconds = (Clock.monotonic() - started) / 1_000_000
        #expect(source.observations > 3)
        #expect(source.looks < Int(milliseconds) / 2, "\(source.looks) looks in \(milliseconds) ms")
    }

    @Test func aWorkerWithNothingToDoSleeps() throws {
        let source = ScriptedSource([], endsByItself: false)
        let run = try WorkerRun(source)
        let stopper = JoinedThread { [mailbox = run.mailbox] in
            usleep(700_000)
            mailbox.stop(deadline: 0)
        }
        run.run()
        stopper.join()
        #expect(source.looks < 5, "\(source.looks) looks")
    }

    @Test func aRequestForPositionsWakesASleepingWorker() throws {
        let run = try WorkerRun(ScriptedSource([], endsByItself: false))
        let asker = JoinedThread { [mailbox = run.mailbox] in
            mailbox.requestSnapshot()
            try? waitUntil("the snapshot has come") { mailbox.takeSnapshot() != nil }
            mailbox.stop(deadline: 0)
        }
        run.run()
        asker.join()
        #expect(run.mailbox.isDone)
    }
}
