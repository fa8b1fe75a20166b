import Testing

@testable import Stages

struct ReplaceStageTests {
    /// The line, and what is in the extracted map.
    struct Result: Equatable, Sendable {
        var line: String
        var extracted: [String: StageRun.Extracted] = [:]
    }

    private static let okOrUpper = #"replace: '{{ if eq .Value "200" }}OK{{ else }}{{ .Value | ToUpper }}{{ end }}'"#

    @Test(arguments: [
        StageCase(
            "each group of each match",
            "- replace: {expression: 'user=(\\S+)', replace: '***'}",
            "user=ann x user=bob",
            expect: Result(line: "user=*** x user=***")
        ),
        StageCase(
            "nothing without a group",
            "- replace: {expression: password, replace: x}",
            "password=1",
            expect: Result(line: "password=1")
        ),
        StageCase(
            "nothing without a match",
            "- replace: {expression: '(z)', replace: x}",
            "abc",
            expect: Result(line: "abc")
        ),
        StageCase("an empty text", "- replace: {expression: '(a|b|c)'}", "abc", expect: Result(line: "")),
        StageCase(
            "text outside of groups stays",
            "- replace: {expression: 'id (\\S+\\s)', replace: ''}",
            "id 42 end",
            expect: Result(line: "id end")
        ),
        StageCase(
            "named groups are extracted with their new texts",
            "- replace: {expression: '(?P<m>\\w+) (?P<s>\\d+)', \(okOrUpper)}",
            "get 200",
            expect: Result(line: "GET OK", extracted: ["m": "GET", "s": "OK"])
        ),
        StageCase(
            "of nested groups the outer one counts",
            "- replace: {expression: '(?P<ms>(?P<m>\\w+) (?P<s>\\d+))', \(okOrUpper)}",
            "get 200",
            expect: Result(line: "GET 200", extracted: ["ms": "GET 200", "m": "GET", "s": "OK"])
        ),
        StageCase(
            "named groups of the first match only",
            "- replace: {expression: '(?P<d>\\d)', replace: '<{{ .Value }}>'}",
            "1 2",
            expect: Result(line: "<1> <2>", extracted: ["d": "<1>"])
        ),
        StageCase(
            "a source leaves the line",
            "- json: {expressions: {msg: }}\n- replace: {expression: '(b)', source: msg, replace: x}",
            #"{"msg":"abc"}"#,
            expect: Result(line: #"{"msg":"abc"}"#, extracted: ["msg": "axc"])
        ),
        StageCase(
            "a source that is missing",
            "- replace: {expression: '(b)', source: msg, replace: x}",
            "abc",
            expect: Result(line: "abc")
        ),
        StageCase(
            "other values in the template",
            "- json: {expressions: {a: }}\n- replace: {expression: 'x=(\\d)', replace: '{{ .a }}{{ .no }}{{ index . \"no\" }}'}",
            #"{"a":"v","m":"x=1"}"#,
            expect: Result(line: #"{"a":"v","m":"x=v<no value>"}"#, extracted: ["a": "v"])
        ),
        StageCase(
            "an extracted Entry is not the line",
            "- json: {expressions: {Entry: }}\n- replace: {expression: 'x=(\\d)', replace: '{{ .Entry }}'}",
            #"{"Entry":"e","m":"x=1"}"#,
            expect: Result(line: #"{"Entry":"e","m":"x=e"}"#, extracted: ["Entry": "e"])
        ),
        StageCase(
            "a group that took no part is not replaced",
            "- replace: {expression: '(?P<a>x)?(?P<b>y)', replace: '-'}",
            "y",
            expect: Result(line: "-", extracted: ["b": "-"])
        ),
        StageCase(
            "unless another captured the empty text",
            "- replace: {expression: '(?P<a>x)?(?P<b>)y', replace: '-'}",
            "y",
            expect: Result(line: "-y", extracted: ["a": "-", "b": "-"])
        ),
        StageCase(
            "empty matches",
            "- replace: {expression: '(x*)', replace: '-'}",
            "abxd",
            expect: Result(line: "-a-b-d-")
        ),
        StageCase(
            "a group before one that was replaced",
            "- replace: {expression: '(?:(a)|(b))*', replace: '-'}",
            "ba",
            // The second group lies before the first, which has been copied over already.
            expect: Result(line: "b-")
        ),
        StageCase(
            "one failure of the template: nothing at all",
            "- replace: {expression: '(?P<d>\\d)', replace: '{{ if eq .Value \"2\" }}{{ ToLower .no }}{{ end }}x'}",
            "1 2",
            expect: Result(line: "1 2")
        ),
        StageCase(
            "a template that does not compile: nothing",
            "- replace: {expression: '(?P<d>\\d)', replace: '{{ nope }}'}",
            "1",
            expect: Result(line: "1")
        ),
        StageCase(
            "dollars stand for themselves",
            "- replace: {expression: '(a)', replace: '$1'}",
            "a",
            expect: Result(line: "$1")
        ),
        StageCase("beyond ASCII", "- replace: {expression: '(ö)', replace: ü}", "xöy", expect: Result(line: "xüy")),
    ])
    func replaces(_ row: StageCase<Result>) throws {
        let output = try #require(try row.outputs().first)
        #expect(Result(line: output.text, extracted: output.extracted) == row.expected)
    }

    @Test(arguments: [
        MistakeCase("- replace: {replace: x}", "replace: 'expression' is missing"),
        MistakeCase("- replace: {expression: ''}", "replace: 'expression' is empty"),
        MistakeCase("- replace: {expression: '(a'}", "error parsing regexp: missing closing ): `(a`"),
        MistakeCase("- replace: {expression: '(a)', source: ''}", "replace: 'source' is empty"),
        MistakeCase(
            "- replace: {expression: 'a'}",
            "warning: replace: 'expression' has no group, so nothing is replaced"
        ),
        MistakeCase(
            "- replace: {expression: '(a)', replace: '{{ nope }}'}",
            #"warning: replace: 'replace' does not compile: template: pipeline_template:1: function "nope" not defined"#
        ),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
