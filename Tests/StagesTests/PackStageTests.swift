import Entries
import Testing

@testable import Stages

struct PackStageTests {
    private static let json = "- json: {expressions: {x: , none: }}\n"

    /// What is expected: the line.
    @Test(arguments: [
        StageCase("nothing listed", "- pack: {}", labels: ["a": "b"], "L", expect: #"{"_entry":"L"}"#),
        StageCase("a label", "- pack: {labels: [a]}", labels: ["a": "b"], "L", expect: #"{"a":"b","_entry":"L"}"#),
        StageCase(
            "one name instead of a list",
            "- pack: {labels: a}",
            labels: ["a": "b"],
            "L",
            expect: #"{"a":"b","_entry":"L"}"#
        ),
        StageCase(
            "names are sorted bytewise",
            "- pack: {labels: [b, B, a]}",
            labels: ["a": "1", "b": "2", "B": "3"],
            "L",
            expect: #"{"B":"3","a":"1","b":"2","_entry":"L"}"#
        ),
        StageCase("a number", json + "- pack: {labels: [x]}", #"{"x":1}"#, expect: #"{"x":"1","_entry":"{\"x\":1}"}"#),
        StageCase("nil is left out", json + "- pack: {labels: [none]}", "{}", expect: #"{"_entry":"{}"}"#),
        StageCase("quotes", "- pack: {}", #"he said "hi""#, expect: #"{"_entry":"he said \"hi\""}"#),
        StageCase("markup is escaped as Go does", "- pack: {}", "<b>&", expect: #"{"_entry":"\u003cb\u003e\u0026"}"#),
    ])
    func lineBecomes(_ c: StageCase<String>) throws {
        #expect(try c.outputs().first?.text == c.expected)
    }

    @Test func packedLabelsAreTakenOffAndOthersStay() throws {
        let output = try StageRun.output("- pack: {labels: [a]}", labels: ["a": "b", "c": "d"], "L")
        #expect(output?.labels == ["c": "d"])
    }

    @Test(arguments: [(true, StageRun.start.wall), (false, Timestamp(seconds: 5))])
    func timeIsThePresentWhenAsked(_ isAsked: Bool, _ expected: Timestamp) throws {
        let run = try StageRun("- pack: {ingest_timestamp: \(isAsked)}")
        run.feed("L", timestamp: Timestamp(seconds: 5))
        #expect(run.outputs.map(\.timestamp) == [expected])
    }
}
