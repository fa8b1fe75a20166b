import Testing

@testable import Stages

struct StructuredMetadataStageTests {
    struct Expected: Sendable {
        var metadata: [StageRun.Pair] = []
        var labels: [String: String] = [:]
    }

    private static let json = "- json: {expressions: {a: , b: }}\n"

    @Test(arguments: [
        StageCase(
            "extracted text",
            json + "- structured_metadata: {a: }",
            #"{"a":"x"}"#,
            expect: Expected(metadata: [.init("a", "x")])
        ),
        StageCase(
            "under another name, in the order of the configuration",
            json + "- structured_metadata: {z: b, x: a}",
            #"{"a":1.50,"b":true}"#,
            expect: Expected(metadata: [.init("z", "true"), .init("x", "1.5")])
        ),
        StageCase(
            "an empty text is a text, nil and a missing name are nothing",
            json + "- structured_metadata: {a: , b: , c: }",
            #"{"a":""}"#,
            expect: Expected(metadata: [.init("a", "")])
        ),
        StageCase(
            "a label of the target moves",
            "- structured_metadata: {pod: }",
            labels: ["pod": "p", "job": "j"],
            "x",
            expect: Expected(metadata: [.init("pod", "p")], labels: ["job": "j"])
        ),
        StageCase(
            "a label moves under another name",
            "- structured_metadata: {host: node}",
            labels: ["node": "n"],
            "x",
            expect: Expected(metadata: [.init("host", "n")])
        ),
        StageCase(
            "a label that a stage set moves",
            "- static_labels: {pod: p1, c: k}\n- structured_metadata: {pod_name: pod}",
            "x",
            expect: Expected(metadata: [.init("pod_name", "p1")], labels: ["c": "k"])
        ),
        StageCase(
            "one label serves two names",
            "- static_labels: {pod: p}\n- structured_metadata: {x: pod, z: pod}",
            "x",
            expect: Expected(metadata: [.init("x", "p"), .init("z", "p")])
        ),
        StageCase(
            "a label with another value than the extracted text stays",
            json + "- structured_metadata: {a_name: a}",
            labels: ["a": "label"],
            #"{"a":"text"}"#,
            expect: Expected(metadata: [.init("a_name", "text")], labels: ["a": "label"])
        ),
        StageCase(
            "a label takes the place of an extracted nil",
            json + "- structured_metadata: {a: }",
            labels: ["a": "label"],
            "{}",
            expect: Expected(metadata: [.init("a", "label")])
        ),
        StageCase(
            "twice gives two pairs",
            json + "- structured_metadata: {a: }\n- structured_metadata: {a: }",
            #"{"a":"x"}"#,
            expect: Expected(metadata: [.init("a", "x"), .init("a", "x")])
        ),
        StageCase(
            "goes by its old name too",
            json + "- non_indexed_labels: {a: }",
            #"{"a":"x"}"#,
            expect: Expected(metadata: [.init("a", "x")])
        ),
        StageCase(
            "no names are fine",
            "- structured_metadata:",
            labels: ["a": "1"],
            "x",
            expect: Expected(labels: ["a": "1"])
        ),
    ])
    func metadata(_ row: StageCase<Expected>) throws {
        let outputs = try row.outputs()
        #expect(outputs.map(\.metadata) == [row.expected.metadata])
        #expect(outputs.map(\.labels) == [row.expected.labels])
    }

    @Test func textThatIsNotUTF8StaysOut() throws {
        let run = try StageRun(Self.json + "- structured_metadata: {a: , b: }")
        run.feed(Array(#"{"a":""#.utf8) + [0xFF] + Array(#"","b":"ok"}"#.utf8))
        #expect(run.outputs.map(\.metadata) == [[.init("b", "ok")]])
    }

    /// Loki's own limit: it would refuse the whole entry.
    @Test func pairsBeyondTheLimitStayOut() throws {
        let pairs = (0..<130).map { "m\($0): a" }.joined(separator: ", ")
        let run = try StageRun(Self.json + "- structured_metadata: {\(pairs)}")
        run.feed(#"{"a":"x"}"#)
        #expect(run.outputs.map(\.metadata) == [(0..<128).map { .init("m\($0)", "x") }])
    }

    @Test func labelsThatDoNotFitStayLabels() throws {
        let pairs = (0..<128).map { "m\($0): a" }.joined(separator: ", ")
        let run = try StageRun(
            Self.json + "- structured_metadata: {\(pairs)}\n- structured_metadata: {pod: }",
            labels: ["pod": "p"]
        )
        run.feed(#"{"a":"x"}"#)
        #expect(run.outputs.map(\.labels) == [["pod": "p"]])
    }

    @Test func oldNameIsToldTheNewOne() {
        #expect(
            StageRun.mistakes("- non_indexed_labels: {a: }")
                .contains("test.yaml:1:3: warning: 'non_indexed_labels' is an old name of 'structured_metadata'")
        )
    }

    @Test(arguments: [
        MistakeCase("- structured_metadata: {a-b: c}", "structured_metadata: 'a-b' is not a valid label name"),
        MistakeCase(
            "- structured_metadata: {a: 5}",
            "structured_metadata: takes a mapping of names to texts, not a number"
        ),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
