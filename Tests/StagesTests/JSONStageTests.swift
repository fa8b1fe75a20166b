import Testing

@testable import Stages

struct JSONStageTests {
    private typealias Row = StageCase<[String: StageRun.Extracted]>
    private static let abc = "- json: {expressions: {a: , b: , c: }}"

    @Test(arguments: [
        Row(
            "the same name, another name, a path",
            "- json: {expressions: {level: , app: service, status: http.status}}",
            #"{"level":"info","service":"web","http":{"status":200}}"#,
            expect: ["level": "info", "app": "web", "status": "200"]
        ),
        Row("an empty expression means the name", "- json: {expressions: {a: ''}}", #"{"a":"x"}"#, expect: ["a": "x"]),
        Row(
            "a name with a dot and no expression is a path",
            "- json: {expressions: {a.b: }}",
            #"{"a":{"b":"x"},"a.b":"y"}"#,
            expect: ["a.b": "x"]
        ),
        Row(
            "a key that is quoted",
            #"- json: {expressions: {level: '"log-level"', dotted: '"a.b"'}}"#,
            #"{"log-level":"warn","a":{"b":1},"a.b":2}"#,
            expect: ["level": "warn", "dotted": "2"]
        ),
        Row(
            "two names for one path",
            "- json: {expressions: {a: x, b: x}}",
            #"{"x":1}"#,
            expect: ["a": "1", "b": "1"]
        ),
        // What is stored.
        Row(
            "numbers as decimals, never with an exponent",
            abc,
            #"{"a":12.50,"b":1e21,"c":-0.25e-3}"#,
            expect: ["a": "12.5", "b": "1000000000000000000000", "c": "-0.00025"]
        ),
        Row(
            "numbers are 64 bit floating point",
            abc,
            #"{"a":9007199254740993,"b":12345678901234567890,"c":1562723913000}"#,
            expect: ["a": "9007199254740992", "b": "12345678901234567000", "c": "1562723913000"]
        ),
        Row("Booleans", abc, #"{"a":true,"b":false,"c":"true"}"#, expect: ["a": "true", "b": "false", "c": "true"]),
        Row("null and what is not there: nil", abc, #"{"a":null,"b":""}"#, expect: ["a": .null, "b": "", "c": .null]),
        Row(
            "nil takes the place of an older value",
            "- regex: {expression: '(?P<a>.)'}\n- json: {expressions: {a: }}",
            "{}",
            expect: ["a": .null]
        ),
        Row(
            "also of a label in the extracted map",
            "- json: {expressions: {job: }}",
            labels: ["job": "j"],
            "{}",
            expect: ["job": .null]
        ),
        Row(
            "objects and arrays as compact JSON",
            abc,
            #"{"a": { "x" : [ 1 , 2.50 , null ] }, "b": [ ], "c": { }}"#,
            expect: ["a": #"{"x":[1,2.5,null]}"#, "b": "[]", "c": "{}"]
        ),
        Row(
            "in which <, > and & are escaped",
            abc,
            #"{"a":["<b> & \u00e9\u2028"],"b":"<b>","c":[1e21,0.0000001]}"#,
            expect: ["a": #"["\u003cb\u003e \u0026 é\u2028"]"#, "b": "<b>", "c": "[1e+21,1e-7]"]
        ),
        Row(
            "escapes are decoded",
            abc,
            #"{"a":"\"\\\/\b\f\n\r\t","b":"\u00e9\ud83d\ude00","\u0063":"key"}"#,
            expect: ["a": "\"\\/\u{8}\u{C}\n\r\t", "b": "é😀", "c": "key"]
        ),
        Row(
            "half a surrogate pair",
            abc,
            #"{"a":"\ud83dx","b":"\ude00"}"#,
            expect: [
                "a": "\u{FFFD}x", "b": "\u{FFFD}", "c": .null,
            ]
        ),
        Row(
            "the last of equal keys",
            abc,
            #"{"a":1,"a":{"x":2},"b":1,"b":null}"#,
            expect: [
                "a": #"{"x":2}"#, "b": .null, "c": .null,
            ]
        ),
        Row("a path through something else", "- json: {expressions: {a: x.y}}", #"{"x":"text"}"#, expect: ["a": .null]),
        Row(
            "the last of equal keys on a path",
            "- json: {expressions: {a: x.y}}",
            #"{"x":{"y":1},"x":{"z":2}}"#,
            expect: ["a": .null]
        ),
        // Expressions beyond paths.
        Row(
            "expressions of JMESPath",
            """
            - json:
                expressions:
                  failed: "checks[?status=='fail'].name | [0]"
                  last: "checks[-1].name"
                  names: "checks[].name"
                  count: "length(checks)"
                  either: "missing || kind"
                  both: "{k: kind}"
                  literal: "`7`"
            """,
            #"{"kind":"daily","checks":[{"name":"db","status":"ok"},{"name":"mq","status":"fail"}]}"#,
            expect: [
                "failed": "mq", "last": "mq", "names": #"["db","mq"]"#, "count": "2", "either": "daily",
                "both": #"{"k":"daily"}"#, "literal": "7",
            ]
        ),
        Row(
            "an expression that fails leaves the name as it was",
            "- regex: {expression: '^(?P<a>.)'}\n- json: {expressions: {a: 'abs(x)', b: 'nope(x)', c: x}}",
            #"{"x":"text"}"#,
            expect: ["a": "{", "c": "text"]
        ),
        Row(
            "merge of something else than objects is such an expression",
            "- json: {expressions: {a: 'merge(x, y)', b: x}}",
            #"{"x":1}"#,
            expect: ["b": "1"]
        ),
        // Sources.
        Row(
            "a source",
            "- json: {expressions: {extra: }}\n- json: {source: extra, expressions: {user: }}",
            #"{"extra":"{\"user\":\"ann\"}"}"#,
            expect: ["extra": #"{"user":"ann"}"#, "user": "ann"]
        ),
        Row(
            "a source that is an object is its JSON",
            "- json: {expressions: {extra: }}\n- json: {source: extra, expressions: {user: }}",
            #"{"extra":{"user":"ann"}}"#,
            expect: ["extra": #"{"user":"ann"}"#, "user": "ann"]
        ),
        Row(
            "a label is a source",
            "- json: {source: meta, expressions: {zone: }}",
            labels: ["meta": #"{"zone":"a"}"#],
            "x",
            expect: ["meta": #"{"zone":"a"}"#, "zone": "a"]
        ),
        Row("a source that is missing: nothing", "- json: {source: x, expressions: {a: }}", #"{"a":1}"#, expect: [:]),
        Row(
            "a source that is nil: nothing",
            "- json: {expressions: {x: }}\n- json: {source: x, expressions: {a: }}",
            "{}",
            expect: ["x": .null]
        ),
        Row(
            "several stages work on the same line",
            "- json: {expressions: {a: }}\n- json: {expressions: {b: a, a: b}}",
            #"{"a":1,"b":2}"#,
            expect: ["a": "2", "b": "1"]
        ),
        Row(
            "a line that another stage has changed is read anew",
            "- json: {expressions: {a: }}\n- output: {source: a}\n- json: {expressions: {b: }}",
            #"{"a":"{\"b\":1}","b":2}"#,
            expect: ["a": #"{"b":1}"#, "b": "1"]
        ),
    ])
    func extracts(_ row: StageCase<[String: StageRun.Extracted]>) throws {
        let output = try #require(try row.outputs().first)
        #expect(output.extracted == row.expected)
    }

    /// Texts that hold one JSON object, or `null`.
    @Test(arguments: [
        #"{"a":1}"#, " \t\r\n{ \"a\" : 1 } \n", #"{"a":[],"b":{}}"#, "null", "{}", #"{"":1}"#, #"{"a":"\/"}"#,
        #"{"a":-0,"b":0.1,"c":1E+2}"#,
        // Go's decoder looks at control characters only in front of the first escape of a text.
        "{\"a\":\"\\n\u{1}\"}",
        #"{"a":"# + String(repeating: "[", count: 9_999) + String(repeating: "]", count: 9_999) + "}",
    ])
    func isNotMalformed(_ line: String) throws { #expect(try Self.isKept(line)) }

    @Test(arguments: [
        "", " ", "text", "[1]", "1", #""text""#, "true", "{", #"{"a":1"#, #"{"a":1}}"#, #"{"a":1}{"a":2}"#,
        #"{"a":1} x"#,
        #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":NaN}"#, #"{"a":0x1}"#, #"{"a":1e}"#, "{'a':1}",
        #"{a:1}"#, #"{"a":1,}"#, #"{,"a":1}"#, #"{"a":[1,]}"#, #"{"a" 1}"#, #"{"a":}"#, #"{"a":1 /* x */}"#,
        #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":"x}"#, #"{"a":tru}"#, #"{"a":nul}"#, "nul", "nullx",
        "{\"a\":\"\u{1}\"}", "{\"a\":\"\u{1}\\n\"}", "{\"a\":\"\t\"}", "{\"a\":1}\u{0}", "\u{FEFF}{\"a\":1}",
        #"{"a":"# + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000) + "}",
    ])
    func isMalformed(_ line: String) throws {
        #expect(try !Self.isKept(line))
        // Without the option the line passes, and nothing is extracted: what was known stays.
        let run = try StageRun("- regex: {expression: '^(?P<a>)'}\n- json: {expressions: {a: , b: }}")
        run.feed(line)
        #expect(run.outputs.map(\.extracted) == [["a": ""]])
        #expect(run.lines == [line])
    }

    private static func isKept(_ line: String) throws -> Bool {
        let run = try StageRun("- json: {expressions: {a: }, drop_malformed: true}")
        run.feed(line)
        #expect(run.drops == (run.outputs.isEmpty ? ["malformed": 1] : [:]))
        return !run.outputs.isEmpty
    }

    /// The rest of a line counts also where all that is wanted has been found, and for expressions that are no paths.
    @Test(arguments: ["a", "'a || b'"])
    func whatFollowsCounts(_ expression: String) throws {
        let stages = "- json: {expressions: {x: \(expression)}, drop_malformed: true}"
        #expect(try StageRun.output(stages, #"{"a":1,"b":2}"#)?.extracted == ["x": "1"])
        #expect(try StageRun.output(stages, #"{"a":1,"b":2"#) == nil)
        #expect(try StageRun.output(stages, #"{"a":1,"b":2} x"#) == nil)
    }

    @Test(arguments: [("missing", "{}"), ("nil", #"{"x":null}"#)])
    func sourceWithoutTextIsNotMalformed(_ name: String, _ line: String) throws {
        let stages = name == "missing" ? "" : "- json: {expressions: {x: }}\n"
        let output = try StageRun.output(stages + "- json: {source: x, expressions: {a: }, drop_malformed: true}", line)
        #expect(output?.text == line)
    }

    @Test func sourceThatIsMalformedDropsTheLine() throws {
        let stages = "- json: {expressions: {x: }}\n- json: {source: x, expressions: {a: }, drop_malformed: true}"
        #expect(
            try StageRun.outputs(stages, [#"{"x":"text"}"#, #"{"x":7}"#, #"{"x":"{}"}"#]).map(\.text) == [
                #"{"x":"{}"}"#
            ]
        )
    }

    @Test func bytesThatAreNotUTF8StayAsTheyAre() throws {
        let run = try StageRun("- json: {expressions: {a: }}\n- output: {source: a}")
        run.feed(Array(#"{"a":""#.utf8) + [0xC3, 0x28, 0xFF] + Array(#""}"#.utf8))
        #expect(run.outputs.map(\.line) == [[0xC3, 0x28, 0xFF]])
    }

    @Test(arguments: [
        MistakeCase("- json:", "json: 'expressions' is missing"),
        MistakeCase("- json: {source: a}", "json: 'expressions' is missing"),
        MistakeCase("- json: {expressions: {}}", "json: 'expressions' is empty"),
        MistakeCase("- json: {expressions: [a]}", "json: 'expressions' takes a mapping of names to texts, not a list"),
        MistakeCase("- json: {expressions: {a: }, source: ''}", "json: 'source' is empty"),
        MistakeCase(
            "- json: {expressions: {a: }, drop_malformed: maybe}",
            "json: 'drop_malformed' takes true or false"
        ),
        MistakeCase("- json: {expressions: {a: 'x..y'}}", "does not compile as JMESPath"),
        MistakeCase(
            "- json: {expressions: {log-level: }}",
            #"help: quote keys with special characters: '"log-level"'"#
        ),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }

    @Test func everyExpressionIsChecked() {
        let mistakes = StageRun.mistakes("- json: {expressions: {a: 'x..y', b: z, c: '['}}")
        #expect(mistakes.split(separator: "\n").filter { $0.contains("error:") }.count == 2)
    }
}
