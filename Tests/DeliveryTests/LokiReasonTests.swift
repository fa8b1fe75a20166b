import Testing

@testable import Delivery

struct LokiReasonTests {
    @Test(arguments: LokiReason.allCases)
    func aReasonIsFoundWhereverItStands(reason: LokiReason) {
        for text in [
            "\(reason.rawValue)", "user 'x' \(reason.rawValue)", "\(reason.rawValue): {a=\"b\"}",
            "..\(reason.rawValue)..",
        ] {
            #expect(reason.isGiven(by: Array(text.utf8)), "\(text)")
        }
        #expect(!reason.isGiven(by: Array(reason.rawValue.utf8.dropLast())))
        #expect(!reason.isGiven(by: []))
    }

    /// Answers of Loki 2.9 and 3.x with log content in them, and what is shown of each.
    @Test(arguments: [
        (
            "entry with timestamp 2024-05-06 07:08:09 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: CANARY',",
            "entry too far behind"
        ),
        ("entry for stream '{app=\"CANARY\"}' has timestamp too old: 2020-01-01T00:00:00Z", "timestamp too old"),
        (
            "Max entry size '262144' bytes exceeded for stream '{a=\"CANARY\"}' while adding an entry with length '300000' bytes",
            "Max entry size"
        ),
        ("stream '{a=\"CANARY\"}' has label value too long: 'CANARY'", "label value too long"),
        (
            "Maximum active stream limit exceeded when trying to create stream {a=\"CANARY\"}",
            "Maximum active stream limit exceeded"
        ),
        ("error at least one label pair is required per stream", "at least one label pair is required"),
    ])
    func theReasonIsShownAndTheContentIsNot(answer: String, reason: String) {
        let detail = AnswerDetail(answer.utf8, isWhole: true)
        #expect(detail.redacted.contains(reason))
        #expect(!detail.redacted.contains("CANARY"))
    }
}
