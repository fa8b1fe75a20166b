import Testing

@testable import Stages

struct LabelDropStageTests {
    @Test(arguments: [
        StageCase(
            "removes labels of the target",
            "- labeldrop: [pod]",
            labels: ["pod": "p", "job": "j"],
            "x",
            expect: ["job": "j"]
        ),
        StageCase(
            "removes labels that stages set",
            "- static_labels: {a: '1', b: '2'}\n- labeldrop: [a, nothere]",
            "x",
            expect: ["b": "2"]
        ),
        StageCase("may leave none", "- labeldrop: [job]", labels: ["job": "j"], "x", expect: [:]),
        StageCase(
            "takes names, not patterns",
            "- labeldrop: [po., '*']",
            labels: ["pod": "p"],
            "x",
            expect: ["pod": "p"]
        ),
        StageCase(
            "leaves the extracted map as it is",
            "- labeldrop: [pod]\n- labels: {was: pod}",
            labels: ["pod": "p"],
            "x",
            expect: ["was": "p"]
        ),
        StageCase(
            "lets a later stage set the label again",
            "- labeldrop: [pod]\n- static_labels: {pod: q}",
            labels: ["pod": "p"],
            "x",
            expect: ["pod": "q"]
        ),
    ])
    func labels(_ row: StageCase<[String: String]>) throws {
        #expect(try row.outputs().map(\.labels) == [row.expected])
    }

    @Test(arguments: [
        MistakeCase("- labeldrop:", "labeldrop: needs a list of texts"),
        MistakeCase("- labeldrop: []", "labeldrop: needs at least one label name"),
        MistakeCase("- labeldrop: pod", "labeldrop: takes a list of texts"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
