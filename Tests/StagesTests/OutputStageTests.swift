import Testing

@testable import Stages

struct OutputStageTests {
    private static let json = "- json: {expressions: {m: }}\n- output: {source: m}"

    @Test(arguments: [
        StageCase("a text", json, #"{"m":"hi"}"#, expect: "hi"),
        StageCase("an empty text makes an empty line", json, #"{"m":""}"#, expect: ""),
        StageCase("a text with escapes", json, #"{"m":"a\n\"b\""}"#, expect: "a\n\"b\""),
        StageCase("a number as its decimal", json, #"{"m":1e3}"#, expect: "1000"),
        StageCase("a Boolean", json, #"{"m":false}"#, expect: "false"),
        StageCase("an object as JSON", json, #"{"m":{"a": 1}}"#, expect: #"{"a":1}"#),
        StageCase("nil leaves the line", json, #"{"m":null}"#, expect: #"{"m":null}"#),
        StageCase("a path that leads nowhere leaves the line", json, #"{"n":1}"#, expect: #"{"n":1}"#),
        StageCase("a missing name leaves the line", "- output: {source: m}", "x", expect: "x"),
        StageCase("a label", "- output: {source: job}", labels: ["job": "web"], "x", expect: "web"),
    ])
    func line(_ row: StageCase<String>) throws { #expect(try row.outputs().map(\.text) == [row.expected]) }

    @Test func laterStagesSeeTheNewLine() throws {
        let stages = Self.json + "\n- json: {expressions: {inner: }}\n- labels: {inner: }"
        #expect(try StageRun.output(stages, #"{"m":"{\"inner\":\"x\"}"}"#)?.labels == ["inner": "x"])
    }

    @Test(arguments: [
        MistakeCase("- output:", "output: 'source' is missing"),
        MistakeCase("- output: {source: ''}", "output: 'source' is empty"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
