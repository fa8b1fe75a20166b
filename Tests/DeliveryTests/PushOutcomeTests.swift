import Testing

@testable import Delivery

struct PushOutcomeTests {
    @Test func everyStatusHasItsDecision() {
        for status in 100...999 {
            let outcome = PushOutcome(status: status)
            switch status {
            case 200...299: #expect(outcome == .accepted)
            case 429: #expect(outcome == .rateLimited(retryAfter: nil, detail: .none))
            case 500...599:
                #expect(outcome == .unavailable(.status(status, detail: .none), retryAfter: nil))
            default: #expect(outcome == .refused(status: status, detail: .none))
            }
            #expect(outcome.isWorthRetrying == (status == 429 || (500...599).contains(status)))
        }
    }

    @Test func noAnswerIsWorthAnotherAttempt() {
        let outcome = PushOutcome(TransportFailure(.timeout, "Timeout was reached"))
        #expect(outcome.isWorthRetrying)
        #expect(outcome.status == nil)
        #expect(outcome.description == "no answer: Timeout was reached")
    }

    @Test func detailIsTheFirstLine() {
        #expect(AnswerDetail("one\r\ntwo".utf8, isWhole: true).unredactedBytes == Array("one".utf8))
        #expect(AnswerDetail("one\n".utf8, isWhole: true).unredactedBytes == Array("one".utf8))
        #expect(AnswerDetail("".utf8, isWhole: true).unredactedBytes.isEmpty)
    }

    @Test func detailIsCutAt1024Bytes() {
        let detail = AnswerDetail(repeatElement(UInt8(ascii: "x"), count: 100_000), isWhole: true)
        #expect(detail.unredactedBytes.count == 1_024)
    }

    struct Redaction: CustomTestStringConvertible {
        let answer: String
        let shown: String
        var testDescription: String { shown }

        init(_ answer: String, _ shown: String) {
            self.answer = answer
            self.shown = shown
        }
    }

    /// `CANARY` stands for anything that was in a label or a line.
    @Test(arguments: [
        Redaction("no org id\n", "no org id"),
        Redaction(
            #"entry for stream '{app="CANARY"}' has timestamp too old: 2026-01-01T00:00:00Z"#,
            "entry for stream ... has timestamp too old: 2026-01-01T00:00:00Z"
        ),
        Redaction(
            """
            entry with timestamp 2026-01-01 00:00:00 +0000 UTC ignored, reason: 'entry too far behind, oldest acceptable \
            timestamp is: 2026-01-01T01:00:00Z' for stream: {app="CANARY"},\nuser 'CANARY'
            """,
            "entry with timestamp 2026-01-01 00:00:00 +0000 UTC ignored, reason: ... (entry too far behind)"
        ),
        Redaction(#"label value 'it's CANARY' too long"#, "label value ... too long"),
        Redaction("label value 'it's 'CANARY\nCANARY' too long", "label value ..."),
        Redaction(#"error parsing labels '{a="CANARY"#, "error parsing labels ..."),
        Redaction("<html>CANARY</html> end", "... end"),
        Redaction("caf\u{E9} \u{1B}[31mCANARY] x", "caf?? ?... x"),
    ])
    func redactedDetailHoldsNothingQuoted(_ row: Redaction) {
        let detail = AnswerDetail(row.answer.utf8, isWhole: true)
        #expect(detail.redacted == row.shown)
        #expect(!detail.redacted.contains("CANARY"))
    }

    /// A quoted value holds any byte, and the answer may end at any byte.
    @Test func aCanaryInQuotesNeverShowsWhereverTheAnswerIsCut() {
        for mark in ["'", "\"", "{", "}", "`", "[", "]", "\n", ""] {
            let answer = Array("stream '{app=\"x\(mark)CANARY\(mark)y\"}' has 'CANARY' wrong".utf8)
            for end in answer.indices {
                let detail = AnswerDetail(answer[..<end], isWhole: false)
                #expect(!detail.redacted.contains("CAN"), "mark \(mark), cut at \(end)")
            }
            #expect(!AnswerDetail(answer, isWhole: true).redacted.contains("CANARY"))
        }
    }

    @Test func wordsThatWereSentAreNotShownAlsoWithoutQuotes() {
        let sent = Array("user=alice paid 100 entry".utf8)
        func isSent(_ word: [UInt8]) -> Bool {
            (0...(sent.count - min(sent.count, word.count))).contains { sent[$0...].starts(with: word) }
        }
        let detail = AnswerDetail("alice, entry too far behind (alice): a 100 user=alice".utf8, isWhole: true)
        #expect(detail.redacted(where: isSent) == "... ... too far behind ... a 100 ... (entry too far behind)")
        let outcome = PushOutcome(status: 400, detail: detail)
        #expect(!outcome.description(where: isSent).contains("alice"))
    }

    @Test func noWayOfPrintingShowsTheWholeDetail() {
        let detail = AnswerDetail("stream '{app=\"CANARY\"}' is bad".utf8, isWhole: true)
        let outcomes: [PushOutcome] = [
            .rateLimited(retryAfter: nil, detail: detail),
            .unavailable(.status(500, detail: detail), retryAfter: nil),
            .refused(status: 400, detail: detail),
        ]
        for outcome in outcomes {
            var dumped = ""
            dump(outcome, to: &dumped)
            let reflected = String(reflecting: outcome)
            for text in ["\(outcome)", reflected, dumped, outcome.description] {
                #expect(!text.contains("CANARY"))
                // An array of the bytes would hide the word, not the secret.
                #expect(!text.contains("67, 65, 78"))
            }
        }
        #expect(outcomes[2].description == "server returned HTTP status 400: stream ... is bad")
    }
}
