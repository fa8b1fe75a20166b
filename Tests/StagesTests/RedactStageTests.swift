import Entries
import Languages
import Testing

@testable import Stages

struct RedactStageTests {
    /// Options of the stage besides the replacement, a line, and what is left of it.
    private static func row(
        _ name: String,
        _ line: String,
        _ expected: String,
        options: String = ""
    ) -> StageCase<String> {
        StageCase(
            name,
            "- redact: {replacement: '***'\(options.isEmpty ? "" : ", " + options)}",
            line,
            expect: expected
        )
    }

    // MARK: - JSON

    @Test(arguments: [
        row("a text", #"{"user":"ann","password":"hunter2"}"#, #"{"user":"ann","password":"***"}"#),
        row(
            "spacing stays",
            #"  { "password" : "a" , "x" : [ 1 , 2 ] }  "#,
            #"  { "password" : "***" , "x" : [ 1 , 2 ] }  "#
        ),
        row(
            "a number, true and false",
            #"{"password":-1.5e3,"token":true,"secret":false}"#,
            #"{"password":"***","token":"***","secret":"***"}"#
        ),
        row(
            "null and an empty text are no secrets",
            #"{"password":null,"token":""}"#,
            #"{"password":null,"token":""}"#
        ),
        row("an object as a whole", #"{"secret":{"a":[1,{"b":"}"}]},"x":1}"#, #"{"secret":"***","x":1}"#),
        row("an array as a whole", #"{"tokens":["a",["b"]],"x":1}"#, #"{"tokens":"***","x":1}"#),
        row("empty containers", #"{"secret":{},"token":[]}"#, #"{"secret":"***","token":"***"}"#),
        row(
            "deep below objects and arrays",
            #"{"a":{"b":[{"c":{"password":"x"}},{"token":"y"}]}}"#,
            #"{"a":{"b":[{"c":{"password":"***"}},{"token":"***"}]}}"#
        ),
        row("the same key twice", #"{"password":"a","password":"b"}"#, #"{"password":"***","password":"***"}"#),
        row(
            "inside the name, whatever the case",
            #"{"userPassWordHash":"a","X-API-KEY":"b","api_key":"c","client.secret":"d"}"#,
            #"{"userPassWordHash":"***","X-API-KEY":"***","api_key":"***","client.secret":"***"}"#
        ),
        row("a blank in the name", #"{"api key":"a"}"#, #"{"api key":"***"}"#),
        row(
            "escapes in the name",
            #"{"pass\u0077ord":"a","\u0074oken":"b","sec\/ret":"c","se\u0063ret":"d"}"#,
            #"{"pass\u0077ord":"***","\u0074oken":"***","sec\/ret":"c","se\u0063ret":"***"}"#
        ),
        row(
            "a name of more than 24 bytes",
            #"{"theOneAndOnlyPasswordOfTheAdministrator":"a","theOneAndOnlyNameOfTheAdministrator":"b"}"#,
            #"{"theOneAndOnlyPasswordOfTheAdministrator":"***","theOneAndOnlyNameOfTheAdministrator":"b"}"#
        ),
        row("escapes in the value", #"{"password":"a\"b\\","x":"\\"}"#, #"{"password":"***","x":"\\"}"#),
        row("an array at the top", #"[{"password":"a"},["b"],"token=c"]"#, #"[{"password":"***"},["b"],"token=***"]"#),
        row("a text at the top", #""password=a b""#, #""password=*** b""#),
        row("an empty object", "{}", "{}"),
        row("null", " null ", " null "),
    ])
    func masksInJSON(_ row: StageCase<String>) throws { #expect(try row.outputs().map(\.text) == [row.expected]) }

    @Test(arguments: [
        row("a pair", #"{"msg":"login password=hunter2 ok"}"#, #"{"msg":"login password=*** ok"}"#),
        row("a URL", #"{"url":"https://h/?token=a&x=1"}"#, #"{"url":"https://h/?token=***&x=1"}"#),
        row(
            "a URL as a key",
            #"{"https://h/?token=a":{"count":1},"\u0026token=b":2}"#,
            #"{"https://h/?token=***":"***","\u0026token=***":"***"}"#
        ),
        row(
            "a header line",
            #"{"h":"Authorization: Bearer abc\r\nHost: x"}"#,
            #"{"h":"Authorization: ***\r\nHost: x"}"#
        ),
        row(
            "header parameters end with the line",
            #"{"h":"Authorization: Digest a=\"b\", c=\"d\"\nHost: x"}"#,
            #"{"h":"Authorization: ***\nHost: x"}"#
        ),
        row(
            "JSON in a text",
            #"{"body":"{\"password\":\"a b\",\"x\":1}"}"#,
            #"{"body":"{\"password\":\"***\",\"x\":1}"}"#
        ),
        row(
            "JSON in a text, a number",
            #"{"body":"{\"password\":12,\"x\":1}"}"#,
            #"{"body":"{\"password\":\"***\",\"x\":1}"}"#
        ),
        row(
            "JSON in a text, an object",
            #"{"body":"{\"secret\":{\"a\":\"}\"},\"x\":1}"}"#,
            #"{"body":"{\"secret\":\"***\",\"x\":1}"}"#
        ),
        row(
            "JSON in JSON in a text",
            #"{"a":"{\"b\":\"{\\\"token\\\":\\\"x y\\\",\\\"z\\\":1}\"}"}"#,
            #"{"a":"{\"b\":\"{\\\"token\\\":\\\"***\\\",\\\"z\\\":1}\"}"}"#
        ),
        row(
            "three deep",
            #"{"a":"{\"b\":\"{\\\"c\\\":\\\"{\\\\\\\"token\\\\\\\":\\\\\\\"x y\\\\\\\"}\\\"}\"}"}"#,
            #"{"a":"{\"b\":\"{\\\"c\\\":\\\"{\\\\\\\"token\\\\\\\":\\\\\\\"***\\\\\\\"}\\\"}\"}"}"#
        ),
        row(
            "an escaped name in JSON in a text",
            #"{"body":"{\"pass\\u0077ord\":\"a b\"}"}"#,
            #"{"body":"{\"pass\\u0077ord\":\"***\"}"}"#
        ),
        row("a name written with escapes", #"{"msg":"pass\u0077ord=a b"}"#, #"{"msg":"pass\u0077ord=*** b"}"#),
        row("a sign written with escapes", #"{"msg":"password\u003dhunter2 x"}"#, #"{"msg":"password\u003d*** x"}"#),
        row(
            "quotes written with escapes",
            #"{"msg":"{\u0022password\u0022:\u0022a b\u0022,\u0022x\u0022:1}"}"#,
            #"{"msg":"{\u0022password\u0022:\u0022***\u0022,\u0022x\u0022:1}"}"#
        ),
        row(
            "a number between quotes written with escapes",
            #"{"msg":"{\u0022password\u0022:12}"}"#,
            #"{"msg":"{\u0022password\u0022:\u0022***\u0022}"}"#
        ),
        row("an ampersand written with escapes", #"{"url":"/?token=a\u0026x=1"}"#, #"{"url":"/?token=***\u0026x=1"}"#),
        row("a tab around the sign", #"{"msg":"password\t:\thunter2\tx"}"#, #"{"msg":"password\t:\t***\tx"}"#),
        row("a line break in front of the name", #"{"msg":"a\npassword=b\nc"}"#, #"{"msg":"a\npassword=***\nc"}"#),
        row(
            "colours",
            #"{"msg":"\u001b[36mtoken=\u001b[0mabc\u001b[0m"}"#,
            #"{"msg":"\u001b[36mtoken=\u001b[0m***\u001b[0m"}"#
        ),
        row("a backslash in the value", #"{"msg":"password=a\\b x"}"#, #"{"msg":"password=*** x"}"#),
        row(
            "umlauts written with escapes",
            #"{"msg":"gr\u00fc\u00dfe password=\u00e4\u00f6 x"}"#,
            #"{"msg":"gr\u00fc\u00dfe password=*** x"}"#
        ),
        row("a surrogate pair in the value", #"{"msg":"password=a\ud83d\ude00b x"}"#, #"{"msg":"password=*** x"}"#),
        row("a text of an array", #"{"args":["--password=hunter2","x"]}"#, #"{"args":["--password=***","x"]}"#),
    ])
    func masksInTextsOfJSON(_ row: StageCase<String>) throws {
        #expect(try row.outputs().map(\.text) == [row.expected])
    }

    @Test(arguments: [
        row("a byte order mark", "\u{FEFF}{\"password\":\"a b\",\"x\":1}", "\u{FEFF}{\"password\":\"***\",\"x\":1}"),
        row("text in front", #"INFO {"password":"a b","x":1}"#, #"INFO {"password":"***","x":1}"#),
        row("two documents", #"{"password":"a b"}{"password":"c d"}"#, #"{"password":"***"}{"password":"***"}"#),
        row("a bracket too many", #"{"password":"a b"}}"#, #"{"password":"***"}}"#),
        row("a comma too many", #"{"password":"a b",}"#, #"{"password":"***",}"#),
        row("no number", #"{"password":"a b","x":NaN}"#, #"{"password":"***","x":NaN}"#),
        row("a control character", "{\"password\":\"a\tb c\",\"x\":1}", "{\"password\":\"***\",\"x\":1}"),
        row("cut in the value", #"{"password":"a b"#, #"{"password":"***"#),
        row("cut in an object", #"{"secret":{"a":"b c","#, #"{"secret":"***""#),
        row("cut in a string of an object", #"{"secret":{"a":"b} c"#, #"{"secret":"***""#),
    ])
    func lineThatIsNoJSONFallsToTheTextRules(_ row: StageCase<String>) throws {
        #expect(try row.outputs().map(\.text) == [row.expected])
    }

    @Test func lineThatIsNotUTF8KeepsItsOtherBytes() throws {
        let run = try StageRun("- redact:")
        let front = Array(#"{"a":""#.utf8) + [0xFF, 0x00, 0xC3]
        run.feed(front + Array(#"","password":"x"}"#.utf8))
        run.feed([0x00, 0xFE] + Array("password=".utf8) + [0xFF, 0xFD] + Array(" x".utf8))
        #expect(
            run.outputs.map(\.line) == [
                front + Array(#"","password":"[REDACTED]"}"#.utf8), [0x00, 0xFE] + Array("password=[REDACTED] x".utf8),
            ]
        )
    }

    /// Wherever a line ends, be it in the middle of an escape, nothing of the secret is left.
    @Test(arguments: [
        #"{"user":"ann","password":"s3cr3t-Zq","x":[1,2]}"#,
        #"{"a":{"authorization":{"k":"s3cr3t-Zq}","l":["s3cr3t-Zq"]}},"x":1}"#,
        #"{"body":"{\"token\":\"s3cr3t-Zq\",\"x\":\"a\\\"b\"}","x":1}"#,
        #"{"a":"{\"b\":\"{\\\"token\\\":\\\"s3cr3t-Zq\\\"}\"}"}"#,
        #"{"msg":"see pass\u0077ord\u003ds3cr3t-Zq\u0026x=1"}"#,
        #"level=info password="s3cr3t-Zq x" msg="a b""#,
        "GET /?a=1&api_key=s3cr3t-Zq&b=2 HTTP/1.1",
        "Authorization: Bearer s3cr3t-Zq",
        #"{'password': b's3cr3t-Zq x', 'y': 1}"#,
        #"x: Some { secret: Some("s3cr3t-Zq x") }"#,
    ])
    func cutLineNeverLeaks(_ line: String) throws {
        let run = try StageRun("- redact:")
        let bytes = Array(line.utf8)
        let secret = Array("s3cr3t".utf8)
        for end in 0...bytes.count { run.feed(Array(bytes[..<end])) }
        for output in run.outputs {
            #expect(!Bytes.with(output.line) { line in Bytes.with(secret) { line.contains($0) } }, "\(output.text)")
        }
        // What is in front of the value and behind it stays, so something did come out.
        #expect(run.outputs.count == bytes.count + 1)
        #expect(run.lines.last?.contains("[REDACTED]") == true)
    }

    // MARK: - Options

    @Test(arguments: [
        row(
            "own keys take the place of the usual ones",
            "pin=1234 password=a",
            "pin=*** password=a",
            options: "keys: [pin]"
        ),
        row(
            "own key with capitals and dashes",
            "credit-card=1 CreditCardNo=2 credit card: 3",
            "credit-card=*** CreditCardNo=*** credit card: ***",
            options: "keys: [creditCard]"
        ),
        row(
            "own key that is not ASCII",
            #"{"clé":"a","cl\u00e9":"b"} "#,
            #"{"clé":"***","cl\u00e9":"***"} "#,
            options: "keys: [clé]"
        ),
        row(
            "allowed names",
            #"{"tokens_total":5,"tokensTotal":6,"tokens":7}"#,
            #"{"tokens_total":5,"tokensTotal":6,"tokens":"***"}"#,
            options: "allow: [tokens_total]"
        ),
        row(
            "allowed names are whole",
            "tokens=5 tokens_left=6",
            "tokens=5 tokens_left=***",
            options: "allow: [tokens]"
        ),
        row(
            "allowed names in texts with escapes",
            #"{"msg":"\ttokens=5\n\"tokens\": 6 token=7"}"#,
            #"{"msg":"\ttokens=5\n\"tokens\": 6 token=***"}"#,
            options: "allow: [tokens]"
        ),
        row("allowed name of two words", "api key: 5", "api key: 5", options: "allow: [apiKey]"),
    ])
    func keysAndAllow(_ row: StageCase<String>) throws { #expect(try row.outputs().map(\.text) == [row.expected]) }

    @Test func replacementIsWrittenAsItIs() throws {
        let run = try StageRun("- redact: {replacement: '<gone> é'}")
        run.feed(#"{"password":"a","n":{"token":1},"m":"secret=x"}"#)
        #expect(run.lines == [#"{"password":"<gone> é","n":{"token":"<gone> é"},"m":"secret=<gone> é"}"#])
    }

    @Test func emptyReplacementLeavesNothing() throws {
        #expect(
            try StageRun.output("- redact: {replacement: ''}", #"{"password":"a","token":1}"#)?.text
                == #"{"password":"","token":""}"#
        )
    }

    @Test func maskedLineIsMaskedToItself() throws {
        let run = try StageRun("- redact:\n- redact:")
        let line = #"{"password":"a","token":1,"m":"secret=x authorization: Bearer y"}"#
        run.feed(line)
        run.feed(run.lines[0])
        #expect(run.lines[0] == run.lines[1])
    }

    @Test func everyMaskedValueIsCounted() throws {
        let run = try StageRun("- redact:")
        run.feed(#"{"password":"a","token":1,"m":"secret=x"}"#)
        run.feed("password=a")
        run.feed("nothing")
        #expect(run.pipeline.redactionCounter.count == 4)
    }

    // MARK: - Mistakes

    @Test(arguments: [
        MistakeCase("- redact: {keys: []}", "redact: 'keys' names no key"),
        MistakeCase("- redact: {keys: ['', '_']}", "redact: 'keys' names no key"),
        MistakeCase("- redact: {key: [a]}", "error: redact: unknown option 'key'; did you mean 'keys'?"),
        MistakeCase("- redact: {mode: md5}", "redact: 'mode' is neither 'mask' nor 'hash'"),
        MistakeCase("- redact: {mode: hash}", "redact: 'mode' 'hash' needs a key"),
        MistakeCase("- redact: {mode: hash, hash_key_file: /nonexistent}", "redact: 'hash_key_file' cannot be read"),
        MistakeCase(
            "- redact: {mode: hash, hash_key_env: SLUICE_TEST_NOT_SET}",
            "redact: 'hash_key_env' names a variable that is not set"
        ),
        MistakeCase(
            #"- redact: {replacement: 'a"b'}"#,
            "redact: 'replacement' has a quote, a backslash or a control character"
        ),
        MistakeCase(
            #"- redact: {replacement: 'a\b'}"#,
            "redact: 'replacement' has a quote, a backslash or a control character"
        ),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
