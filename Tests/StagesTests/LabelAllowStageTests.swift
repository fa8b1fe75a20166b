import Entries
import Testing

@testable import Stages

struct LabelAllowStageTests {
    @Test(arguments: [
        StageCase(
            "keeps the named labels of the target",
            "- labelallow: [job]",
            labels: ["pod": "p", "job": "j", "filename": "/x"],
            "x",
            expect: ["job": "j"]
        ),
        StageCase(
            "keeps the named labels that stages set, and only those",
            "- static_labels: {a: '1', b: '2'}\n- labelallow: [a, nothere]",
            labels: ["job": "j"],
            "x",
            expect: ["a": "1"]
        ),
        StageCase(
            "may leave none",
            "- labelallow: [nothere]",
            labels: ["job": "j"],
            "x",
            expect: [:]
        ),
        StageCase(
            "removes labels that only a later stage touches, which may set them again",
            "- labelallow: [job]\n- labels: {pod: }",
            labels: ["pod": "p", "job": "j", "node": "n"],
            "x",
            expect: ["pod": "p", "job": "j"]
        ),
        StageCase(
            "works twice in a row",
            "- labelallow: [a, b]\n- labelallow: [b, c]",
            labels: ["a": "1", "b": "2", "c": "3"],
            "x",
            expect: ["b": "2"]
        ),
        StageCase(
            "takes the tenant away too",
            "- tenant: {value: acme}\n- labelallow: [job]",
            labels: ["job": "j"],
            "x",
            expect: ["job": "j"]
        ),
    ])
    func labels(_ row: StageCase<[String: String]>) throws {
        #expect(try row.outputs().map(\.labels) == [row.expected])
    }

    @Test func targetThatTakesTheNumberOfOneThatWentIsNotMistakenForIt() throws {
        let run = try StageRun("- labelallow: [job]")
        let labelSets = run.pipeline.labelSets
        func labels(of base: Int) -> [String: String] {
            let outcome = run.pipeline.process(
                line: .empty,
                timestamp: run.now.wall,
                base: base,
                now: run.now,
                span: SpanID(source: 0, number: 1)
            )
            #expect(outcome == .delivered)
            let number = labelSets.number(of: &run.pipeline.current.pointee)
            return Dictionary(
                uniqueKeysWithValues: labelSets.labels(of: number).map {
                    ($0.name, String(decoding: $0.value, as: UTF8.self))
                }
            )
        }
        var numbers: Set<Int> = []
        var isReused = false
        // Far more targets come and go than there is room for before numbers are given out again.
        for round in 0..<1_000 {
            let value = "job-\(round)"
            let base = labelSets.addBase([("job", Array(value.utf8)), ("pod", Array("p".utf8))])
            isReused = isReused || !numbers.insert(base).inserted
            #expect(labels(of: base) == ["job": value])
            labelSets.removeBase(base)
        }
        #expect(isReused)
    }

    @Test(arguments: [
        MistakeCase("- labelallow:", "labelallow: needs a list of texts"),
        MistakeCase("- labelallow: []", "labelallow: needs at least one label name"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
