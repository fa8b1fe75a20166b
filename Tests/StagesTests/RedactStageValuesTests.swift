import Entries
import Languages
import Testing

/// What `redact` does to extracted values, labels and structured metadata.
struct RedactStageValuesTests {
    private static let json =
        "- json: {expressions: {p: password, password: , user: , obj: , msg: , inner: authorization.user, first: 'list[0].secret'}}\n"

    @Test(arguments: [
        StageCase(
            "of a secret name",
            json + "- redact:",
            #"{"password":"a"}"#,
            expect: ["password": "[REDACTED]", "p": "[REDACTED]"]
        ),
        StageCase(
            "a number",
            json + "- redact:",
            #"{"password":12}"#,
            expect: ["password": "[REDACTED]", "p": "[REDACTED]"]
        ),
        StageCase("an empty text", json + "- redact:", #"{"password":""}"#, expect: ["password": "", "p": ""]),
        StageCase(
            "another name for a value with escapes",
            json + "- redact:",
            #"{"password":"a\u0062"}"#,
            expect: ["password": "[REDACTED]", "p": "[REDACTED]"]
        ),
        StageCase(
            "inside of a secret object",
            json + "- redact:",
            #"{"authorization":{"user":"ann"}}"#,
            expect: ["inner": "[REDACTED]"]
        ),
        StageCase(
            "by an expression",
            json + "- redact:",
            #"{"list":[{"secret":"a"}]}"#,
            expect: ["first": "[REDACTED]"]
        ),
        StageCase(
            "a text with a pair",
            json + "- redact:",
            #"{"msg":"see token=a b"}"#,
            expect: ["msg": "see token=[REDACTED] b"]
        ),
        StageCase(
            "a text with escapes and a pair",
            json + "- redact:",
            #"{"msg":"\"see\" token=a b"}"#,
            expect: ["msg": #""see" token=[REDACTED] b"#]
        ),
        StageCase(
            "an object",
            json + "- redact:",
            #"{"obj":{ "b": 1, "token": 2 }}"#,
            expect: ["obj": #"{"b":1,"token":"[REDACTED]"}"#]
        ),
        StageCase("a harmless one", json + "- redact:", #"{"user":"ann"}"#, expect: ["user": "ann"]),
        StageCase(
            "from a text that is no line any more",
            "- json: {expressions: {inner: }}\n- json: {expressions: {obj: , msg: }, source: inner}\n- redact:",
            #"{"inner":"{\"obj\":{\"token\":1},\"msg\":\"a=\\\"b\\\" token=c\"}"}"#,
            expect: [
                "inner": #"{"obj":{"token":"[REDACTED]"},"msg":"a=\"b\" token=[REDACTED]"}"#,
                "obj": #"{"token":"[REDACTED]"}"#, "msg": #"a="b" token=[REDACTED]"#,
            ]
        ),
    ])
    func masksExtractedValues(_ row: StageCase<[String: StageRun.Extracted]>) throws {
        let extracted = try #require(try row.outputs().first).extracted.filter { $0.value != .null }
        #expect(extracted == row.expected)
    }

    @Test(arguments: [
        StageCase(
            "of a secret name",
            "- json: {expressions: {token: }}\n- labels: {token: }\n- redact:",
            #"{"token":"a"}"#,
            expect: ["token": "[REDACTED]"]
        ),
        StageCase(
            "of another name",
            json + "- labels: {p: }\n- redact:",
            #"{"password":"a"}"#,
            expect: ["p": "[REDACTED]"]
        ),
        StageCase(
            "of another name twice removed",
            json + "- labels: {q: p}\n- redact:",
            #"{"password":"a\u0062"}"#,
            expect: ["q": "[REDACTED]"]
        ),
        StageCase(
            "through a template",
            json
                + "- template: {source: q, template: '{{ .p }}!'}\n- labels: {q: }\n- output: {source: user}\n- redact:",
            #"{"password":"a","user":"ann"}"#,
            expect: ["q": "[REDACTED]"]
        ),
        StageCase(
            "from inside of a secret text",
            "- json: {expressions: {token_data: }}\n- logfmt: {mapping: {q: user}, source: token_data}\n- labels: {q: }\n- redact:",
            #"{"token_data":"user=ann"}"#,
            expect: ["q": "[REDACTED]"]
        ),
        StageCase(
            "with a pair",
            json + "- labels: {msg: }\n- redact:",
            #"{"msg":"see token=a b"}"#,
            expect: ["msg": "see token=[REDACTED] b"]
        ),
        StageCase(
            "set after the stage",
            "- redact:\n" + json + "- labels: {p: , msg: }",
            #"{"password":"a","msg":"token=b"}"#,
            expect: ["p": "[REDACTED]", "msg": "token=[REDACTED]"]
        ),
        StageCase(
            "of the target",
            "- redact:",
            labels: ["api_token": "a", "job": "j", "url": "/?token=b"],
            "x",
            expect: ["api_token": "[REDACTED]", "job": "j", "url": "/?token=[REDACTED]"]
        ),
        StageCase(
            "of the target that stages touch",
            "- redact:\n- labeldrop: [nothere, api_token2, url]\n- static_labels: {x: z}",
            labels: ["api_token": "a", "api_token2": "b"],
            "x",
            expect: ["api_token": "[REDACTED]", "x": "z"]
        ),
        StageCase(
            "of the target, in the extracted map",
            "- redact:\n- labels: {copy: api_token, other: url}",
            labels: ["api_token": "a", "url": "/?token=b"],
            "x",
            expect: [
                "api_token": "[REDACTED]", "copy": "[REDACTED]", "url": "/?token=[REDACTED]",
                "other": "/?token=[REDACTED]",
            ]
        ),
        StageCase("empty", "- redact:", labels: ["token": ""], "x", expect: ["token": ""]),
        StageCase(
            "allowed",
            "- redact: {allow: [api_token]}",
            labels: ["api_token": "a"],
            "x",
            expect: ["api_token": "a"]
        ),
    ])
    func masksLabels(_ row: StageCase<[String: String]>) throws {
        #expect(try row.outputs().map(\.labels) == [row.expected])
    }

    @Test(arguments: [
        StageCase(
            "of a secret name",
            json + "- structured_metadata: {api_token: user}\n- redact:",
            #"{"user":"a"}"#,
            expect: [StageRun.Pair("api_token", "[REDACTED]")]
        ),
        StageCase(
            "of another name",
            json + "- structured_metadata: {q: p}\n- redact:",
            #"{"password":"a\u0062"}"#,
            expect: [StageRun.Pair("q", "[REDACTED]")]
        ),
        StageCase(
            "with a pair",
            json + "- structured_metadata: {msg: , user: }\n- redact:",
            #"{"msg":"token=a b","user":"ann"}"#,
            expect: [StageRun.Pair("msg", "token=[REDACTED] b"), StageRun.Pair("user", "ann")]
        ),
    ])
    func masksStructuredMetadata(_ row: StageCase<[StageRun.Pair]>) throws {
        #expect(try row.outputs().map(\.metadata) == [row.expected])
    }

    @Test func blockThatCopiesLabelsGetsTheMaskedOnes() throws {
        let stages = "- redact:\n" + #"- match: {selector: '{job="j"}', stages: [labels: {copy: api_token}]}"#
        #expect(
            try StageRun.output(stages, labels: ["job": "j", "api_token": "a"], "x")?.labels
                == ["job": "j", "api_token": "[REDACTED]", "copy": "[REDACTED]"]
        )
    }

    @Test func secondStageHasItsOwnKeys() throws {
        let run = try StageRun(
            "- redact: {keys: [pin]}\n- redact: {keys: [code], replacement: '***'}\n- json: {expressions: {pin: , code: }}"
        )
        run.feed(#"{"pin":1,"code":"a","msg":"pin=2 code=b"}"#)
        #expect(run.lines == [#"{"pin":"[REDACTED]","code":"***","msg":"pin=[REDACTED] code=***"}"#])
        #expect(run.outputs[0].extracted == ["pin": "[REDACTED]", "code": "***"])
    }
}
