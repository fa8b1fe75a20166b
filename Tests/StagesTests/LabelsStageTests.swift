import Testing

@testable import Stages

struct LabelsStageTests {
    private static let json = "- json: {expressions: {a: , b: , c: }}\n"

    @Test(arguments: [
        StageCase("the same name", json + "- labels: {a: }", #"{"a":"x","b":"y"}"#, expect: ["a": "x"]),
        StageCase("an empty text means the same name", json + "- labels: {a: ''}", #"{"a":"x"}"#, expect: ["a": "x"]),
        StageCase(
            "another name, and one value for two labels",
            json + "- labels: {x: a, z: a}",
            #"{"a":"1"}"#,
            expect: ["x": "1", "z": "1"]
        ),
        StageCase(
            "numbers and Booleans as text",
            json + "- labels: {a: , b: }",
            #"{"a":12.50,"b":true}"#,
            expect: ["a": "12.5", "b": "true"]
        ),
        StageCase(
            "an empty text is a value",
            json + "- labels: {a: }",
            labels: ["a": "old"],
            #"{"a":""}"#,
            expect: ["a": ""]
        ),
        StageCase(
            "nil and a missing name leave the label as it was",
            json + "- labels: {a: , b: nothere}",
            labels: ["a": "old", "b": "old"],
            #"{"a":null}"#,
            expect: ["a": "old", "b": "old"]
        ),
        StageCase("and make no label", json + "- labels: {a: , b: nothere}", "{}", expect: [:]),
        StageCase(
            "a label of the target is replaced",
            json + "- labels: {job: a}",
            labels: ["job": "old", "pod": "p"],
            #"{"a":"new"}"#,
            expect: ["job": "new", "pod": "p"]
        ),
        StageCase(
            "a label of the target is an extracted value",
            "- labels: {app: job}",
            labels: ["job": "j"],
            "x",
            expect: ["app": "j", "job": "j"]
        ),
        StageCase(
            "a label that a stage set is not",
            "- static_labels: {a: x}\n- labels: {b: a}",
            "x",
            expect: ["a": "x"]
        ),
        StageCase(
            "nor is one that this stage sets",
            json + "- labels: {x: a}\n- labels: {z: x}",
            #"{"a":"1"}"#,
            expect: ["x": "1"]
        ),
        StageCase(
            "a value that comes later takes no effect before",
            "- labels: {a: }\n" + json,
            #"{"a":"x"}"#,
            expect: [:]
        ),
        StageCase(
            "the last of two stages counts",
            json + "- labels: {x: a}\n- labels: {x: b}",
            #"{"a":"1","b":"2"}"#,
            expect: ["x": "2"]
        ),
        StageCase(
            "a label is removed and set again",
            json + "- labels: {a: }\n- labeldrop: [a]\n- labels: {a: b}",
            #"{"a":"1","b":"2"}"#,
            expect: ["a": "2"]
        ),
        StageCase(
            "names that begin with two underscores",
            json + "- labels: {__meta: a, _b: b}",
            #"{"a":"1","b":"2"}"#,
            expect: ["__meta": "1", "_b": "2"]
        ),
        StageCase(
            "every character of the value, also those that have to be escaped",
            json + "- labels: {a: }",
            #"{"a":"\"\\\n é😀"}"#,
            expect: ["a": "\"\\\n é😀"]
        ),
        StageCase("no labels at all", "- labels: {}\n- labels:", labels: ["job": "j"], "x", expect: ["job": "j"]),
    ])
    func sets(_ row: StageCase<[String: String]>) throws {
        let outputs = try row.outputs()
        #expect(outputs.map(\.labels) == [row.expected])
        #expect(outputs.map(\.text) == row.lines)
    }

    @Test(
        arguments: [[0xFF], [0x61, 0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]]
    )
    func valueThatIsNotUTF8LeavesTheLabelAsItWas(_ value: [UInt8]) throws {
        let run = try StageRun("- regex: {expression: '=(?P<a>(?s:.*))='}\n- labels: {a: , b: a}", labels: ["a": "old"])
        run.feed([0x3D] + value + [0x3D])
        #expect(run.outputs.map(\.labels) == [["a": "old"]])
        run.feed("=ok=")
        #expect(run.outputs.map(\.labels).last == ["a": "ok", "b": "ok"])
    }

    /// Labels are of the entry: the next one begins with those of its target.
    @Test func nextEntryBeginsAnew() throws {
        let run = try StageRun(Self.json + "- labels: {a: }", labels: ["job": "j"])
        let other = run.addTarget(["job": "k", "a": "target"])
        run.feed(#"{"a":"1"}"#)
        run.feed("{}")
        run.feed("{}", target: other)
        run.feed(#"{"a":"1"}"#, target: other)
        #expect(
            run.outputs.map(\.labels) == [
                ["job": "j", "a": "1"], ["job": "j"], ["job": "k", "a": "target"], ["job": "k", "a": "1"],
            ]
        )
    }

    @Test(arguments: [
        MistakeCase("- labels: {'': a}", "labels: '' is not a valid label name"),
        MistakeCase("- labels: {1a: a}", "labels: '1a' is not a valid label name"),
        MistakeCase("- labels: {a-b: a}", "labels: 'a-b' is not a valid label name"),
        MistakeCase("- labels: {a.b: }", "labels: 'a.b' is not a valid label name"),
        MistakeCase("- labels: {é: a}", "labels: 'é' is not a valid label name"),
        MistakeCase("- labels: {a-b: }", "help: use letters, digits and '_', not beginning with a digit"),
        MistakeCase("- labels: [a]", "labels: takes a mapping of names to texts, not a list"),
        MistakeCase("- labels: a", "labels: takes a mapping of names to texts"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
