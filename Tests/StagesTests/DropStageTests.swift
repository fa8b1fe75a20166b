import Entries
import Testing

@testable import Stages

struct DropStageTests {
    private static let json = "- json: {expressions: {a: , b: , num: }}\n"

    /// What is expected: whether the line is dropped.
    @Test(arguments: [
        StageCase("longer than the size", "- drop: {longer_than: 10b}", "12345678901", expect: true),
        StageCase("exactly the size", "- drop: {longer_than: 10b}", "1234567890", expect: false),
        StageCase("length counts bytes", "- drop: {longer_than: 2}", "é!", expect: true),
        StageCase("source that exists, be it empty", json + "- drop: {source: a}", #"{"a":""}"#, expect: true),
        StageCase("source that json stored as nil", json + "- drop: {source: a}", "{}", expect: true),
        StageCase("source that is missing", json + "- drop: {source: a}", "no json", expect: false),
        StageCase("source that is a label", "- drop: {source: job}", labels: ["job": "j"], "x", expect: true),
        StageCase(
            "all of several sources exist",
            json + "- drop: {source: [a, job]}",
            labels: ["job": "j"],
            "{}",
            expect: true
        ),
        StageCase("one of several sources is missing", json + "- drop: {source: [a, job]}", "{}", expect: false),
        StageCase("value of a number", json + "- drop: {source: num, value: 50}", #"{"num":50.0}"#, expect: true),
        StageCase("value of a text", json + "- drop: {source: num, value: '50'}", #"{"num":"50"}"#, expect: true),
        StageCase("value is whole", json + "- drop: {source: num, value: '50'}", #"{"num":"150"}"#, expect: false),
        StageCase("value is literal", json + "- drop: {source: a, value: 'v.*'}", #"{"a":"v2"}"#, expect: false),
        StageCase(
            "value of several",
            json + "- drop: {source: [a, b], value: 'x;y.*'}",
            #"{"a":"x","b":"y.*"}"#,
            expect: true
        ),
        StageCase(
            "value of several, one missing",
            "- drop: {source: [job, nothere], value: j}",
            labels: ["job": "j"],
            "x",
            expect: true
        ),
        StageCase(
            "value of several, one nil",
            json + "- drop: {source: [a, b], value: x}",
            #"{"a":"x"}"#,
            expect: false
        ),
        StageCase("empty value of a missing source", "- drop: {source: nothere, value: ''}", "x", expect: true),
        StageCase("value of nil", json + "- drop: {source: a, value: ''}", "{}", expect: false),
        StageCase("decoded text", json + "- drop: {source: a, value: 'é\"'}", #"{"a":"\u00e9\""}"#, expect: true),
        StageCase(
            "own separator",
            json + #"- drop: {source: [a, b], separator: '#', expression: 'v\d#v\d{3}$'}"#,
            #"{"a":"v1","b":"v200"}"#,
            expect: true
        ),
        StageCase(
            "not the usual separator then",
            json + #"- drop: {source: [a, b], separator: '#', expression: 'm\d;m\d'}"#,
            #"{"a":"m1","b":"m2"}"#,
            expect: false
        ),
        StageCase(
            "empty separator",
            json + "- drop: {source: [a, b], separator: '', value: xy}",
            #"{"a":"x","b":"y"}"#,
            expect: true
        ),
        StageCase("expression on the line", "- drop: {expression: '.*val.*'}", "a value", expect: true),
        StageCase("expression that does not match the line", "- drop: {expression: '^val'}", "a value", expect: false),
        StageCase(
            "expression on a source",
            json + "- drop: {source: a, expression: '^(x|y)$'}",
            #"{"a":"y","b":"z"}"#,
            expect: true
        ),
        StageCase(
            "expression on a source is not asked of the line",
            json + "- drop: {source: a, expression: 'b'}",
            #"{"a":"y","b":"z"}"#,
            expect: false
        ),
        StageCase(
            "expression on a missing source sees an empty text",
            "- drop: {source: nothere, expression: '^$'}",
            "x",
            expect: true
        ),
        StageCase("expression on nil", json + "- drop: {source: a, expression: '.*'}", "{}", expect: false),
        StageCase("empty expression", "- drop: {expression: ''}", "x", expect: true),
        StageCase(
            "all conditions hold",
            json + "- drop: {source: a, expression: x, longer_than: 5}",
            #"{"a":"x"}"#,
            expect: true
        ),
        StageCase(
            "one condition of several does not hold",
            json + "- drop: {source: a, longer_than: 10b}",
            #"{"a":1}"#,
            expect: false
        ),
        StageCase("option names in any case", "- drop: {Expression: x}", "x", expect: true),
    ])
    func drops(_ row: StageCase<Bool>) throws {
        #expect(try row.outputs().isEmpty == row.expected)
    }

    @Test(arguments: [(Int64(3_601), true), (3_600, false), (3_599, false), (-60, false)])
    func olderThan(_ age: Int64, _ isDropped: Bool) throws {
        let run = try StageRun("- drop: {older_than: 1h}")
        run.feed("x", timestamp: run.now.wall.adding(nanoseconds: -age * 1_000_000_000))
        #expect(run.outputs.isEmpty == isDropped)
    }

    @Test func dropsAreCountedByTheirReason() throws {
        let run = try StageRun(
            """
            - drop: {expression: a, drop_counter_reason: has_a}
            - drop: {expression: b, drop_counter_reason: ''}
            - drop: {expression: c}
            """
        )
        for line in ["a", "ab", "b", "c", "d"] { run.feed(line) }
        #expect(run.drops == ["has_a": 2, "drop_stage": 2])
        #expect(run.lines == ["d"])
    }

    /// The second of two equal texts gets the remembered answer; texts differ in every byte that is remembered.
    @Test func answersAreNotMixedUp() throws {
        let run = try StageRun("- json: {expressions: {a: }}\n- drop: {source: a, expression: 'x$'}")
        var expected: [String] = []
        for length in 0...30 {
            for ending in ["x", "y"] {
                let line =
                    "{\"a\":\"\(String(repeating: "é", count: length / 2) + String(repeating: "-", count: length % 2))\(ending)\"}"
                run.feed(line)
                run.feed(line)
                if ending == "y" { expected += [line, line] }
            }
        }
        #expect(run.lines == expected)
    }

    @Test(arguments: [
        MistakeCase("- drop:", "drop: needs one of 'source', 'expression', 'older_than' or 'longer_than'"),
        MistakeCase("- drop: {value: x}", "drop: 'value' needs a 'source'"),
        MistakeCase("- drop: {value: x, longer_than: 5}", "drop: 'value' needs a 'source'"),
        MistakeCase(
            "- drop: {source: a, value: x, expression: x}",
            "drop: 'expression' is given together with 'value'"
        ),
        MistakeCase("- drop: {source: []}", "drop: 'source' names nothing, which would drop every entry"),
        MistakeCase("- drop: {source: {a: b}}", "drop: 'source' takes text or a list of texts, not a mapping"),
        MistakeCase("- drop: {older_than: 10y}", "drop: 'older_than' takes a duration such as 10s, 250ms or 1h30m"),
        MistakeCase("- drop: {longer_than: 23QB}", "drop: 'longer_than' takes a size such as 512KB or 1MB"),
        MistakeCase(
            "- drop: {expression: '(a'}",
            "drop: 'expression' does not compile: error parsing regexp: missing closing ): `(a`"
        ),
        MistakeCase(
            "- drop: {longer_then: 5, expression: x}",
            "unknown option 'longer_then' has no effect; did you mean 'longer_than'?"
        ),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
