import Testing

@testable import Stages

struct LogfmtStageTests {
    private typealias Row = StageCase<[String: StageRun.Extracted]>
    private static let abc = "- logfmt: {mapping: {a: , b: , c: }}"

    @Test(arguments: [
        Row(
            "the same or another name; what does not occur sets nothing",
            "- logfmt: {mapping: {out: message, app: , nope: }}",
            "app=web\td=5 message=\"a b\"",
            expect: ["out": "a b", "app": "web"]
        ),
        Row("an empty key in the mapping means the name", "- logfmt: {mapping: {a: ''}}", "a=1", expect: ["a": "1"]),
        Row("the last of equal keys", abc, "a=1 a=2", expect: ["a": "2"]),
        Row("keys without a value", abc, "a b= c=\"\"", expect: ["a": "", "b": "", "c": ""]),
        Row("keys that nobody asked for", abc, "not logfmt", expect: [:]),
        Row("numbers stay text", abc, "a=1.50", expect: ["a": "1.50"]),
        Row("any byte up to a blank separates", abc, "\u{1}a=1\tb=2\u{0}c=3 ", expect: ["a": "1", "b": "2", "c": "3"]),
        Row("an equals sign may follow a quote at once", abc, #"a="x"b=2"#, expect: ["a": "x", "b": "2"]),
        Row("several lines", abc, "a=1\nb=2\r\n\nc=3\n", expect: ["a": "1", "b": "2", "c": "3"]),
        Row("bytes beyond ASCII in keys and values", "- logfmt: {mapping: {a: clé}}", "clé=é", expect: ["a": "é"]),
        Row(
            "long keys",
            "- logfmt: {mapping: {a: key_of_more_than_twenty_four_bytes}}",
            "key_of_more_than_twenty_four_bytes=1 key_of_more_than_twenty_four_letter=2",
            expect: ["a": "1"]
        ),
        Row("two names for one key", "- logfmt: {mapping: {a: x, b: x}}", "x=1", expect: ["a": "1", "b": "1"]),
        Row("braces are no mistake in a key", abc, "{a=1} a=2", expect: ["a": "2"]),
        // In quotes.
        Row("blanks and equals signs", abc, #"a="x y=z" b=2"#, expect: ["a": "x y=z", "b": "2"]),
        Row(
            "escapes",
            abc,
            #"a="\"\\\/\b\f\n\r\t" b="\u00e9\ud83d\ude00\ud800" c="it\'s""#,
            expect: ["a": "\"\\/\u{8}\u{C}\n\r\t", "b": "é😀\u{FFFD}", "c": "it's"]
        ),
        Row(
            "surrogates that make no pair, looked at one by one",
            abc,
            #"a="\ud800\ud83d\ude00" b="\udc00\ud800\udbff\udc00""#,
            expect: ["a": "\u{FFFD}😀", "b": "\u{FFFD}\u{FFFD}\u{10FC00}"]
        ),
        Row("a control character without escapes", abc, "a=\"x\ty\" b=2", expect: ["a": "x\ty", "b": "2"]),
        // Mistakes: what stands before counts.
        Row("no end of quotes", abc, #"a=1 b="x c=3"#, expect: ["a": "1"]),
        Row("no end of quotes in a line of several", abc, "a=1 b=\"x\nc=3", expect: ["a": "1"]),
        Row("a backslash at the end", abc, #"a=1 b="x\"#, expect: ["a": "1"]),
        Row("no key", abc, "a=1 =x c=3", expect: ["a": "1"]),
        Row("two equals signs", abc, "a=1 b=x=y c=3", expect: ["a": "1"]),
        Row("quotes inside a value", abc, "a=1 b=x\"y c=3", expect: ["a": "1"]),
        Row("quotes in a key", abc, #"a=1 b"=2 c=3"#, expect: ["a": "1"]),
        Row("an escape that is none", abc, #"a=1 b="\x" c=3"#, expect: ["a": "1"]),
        Row("an escape cut short", abc, #"a=1 b="\u12" c=3"#, expect: ["a": "1"]),
        Row("a control character before an escape", abc, "a=1 b=\"\t\\n\" c=3", expect: ["a": "1"]),
        Row("a control character behind an escape", abc, "a=1 b=\"\\n\t\" c=3", expect: ["a": "1"]),
        Row("a replacement character in a key", abc, "a=1 \u{FFFD}=2 c=3", expect: ["a": "1"]),
        Row("JSON", "- logfmt: {mapping: {x: }}", #"{"x":"y"}"#, expect: [:]),
        Row("nothing", abc, "", expect: [:]),
        // Sources.
        Row(
            "a source",
            "- logfmt: {mapping: {extra: }}\n- logfmt: {mapping: {user: }, source: extra}",
            #"extra="user=bob""#,
            expect: ["extra": "user=bob", "user": "bob"]
        ),
        Row("a source that is missing", "- logfmt: {mapping: {a: }, source: x}", "a=1", expect: [:]),
        Row(
            "a source that is nil",
            "- json: {expressions: {x: }}\n- logfmt: {mapping: {a: }, source: x}",
            "{}",
            expect: ["x": .null]
        ),
    ])
    func extracts(_ row: StageCase<[String: StageRun.Extracted]>) throws {
        let output = try #require(try row.outputs().first)
        #expect(output.extracted == row.expected)
        #expect(output.text == row.lines[0])
    }

    @Test(
        arguments: [
            ([0xFF], ["a": "1"]),
            (Array("x=\"".utf8) + [0xFF] + Array("\\n\" c=3".utf8), ["a": "1", "x": "\u{FFFD}\n", "c": "3"]),
            (Array("x=".utf8) + [0xFF, 0x20] + Array("c=3".utf8), ["a": "1", "x": .text("\u{FFFD}"), "c": "3"]),
        ] as [([UInt8], [String: StageRun.Extracted])]
    )
    func bytesThatAreNotUTF8(_ rest: [UInt8], _ expected: [String: StageRun.Extracted]) throws {
        let run = try StageRun("- logfmt: {mapping: {a: , x: , c: }}")
        run.feed(Array("a=1 ".utf8) + rest)
        #expect(run.outputs.map(\.extracted) == [expected])
    }

    /// Next to escapes they become U+FFFD, alone they stay.
    @Test func bytesThatAreNotUTF8AreRepairedNextToEscapesOnly() throws {
        let run = try StageRun("- logfmt: {mapping: {x: }}\n- output: {source: x}")
        run.feed(Array("x=\"".utf8) + [0xC3, 0x28, 0xE2, 0x82] + Array("\\t\"".utf8))
        run.feed(Array("x=\"".utf8) + [0xC3, 0x28] + Array("\"".utf8))
        #expect(run.outputs[0].line == Array("\u{FFFD}(\u{FFFD}\u{FFFD}\t".utf8))
        #expect(run.outputs[1].line == [0xC3, 0x28])
    }

    @Test(arguments: [(65_535, true), (65_536, false)])
    func lineOf64KiBIsNotRead(_ length: Int, _ isRead: Bool) throws {
        let run = try StageRun("- logfmt: {mapping: {a: , b: , c: }}")
        run.feed("a=1\n" + "b=" + String(repeating: "x", count: length - 2) + "\nc=3")
        #expect(Set(run.outputs[0].extracted.keys) == (isRead ? ["a", "b", "c"] : ["a"]))
    }

    @Test(arguments: [
        MistakeCase("- logfmt:", "logfmt: 'mapping' is missing"),
        MistakeCase("- logfmt: {mapping: {}}", "logfmt: 'mapping' is empty"),
        MistakeCase("- logfmt: {mapping: {a: }, source: ''}", "logfmt: 'source' is empty"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
