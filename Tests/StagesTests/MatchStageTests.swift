import Testing

@testable import Stages

struct MatchStageTests {
    private static func stages(_ selector: String) -> String {
        "- match:\n    selector: '\(selector)'\n    stages: [static_labels: {matched: 'yes'}]"
    }

    /// What is expected: whether the line `foo` with these labels is chosen.
    @Test(arguments: [
        StageCase("a contained text", stages(#"{a="b"} |= "oo""#), labels: ["a": "b"], "foo", expect: true),
        StageCase(
            "a text that is not contained",
            stages(#"{a="b"} |= "bar""#),
            labels: ["a": "b"],
            "foo",
            expect: false
        ),
        StageCase("an empty text", stages(#"{a="b"} |= """#), labels: ["a": "b"], "foo", expect: true),
        StageCase("not an empty text", stages(#"{a="b"} != """#), labels: ["a": "b"], "foo", expect: false),
        StageCase("not a contained text", stages(#"{a="b"} != "foo""#), labels: ["a": "b"], "foo", expect: false),
        StageCase("not a text that is missing", stages(#"{a="b"} != "bar""#), labels: ["a": "b"], "foo", expect: true),
        StageCase("an expression", stages(#"{a="b"} |~ "^fo+$""#), labels: ["a": "b"], "foo", expect: true),
        StageCase("not an expression", stages(#"{a="b"} !~ "fo+""#), labels: ["a": "b"], "foo", expect: false),
        StageCase(
            "all filters hold",
            stages(#"{a="b"} |= "f" |~ "o$" != "z""#),
            labels: ["a": "b"],
            "foo",
            expect: true
        ),
        StageCase(
            "one of the filters does not hold",
            stages(#"{a="b"} |= "f" != "o""#),
            labels: ["a": "b"],
            "foo",
            expect: false
        ),
        StageCase("another value", stages(#"{a="b"}"#), labels: ["a": "c"], "foo", expect: false),
        StageCase("a value that only begins so", stages(#"{a="b"}"#), labels: ["a": "bc"], "foo", expect: false),
        StageCase("the empty value of a label that is missing", stages(#"{a=""}"#), "foo", expect: true),
        StageCase(
            "the empty value of a label that has one",
            stages(#"{a=""}"#),
            labels: ["a": "b"],
            "foo",
            expect: false
        ),
        StageCase("another value than that of a missing label", stages(#"{a!="b"}"#), "foo", expect: true),
        StageCase("no value", stages(#"{a!=""}"#), "foo", expect: false),
        StageCase("an expression for a whole value", stages(#"{a=~"b"}"#), labels: ["a": "bb"], "foo", expect: false),
        StageCase(
            "an expression with alternatives for a whole value",
            stages(#"{a=~"x|b"}"#),
            labels: ["a": "b"],
            "foo",
            expect: true
        ),
        StageCase(
            "a dot for a line break in a value",
            stages(#"{a=~"b.c"}"#),
            labels: ["a": "b\nc"],
            "foo",
            expect: true
        ),
        StageCase("not an expression for a value", stages(#"{a!~"b.*"}"#), labels: ["a": "c"], "foo", expect: true),
        StageCase("any value for a missing label", stages(#"{a=~".+"}"#), "foo", expect: false),
        StageCase(
            "all matchers hold",
            stages(#"{a="b", c=~"te.*", d!="x"}"#),
            labels: ["a": "b", "c": "test"],
            "foo",
            expect: true
        ),
        StageCase(
            "one of the matchers does not hold",
            stages(#"{a="b",c!="t"}"#),
            labels: ["a": "b", "c": "t"],
            "foo",
            expect: false
        ),
        StageCase(
            "labels, not extracted values",
            "- json: {expressions: {a: }}\n" + stages(#"{a="b"}"#),
            #"{"a":"b"}"#,
            expect: false
        ),
        StageCase(
            "a label that a stage set",
            "- json: {expressions: {a: }}\n- labels: {a: }\n" + stages(#"{a="b"}"#),
            #"{"a":"b"}"#,
            expect: true
        ),
    ])
    func chooses(_ row: StageCase<Bool>) throws {
        #expect(try row.outputs().map { $0.labels["matched"] == "yes" } == [row.expected])
    }

    @Test func entriesThatAreNotChosenPassByAndNobodyOvertakes() throws {
        let stages = #"""
            - match:
                selector: '{job="j"} |= "in"'
                stages:
                  - static_labels: {block: outer}
                  - match:
                      selector: '{block="outer"} |= "deep"'
                      stages: [static_labels: {block: inner}]
                  - static_labels: {left: 'yes'}
            - static_labels: {end: 'yes'}
            """#
        let outputs = try StageRun.outputs(stages, labels: ["job": "j"], ["out", "in", "in deep", "once more"])
        #expect(outputs.map(\.text) == ["out", "in", "in deep", "once more"])
        #expect(outputs.map { $0.labels["block"] } == [nil, "outer", "inner", nil])
        #expect(outputs.map { $0.labels["left"] } == [nil, "yes", "yes", nil])
        #expect(outputs.allSatisfy { $0.labels["end"] == "yes" })
    }

    @Test(arguments: [
        StageCase(
            "labels of the target",
            "",
            labels: ["job": "j", "app": "web"],
            #"{"app":"json"}"#,
            expect: ["app": StageRun.Extracted.text("web"), "job": "j"]
        ),
        StageCase(
            "labels that stages set",
            "- static_labels: {app: static}\n",
            labels: ["job": "j"],
            #"{"app":"json"}"#,
            expect: ["app": "static", "job": "j"]
        ),
        StageCase(
            "not labels that stages removed",
            "- labeldrop: [app]\n",
            labels: ["job": "j", "app": "web"],
            #"{"app":"json"}"#,
            expect: ["app": "json", "job": "j"]
        ),
        StageCase(
            "not labels of the target that labelallow removed",
            "- labelallow: [job]\n",
            labels: ["job": "j", "app": "web"],
            #"{"app":"json"}"#,
            expect: ["app": "json", "job": "j"]
        ),
        StageCase(
            "nil where there is no label",
            "",
            labels: ["job": "j"],
            "{}",
            expect: ["app": .null, "job": "j"]
        ),
    ])
    func blockBeginsWithTheLabelsInTheExtractedMap(_ row: StageCase<[String: StageRun.Extracted]>) throws {
        let stages =
            "- json: {expressions: {app: }}\n" + row.stages
            + #"- match: {selector: '{job="j"}', stages: [labels: {x: app, z: job}]}"#
        let outputs = try StageRun.outputs(stages, labels: row.labels, row.lines)
        #expect(outputs.map(\.extracted) == [row.expected])
    }

    @Test func skippedBlockLeavesTheExtractedMapAlone() throws {
        let stages =
            "- json: {expressions: {app: }}\n" + #"- match: {selector: '{job="other"}', stages: [labels: {x: app}]}"#
        let output = try StageRun.output(stages, labels: ["app": "web", "job": "j"], #"{"app":"json"}"#)
        #expect(output?.extracted["app"] == "json")
    }

    @Test func dropsWhatItChoosesAndCountsItsReason() throws {
        let run = try StageRun(
            #"""
            - match: {selector: '{job="j"} |= "a"', action: drop}
            - match: {selector: '{job="j"} |= "b"', action: drop, drop_counter_reason: chatty}
            - match: {selector: '{job="j"} |= "c"', action: drop, drop_counter_reason: '', stages: []}
            """#,
            labels: ["job": "j"]
        )
        for line in ["a", "b", "bb", "c", "d"] { run.feed(line) }
        #expect(run.lines == ["d"])
        #expect(run.drops == ["match_stage": 2, "chatty": 2])
    }

    @Test(arguments: [
        MistakeCase("- match: {stages: [labels: ]}", "match: 'selector' is missing"),
        MistakeCase(
            "- match: {selector: '', stages: [labels: ]}",
            "match: 'selector' does not compile: parse error at line 1, col 1"
        ),
        MistakeCase(
            "- match: {selector: '{}', stages: [labels: ]}",
            "match: 'selector' does not compile: parse error at line 1, col 2: syntax error: unexpected }, expecting IDENTIFIER"
        ),
        MistakeCase(#"- match: {selector: '{a="b"}'}"#, "match: 'stages' names no stage"),
        MistakeCase(#"- match: {selector: '{a="b"}', stages: []}"#, "match: 'stages' names no stage"),
        MistakeCase(
            #"- match: {selector: '{a="b"}', action: drop, stages: [labels: ]}"#,
            "match: 'stages' have no use with 'action: drop'"
        ),
        MistakeCase(
            #"- match: {selector: '{a="b"}', action: remove, stages: [labels: ]}"#,
            "match: 'action' is neither 'keep' nor 'drop'"
        ),
        MistakeCase(
            #"- match: {selector: '{a="b"}', pipeline_name: '', stages: [labels: ]}"#,
            "match: 'pipeline_name' is empty"
        ),
        MistakeCase(
            #"- match: {selector: '{a=~"(b"}', stages: [labels: ]}"#,
            "match: 'selector' does not compile: '(b': error parsing regexp: missing closing )"
        ),
        MistakeCase(
            #"- match: {selector: '{a="b"} |~ "[]"', stages: [labels: ]}"#,
            "match: 'selector' does not compile: '[]': error parsing regexp: missing closing ]"
        ),
        MistakeCase(#"- match: {selector: '{a="b"}', stages: [nope: ]}"#, "unknown stage 'nope'"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }

    @Test func blocksInsideBlocksHaveALimit() {
        let depth = 32
        let stages =
            (0..<depth).map {
                #"\#(String(repeating: "    ", count: $0))- match:\#n"# + String(repeating: "    ", count: $0)
                    + #"    selector: '{a="b"}'\#n"# + String(repeating: "    ", count: $0) + "    stages:\n"
            }
            .joined() + String(repeating: "    ", count: depth) + "- labels:\n"
        #expect(StageRun.mistakes(stages).contains("stages are nested more than 32 deep"))
    }
}
