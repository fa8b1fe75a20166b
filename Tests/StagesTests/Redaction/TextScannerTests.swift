import Testing

@testable import Stages

/// The rules for text without structure, through the stage.
struct TextScannerTests {
    /// A line and what is left of it; `***` stands for each masked value.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let line: String
        let expected: String

        init(_ name: String, _ line: String, _ expected: String) {
            self.name = name
            self.line = line
            self.expected = expected
        }

        var testDescription: String { name }

        func result(_ options: String = "") throws -> String? {
            try StageRun.output("- redact: {replacement: '***'\(options)}", line)?.text
        }
    }

    @Test(arguments: [
        Row("logfmt", "level=info password=hunter2 user=ann", "level=info password=*** user=ann"),
        Row("logfmt with quotes", #"password="hunt er\"2" user=ann"#, #"password="***" user=ann"#),
        Row("logfmt value that is empty", "password= user=ann", "password= user=ann"),
        Row("logfmt value that is empty at the end", "user=ann password=", "user=ann password="),
        Row("query string", "GET /?a=1&access_token=abc&b=2 200", "GET /?a=1&access_token=***&b=2 200"),
        Row("query string, last", "GET https://h/p?apiKey=abc-._~%20 200", "GET https://h/p?apiKey=*** 200"),
        Row("query string in quotes", #""GET /?token=abc HTTP/1.1" 200 12"#, #""GET /?token=*** HTTP/1.1" 200 12"#),
        Row("form body", "user=ann&password=a%26b&x=1", "user=ann&password=***&x=1"),
        Row("nested form name", "user[password]=abc&user%5Bsecret%5D=def", "user[password]=***&user%5Bsecret%5D=***"),
        Row("percent sign in the name", "pass%77ord=abc", "pass%77ord=***"),
        Row("plus in the name", "api+key=abc&x=1", "api+key=***&x=1"),
        Row("key and colon", "password: hunter2 and more", "password: *** and more"),
        Row("key and colon without blank", "password:hunter2,user:ann", "password:***,user:ann"),
        Row("key inside of a name", "MY_DB_PASSWORD_OLD=abc", "MY_DB_PASSWORD_OLD=***"),
        Row("key in any case", "PassWord=abc SECRET=def ToKeN:ghi", "PassWord=*** SECRET=*** ToKeN:***"),
        Row("key with dashes", "X-Api-Key: abc", "X-Api-Key: ***"),
        Row("key of two words", "using API key: sk-abc now", "using API key: *** now"),
        Row("key of two words in quotes", #""api key": "sk-abc""#, #""api key": "***""#),
        Row("blanks before the sign", "password   = abc x", "password   = *** x"),
        Row(
            "many blanks before the sign",
            "password                      = abc x",
            "password                      = *** x"
        ),
        Row("tabs around the sign", "password\t:\tabc x", "password\t:\t*** x"),
        Row("blank behind the sign only", "password= hunter2", "password= ***"),
        Row("double equals sign", "password == abc", "password == ***"),
        Row("assignment", "password := \"abc\"", "password := \"***\""),
        Row("arrow", "[password] => abc, [user] => ann", "[password] => ***, [user] => ann"),
        Row("ruby hash", #"{"password"=>"a b", :token=>"c"}"#, #"{"password"=>"***", :token=>"***"}"#),
        Row("double colon", "password:: abc", "password:: ***"),
        Row("key behind a key", "password: password: abc x", "password: *** *** x"),
        Row("another key behind a key", "secret: api-key: token: abc x", "secret: *** *** x"),
        Row("key with equals sign behind a key", "password==token= abc", "password==*** ***"),
        Row("base64 that ends in equals signs", "token: YWI= next token: YQ== next", "token: *** next token: *** next"),
        Row(
            "document with its own quotes between quotes",
            #"secret="{"a":"}","b":["x"]}" x="y""#,
            #"secret="***" x="y""#
        ),
        Row("array with its own quotes between quotes", "token: '['a', 'b']' x", "token: '***' x"),
        Row("bracket between quotes", #"password="[" x="y" token="{""#, #"password="***" x="y" token="***""#),
        Row("python dict", "{'password': 'a b', 'x': 1}", "{'password': '***', 'x': 1}"),
        Row("python bytes", "password=b'a b' x", "password=*** x"),
        Row("python bytes in a dict", "{'password': b'a b', 'x': 1}", "{'password': '***', 'x': 1}"),
        Row("go struct", "{Password:hunter2 Token:abc Name:ann}", "{Password:*** Token:*** Name:ann}"),
        Row("go map", "map[password:x token:y user:z]", "map[password:*** token:*** user:z]"),
        Row("java toString", "User(password=abc, name=ann)", "User(password=***, name=ann)"),
        Row("rust debug", #"User { password: Some("a b"), id: 1 }"#, "User { password: ***, id: 1 }"),
        Row("backticks", "`password`: `a b` x", "`password`: `***` x"),
        Row("colours around the key", "\u{1B}[36mtoken\u{1B}[0m=abc x", "\u{1B}[36mtoken\u{1B}[0m=*** x"),
        Row(
            "colours around the sign",
            "\u{1B}[36mtoken=\u{1B}[0mabc\u{1B}[0m x",
            "\u{1B}[36mtoken=\u{1B}[0m***\u{1B}[0m x"
        ),
        Row("environment", "export SECRET_KEY='a b' HOME=/root", "export SECRET_KEY='***' HOME=/root"),
        Row("markup around a pair", "<p>password=abc</p>", "<p>password=***</p>"),
        Row("unicode escapes in the name", #"pass\u0077ord=abc"#, #"pass\u0077ord=***"#),
        Row("doubled unicode escapes in the name", #"pass\\u0077ord=abc"#, #"pass\\u0077ord=***"#),
        Row("fragment", "https://h/#access_token=abc&x=1", "https://h/#access_token=***&x=1"),
    ])
    func masksThePair(_ row: Row) throws { #expect(try row.result() == row.expected) }

    @Test(arguments: [
        Row("punctuation inside", "password=a,b;c|d)e]f}g x", "password=*** x"),
        Row("runs of punctuation inside", "password=a,,b)]c x", "password=*** x"),
        Row("a quote inside", #"password=hunt"er2 x"#, "password=*** x"),
        Row("an apostrophe in quotes", "password='it's it' x", "password='***' x"),
        Row(
            "a quote in quotes that nobody escaped",
            #"{"password":"ab"cd ef","x":NaN}"#,
            #"{"password":"***","x":NaN}"#
        ),
        Row("only punctuation", "password=)! x", "password=*** x"),
        Row("a list", "password=[a, b] x", "password=*** x"),
        Row("an object with a bracket in a text", #"x {"secret":{"a":"}","b":"c"},"y":1"#, #"x {"secret":"***","y":1"#),
        Row("an object with an apostrophe", #"x {"secret":{"a":"it's"},"y":1"#, #"x {"secret":"***","y":1"#),
        Row("a number keeps embedded JSON valid", #"got {"password":12345,"x":1}"#, #"got {"password":"***","x":1}"#),
        Row(
            "true keeps embedded JSON valid",
            #"got {"a":[{"token":true}],"x":1}"#,
            #"got {"a":[{"token":"***"}],"x":1}"#
        ),
        Row("null is no value", #"got {"password": null,"x":1}"#, #"got {"password": null,"x":1}"#),
        Row(
            "up to the quote of the string around it",
            #"err="Get \"https://h/?token=abc\": dial tcp: refused""#,
            #"err="Get \"https://h/?token=***\": dial tcp: refused""#
        ),
        Row("up to that quote at the end", #"query="{a} |= \"apiKey=abc\"""#, #"query="{a} |= \"apiKey=***\"""#),
        Row("up to that quote and a blank", #"q="(\"apiKey=abc\" [1m])""#, #"q="(\"apiKey=***\" [1m])""#),
        Row("up to that quote at the cut end", #"q="\"apiKey=abc\""#, #"q="\"apiKey=***\""#),
        Row("up to that quote, escaped twice", #"a \\\"token=abc\\\",\\\"b"#, #"a \\\"token=***\\\",\\\"b"#),
        Row("up to that quote before one around it", #"a \"b \\\"token=abc\\\"\""#, #"a \"b \\\"token=***\\\"\""#),
        Row("up to that quote and an escape", #"a \"token=abc\"\nb"#, #"a \"token=***\"\nb"#),
        Row("an escaped quote inside", #"password=ab\"cd x"#, "password=*** x"),
        Row("a backslash inside", #"password=ab\cd\ x"#, "password=*** x"),
        Row(
            "up to a quote and a colon",
            #"Get "https://h/?token=abc": dial tcp"#,
            #"Get "https://h/?token=***": dial tcp"#
        ),
        Row(
            "of a key that holds a pair",
            #"x {"token=abc": "def", "token:abc": 12, "https://h/token": "ghi"}, y"#,
            #"x {"token=***": "***", "token:***": "***", "https://h/token": "***"}, y"#
        ),
        Row("a quote that never closes", #"password="abc def"#, #"password="***"#),
        Row("a bracket that never closes", "password={abc def", "password=***"),
        Row("a string in brackets that never closes", #"password={"a":"b} c"#, "password=***"),
        Row("a constructor that never closes", #"password: Some("a b"#, "password: ***"),
        Row("several in one line", "password=a token=b; secret: c", "password=*** token=***; secret: ***"),
        Row("followed by another pair", "password=a;user=b|token=c,x=d", "password=***;user=b|token=***,x=d"),
        Row("followed by a quoted key", #"{password:abc,"user":"ann"}"#, #"{password:***,"user":"ann"}"#),
        Row("followed by another object", #"{password:abc},{"user":"ann"}"#, #"{password:***},{"user":"ann"}"#),
        Row("in the middle of quotes", #"a "password=abc" b"#, #"a "password=***" b"#),
        Row("not UTF-8 is no end", "password=a\u{FF}b x", "password=*** x"),
    ])
    func takesTheWholeValue(_ row: Row) throws { #expect(try row.result() == row.expected) }

    @Test(arguments: [
        Row("bearer", "Authorization: Bearer abc.def next", "Authorization: *** next"),
        Row("basic", "authorization: basic YTpi, Host: x", "authorization: ***, Host: x"),
        Row("two blanks", "Authorization: Bearer  abc x", "Authorization: *** x"),
        Row("a tab", "Authorization: Bearer\tabc x", "Authorization: *** x"),
        Row("a colon behind the scheme", "Authorization: Bearer: abc x", "Authorization: *** x"),
        Row(
            "in quotes of a command",
            #"curl -H "Authorization: Bearer abc" https://h/"#,
            #"curl -H "Authorization: ***" https://h/"#
        ),
        Row("a scheme of another key", "x-auth-token: Bearer abc x", "x-auth-token: *** x"),
        Row("an unknown scheme", "Authorization: Custom abc== x", "Authorization: *** x"),
        Row("digest with parameters", #"Authorization: Digest username="ann", response="abc""#, "Authorization: ***"),
        Row("AWS", "Authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=c", "Authorization: ***"),
        Row("an unknown scheme with parameters", "Authorization: Custom id=1, sig=abc", "Authorization: ***"),
        Row("parameters end with the line", "Authorization: Digest a=\"b\"\nHost: x", "Authorization: ***\nHost: x"),
        Row("a word and another pair", "authorization: denied user=ann", "authorization: *** user=ann"),
        Row("proxy", "Proxy-Authorization: Basic YTpi", "Proxy-Authorization: ***"),
    ])
    func takesCredentials(_ row: Row) throws { #expect(try row.result() == row.expected) }

    @Test(arguments: [
        Row("escaped once", #"{\"password\":\"a b\",\"x\":1}"#, #"{\"password\":\"***\",\"x\":1}"#),
        Row(
            "escaped twice",
            #"{\\\"password\\\":\\\"a b\\\",\\\"x\\\":1}"#,
            #"{\\\"password\\\":\\\"***\\\",\\\"x\\\":1}"#
        ),
        Row("a quote in an escaped value", #"{\"password\":\"a\\\"b\",\"x\":1}"#, #"{\"password\":\"***\",\"x\":1}"#),
        Row("a number in an escaped object", #"{\"password\":12,\"x\":1}"#, #"{\"password\":\"***\",\"x\":1}"#),
        Row("unicode escapes in an escaped key", #"{\"pass\\u0077ord\":\"a b\"}"#, #"{\"pass\\u0077ord\":\"***\"}"#),
        Row("an escaped object in brackets", #"{\"secret\":{\"a\":\"}\"},\"x\":1}"#, #"{\"secret\":\"***\",\"x\":1}"#),
        Row("the beginning is cut off", #"ssword, password":"a b","x":1}"#, #"ssword, password":"***","x":1}"#),
        Row("the first quote is missing", #"password":"a b","x":1}"#, #"password":"***","x":1}"#),
    ])
    func findsJSONInText(_ row: Row) throws { #expect(try row.result() == row.expected) }

    @Test(arguments: [
        "no secret at all", "the password is not a pair", "password", "passwords for everyone", "=", ":", "a=b c:d",
        "http://token.example.org/path", "secret://vault/path", "https://token-service:8080/path",
        "https://token-service:8080", "12:30:00 user=ann", "level=info msg=\"a token was made\"", "=password",
        ": password",
        "pass word=x", "to ken: x", "token count 5", "{'a': 'password'}", "tokens_total=5", "x.tokens_total: 7",
        "api keyboard x: y", "the api, key: x", "password:", "password=", "password: ", "password=  ",
        "\u{1B}[36mtoken\u{1B}[0m",
    ])
    func leavesAlone(_ line: String) throws {
        #expect(try Row("", line, "").result(", allow: [tokens_total, x.tokens_total]") == line)
    }

    @Test func nameInFrontOfAPairMayBeLong() throws {
        let long = "password" + String(repeating: "_x", count: 500)
        #expect(try Row("", "\(long)=abc", "").result() == "\(long)=***")
        #expect(try Row("", "\"\(long.prefix(900))\": \"abc\"", "").result() == "\"\(long.prefix(900))\": \"***\"")
        #expect(try Row("", "\"\(long)\": \"abc\" x", "").result() == "\"\(long)\": \"***\" x")
    }

    /// Time grows with the length, not with its square: each of these takes minutes otherwise.
    @Test(arguments: [
        "password=(", "password=)", "\":", "=", "password=\"", "password={\"", "password= ", "\\\":", "token:\t",
    ])
    func hostileRepetitionIsLinear(_ part: String) throws {
        let line = "password=" + String(repeating: part, count: 200_000)
        let start = ContinuousClock.now
        _ = try Row("", line, "").result()
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
