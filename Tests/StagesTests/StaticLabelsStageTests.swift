import Testing

@testable import Stages

struct StaticLabelsStageTests {
    @Test(arguments: [
        StageCase("adds a label", "- static_labels: {env: prod}", "x", expect: ["env": "prod"]),
        StageCase(
            "overwrites a label of the target",
            "- static_labels: {env: prod}",
            labels: ["env": "dev", "job": "j"],
            "x",
            expect: ["env": "prod", "job": "j"]
        ),
        StageCase(
            "leaves labels without a value alone",
            "- static_labels: {env: , job: ''}",
            labels: ["job": "j"],
            "x",
            expect: ["job": "j"]
        ),
        StageCase("takes no labels at all", "- static_labels:", "x", expect: [:]),
        StageCase(
            "is seen by a labels stage only through the target's copy",
            "- static_labels: {env: prod}\n- labels: {copy: env}",
            labels: ["env": "dev"],
            "x",
            expect: ["env": "prod", "copy": "dev"]
        ),
    ])
    func labels(_ row: StageCase<[String: String]>) throws {
        #expect(try row.outputs().map(\.labels) == [row.expected])
    }

    @Test(arguments: [
        MistakeCase(
            "- static_labels: {env: 42}",
            "static_labels: takes a mapping of label names to values, not a number"
        ),
        MistakeCase("- static_labels: {'': x}", "static_labels: has an empty label name"),
        MistakeCase("- static_labels: [a]", "static_labels: takes a mapping of label names to values, not a list"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }

    @Test func nameThatLokiRefusesIsTakenWithAWarning() throws {
        let stages = "- static_labels: {a-b: x}"
        #expect(
            StageRun.mistakes(stages).contains("warning: static_labels: Loki refuses entries with a label named 'a-b'")
        )
        #expect(try StageRun.output(stages, "x")?.labels == ["a-b": "x"])
    }
}
