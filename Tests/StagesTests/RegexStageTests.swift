import Testing

@testable import Stages

struct RegexStageTests {
    private typealias Row = StageCase<[String: StageRun.Extracted]>

    @Test(arguments: [
        Row("each named group", "- regex: {expression: '(?P<a>\\d)-(?P<b>\\d)'}", "1-2", expect: ["a": "1", "b": "2"]),
        Row("Perl's spelling of names", "- regex: {expression: '(?<a>\\d)'}", "1", expect: ["a": "1"]),
        Row("groups without a name are ignored", "- regex: {expression: '(x)(?P<a>y)'}", "xy", expect: ["a": "y"]),
        Row("nested groups", "- regex: {expression: '(?P<o>x(?P<i>y))'}", "xy", expect: ["o": "xy", "i": "y"]),
        Row(
            "the first match only",
            "- regex: {expression: '(?i)(?P<bad>error|fatal)'}",
            "An ERROR and fatal",
            expect: ["bad": "ERROR"]
        ),
        Row("of groups with one name the last", "- regex: {expression: '(?P<a>x)(?P<a>y)'}", "xy", expect: ["a": "y"]),
        Row("no match: nothing", "- regex: {expression: '^(?P<a>x)'}", "yx", expect: [:]),
        Row(
            "a group that took no part: the empty text",
            "- regex: {expression: '(?P<a>x)?(?P<b>y)'}",
            "y",
            expect: ["a": "", "b": "y"]
        ),
        Row(
            "which overwrites an older value",
            "- regex: {expression: '(?P<a>y)'}\n- regex: {expression: '(?P<a>x)?y'}",
            "y",
            expect: ["a": ""]
        ),
        Row(
            "no match keeps an older value",
            "- regex: {expression: '(?P<a>y)'}\n- regex: {expression: '(?P<a>x)'}",
            "y",
            expect: ["a": "y"]
        ),
        Row(
            "a source",
            "- regex: {expression: '(?P<proto>\\S+)$'}\n- regex: {source: proto, expression: '^HTTP/(?P<v>[0-9.]+)$'}",
            "GET HTTP/1.1",
            expect: ["proto": "HTTP/1.1", "v": "1.1"]
        ),
        Row(
            "a source that is a Boolean is searched as text",
            "- json: {expressions: {p: }}\n- regex: {source: p, expression: '^(?P<v>t|[0-9])'}",
            #"{"p":true}"#,
            expect: ["p": "true", "v": "t"]
        ),
        Row(
            "a source that is a number is searched as its decimal",
            "- json: {expressions: {p: }}\n- regex: {source: p, expression: '^(?P<v>.*)$'}",
            #"{"p":12.50}"#,
            expect: ["p": "12.5", "v": "12.5"]
        ),
        Row(
            "a source that is nil: nothing",
            "- json: {expressions: {p: }}\n- regex: {source: p, expression: '(?P<v>.*)'}",
            "{}",
            expect: ["p": .null]
        ),
        Row("a source that is missing: nothing", "- regex: {source: p, expression: '(?P<v>.*)'}", "x", expect: [:]),
        Row(
            "a source that is empty is searched",
            "- regex: {expression: '(?P<p>)'}\n- regex: {source: p, expression: '^(?P<v>.*)$'}",
            "x",
            expect: ["p": "", "v": ""]
        ),
        Row(
            "a group may name its own source",
            "- regex: {expression: '(?P<a>.*)'}\n- regex: {source: a, expression: '(?P<a>\\d)'}",
            "x1",
            expect: ["a": "1"]
        ),
        Row(
            "a label is a source",
            "- regex: {source: job, expression: '(?P<v>..)$'}",
            labels: ["job": "abc"],
            "x",
            expect: ["job": "abc", "v": "bc"]
        ),
        Row("a dot stops at a line break", "- regex: {expression: '^(?P<a>.*)'}", "x\ny", expect: ["a": "x"]),
        Row("the dollar means the very end", "- regex: {expression: '(?P<a>x)$'}", "x\n", expect: [:]),
        Row("beyond ASCII", "- regex: {expression: '(?P<a>[é-ü])'}", "xöy", expect: ["a": "ö"]),
    ])
    func extracts(_ row: StageCase<[String: StageRun.Extracted]>) throws {
        let output = try #require(try row.outputs().first)
        #expect(output.extracted == row.expected)
        #expect(output.line == Array(row.lines[0].utf8))
    }

    @Test func bytesThatAreNotUTF8AreCapturedAsTheyAre() throws {
        let run = try StageRun("- regex: {expression: '=(?P<a>.)='}\n- output: {source: a}")
        run.feed([0x3D, 0xFF, 0x3D])
        #expect(run.outputs.map(\.line) == [[0xFF]])
    }

    @Test(arguments: [
        MistakeCase("- regex: {source: a}", "regex: 'expression' is missing"),
        MistakeCase("- regex: {expression: ''}", "regex: 'expression' is empty"),
        MistakeCase("- regex: {expression: '(?P<a>x)', source: ''}", "regex: 'source' is empty"),
        MistakeCase(
            "- regex: {expression: '(?P<ts[0-9]+).*'}",
            "regex: 'expression' does not compile: error parsing regexp: invalid named capture: `(?P<ts[0-9]+).*`"
        ),
        MistakeCase("- regex: {expression: '(?=x)'}", "invalid or unsupported Perl syntax: `(?=`"),
        MistakeCase("- regex: {expression: '(x)'}", "warning: regex: 'expression' has no named group"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
