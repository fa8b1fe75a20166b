import Loki
import Testing

struct AnswerScriptTests {
    @Test func stepsComeInOrderAndTheLastOneStays() throws {
        var script = try AnswerScript("500x2,429@7,reset,lost,hang:3,204")
        let answers = (0..<8).map { _ in script.next() }
        #expect(
            answers == [
                .status(500, retryAfter: nil), .status(500, retryAfter: nil), .status(429, retryAfter: 7), .reset,
                .lost,
                .hang(seconds: 3), .status(204, retryAfter: nil), .status(204, retryAfter: nil),
            ]
        )
    }

    @Test func withoutAScriptEverythingIsTaken() {
        var script = AnswerScript()
        #expect(script.next() == .status(204, retryAfter: nil))
    }

    @Test func theSameSeedGivesTheSameFaultsInTheirProportion() throws {
        var script = try AnswerScript("random:500=0.2,429=0.13,seed=7")
        var twin = try AnswerScript("random:500=0.2,429=0.13,seed=7")
        var counts: [Int: Int] = [:]
        for _ in 0..<10_000 {
            guard case .status(let status, _) = script.next() else { continue }
            #expect(twin.next() == .status(status, retryAfter: nil))
            counts[status, default: 0] += 1
        }
        #expect((1_800...2_200).contains(counts[500] ?? 0))
        #expect((1_100...1_500).contains(counts[429] ?? 0))
        #expect(counts.count == 3)
    }

    @Test(arguments: [
        "oops", "99", "600", "hang:x", "random:500", "random:500=2", "random:nonsense=0.1", "random:500=x",
    ])
    func whatCannotBeReadIsTold(text: String) {
        #expect(throws: AnswerScript.Mistake.self) { try AnswerScript(text) }
    }
}
