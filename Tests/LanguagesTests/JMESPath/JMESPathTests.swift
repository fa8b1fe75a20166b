import Entries
import Testing

@testable import Languages

/// What the recorded answers of `jp` cannot show: messages, places, paths, and differences on purpose.
struct JMESPathTests {
    private func evaluate(_ expression: String, _ document: String) throws -> String {
        let value = try #require(Bytes.with(Array(document.utf8)) { JSONValue.parse($0) })
        return String(decoding: try JMESPath(expression).evaluate(value).goJSON, as: UTF8.self)
    }

    @Test(arguments: [
        ("3##@", "SyntaxError: Unknown char: '#'", 1), ("a é", "SyntaxError: Unknown char: '\\u00e9'", 2),
        ("a \u{1F600}", "SyntaxError: Unknown char: '\\U0001f600'", 2), ("\\", #"SyntaxError: Unknown char: '\\'"#, 0),
        ("\u{01}", #"SyntaxError: Unknown char: '\x01'"#, 0),
        ("a.", "SyntaxError: Expected identifier, lbracket, or lbrace", 2),
        ("log-level", "SyntaxError: Unexpected token at the end of the expression: tNumber", 3),
        ("", "SyntaxError: Incomplete expression", 0), ("foo(", "SyntaxError: Incomplete expression", 4),
        ("a[", "SyntaxError: Expected tStar, received: tEOF", 2), ("x 'a", "SyntaxError: Unclosed delimiter: '", 2),
        ("\"a", "SyntaxError: Unclosed delimiter: \"", 0), ("`1", "SyntaxError: Unclosed delimiter: `", 0),
        ("a = b", "SyntaxError: Unexpected token at the end of the expression: tUnknown", 2),
        ("foo[*](x)", "SyntaxError: Error", 6),
        ("{a}", "SyntaxError: Expected tColon, received: tRbrace", 2), ("a!", "SyntaxError: Unexpected token: tNot", 2),
        ("{1:a}", "SyntaxError: Expected tQuotedIdentifier or tUnquotedIdentifier", 1),
        (")", "SyntaxError: Invalid token: tRparen", 0),
        ("\"abs\"(a)", "SyntaxError: Can't have quoted identifier as function name.", 0),
        ("`{`", "a literal between back-quotes is a JSON value, and this is not one", 0),
        ("x.\"a\\q\"", "a quoted identifier is a JSON string, and this is not one", 2),
    ])
    func mistakesAreWordedAsInGoAndHaveAPlace(expression: String, message: String, offset: Int) throws {
        let mistake = try #require(throws: LanguageError.self) { try JMESPath(expression) }
        #expect(mistake.message == message)
        #expect(mistake.offset == offset)
    }

    @Test(arguments: [
        ("a", ["a"]), ("a.b.c", ["a", "b", "c"]), (#""log-level""#, ["log-level"]), (#"a."x.y".b"#, ["a", "x.y", "b"]),
        (" a . b ", ["a", "b"]), ("(a.b).c", ["a", "b", "c"]), (#""\u0061""#, ["a"]),
    ])
    func identifiersAndDotsAreAPath(expression: String, keys: [String]) throws {
        #expect(try JMESPath(expression).path == keys.map { Array($0.utf8) })
    }

    @Test(arguments: ["@", "a[0]", "a.*", "a || b", "a.b[]", "length(a)", "'a'", "a.[b]", "@.a", "*.a", "!a"])
    func everythingElseIsNoPath(expression: String) throws {
        #expect(try JMESPath(expression).path == nil)
    }

    @Test(arguments: [
        ("nope(@)", "Unknown function: nope"), ("a[::0]", "Invalid slice, step cannot be 0"),
        ("abs('secret')", "argument 1 of abs() has the wrong type"), ("abs()", "abs() takes 1 arguments, not 0"),
        ("merge(o, a)", "argument 2 of merge() has the wrong type"),
        ("merge(none)", "argument 1 of merge() has the wrong type"),
        ("@(a)", "only a name can be called"), ("[0", "malformed index"),
        ("[avg(`[]`)]", "the result has a number that JSON cannot express"),
        ("to_string(sum([to_number('inf')]))", "to_string() got a number that JSON cannot express"),
        ("sort_by(r, &k)", "sort_by() needs keys that are all numbers or all strings"),
    ])
    func failuresSayWhyWithoutTheValue(expression: String, message: String) throws {
        let failure = try #require(throws: JMESPath.EvaluationError.self) {
            try evaluate(expression, #"{"a":[1],"o":{},"r":[{"k":1},{"k":"x"}]}"#)
        }
        #expect(failure.message == message)
    }

    @Test func averageOfNothingIsNotANumber() throws {
        guard case .number(let average) = try JMESPath("avg(@)").evaluate(.array([])) else {
            Issue.record("no number")
            return
        }
        #expect(average.isNaN)
    }

    @Test(arguments: [
        ("contains(@, `{\"a\":1}`)", #"[{"a":1}]"#, "true"), ("contains(@, `[2]`)", "[[1]]", "false"),
        ("[sort_by(a, &@), a]", #"{"a":[2,1]}"#, "[[1,2],[2,1]]"),
        ("keys(@)", #"{"z":1,"a":2}"#, #"["z","a"]"#), ("*", #"{"z":1,"a":2}"#, "[1,2]"),
        ("merge(a, b)", #"{"a":{"x":1,"y":2},"b":{"x":3,"z":4}}"#, #"{"x":3,"y":2,"z":4}"#),
        (
            "sort_by(@, &k)[*].v", #"[{"k":1,"v":"a"},{"k":0,"v":"b"},{"k":1,"v":"c"},{"k":0,"v":"d"}]"#,
            #"["b","d","a","c"]"#
        ),
        ("max_by(@, &k).v", #"[{"k":1,"v":"a"},{"k":1,"v":"b"}]"#, "\"a\""),
        ("@[0:1:9223372036854775807]", "[1,2]", "[1]"),
        ("@[::-9223372036854775808]", "[1,2]", "[2]"),
    ])
    func differencesOnPurposeHold(expression: String, document: String, result: String) throws {
        #expect(try evaluate(expression, document) == result)
    }

    @Test func reversingBytesThatAreNotUTF8ReplacesThem() throws {
        let result = try JMESPath("[length(@), reverse(@)]").evaluate(.string([0xFF, UInt8(ascii: "a"), 0xC3]))
        #expect(result == .array([.number(3), .string(Array("\u{FFFD}a\u{FFFD}".utf8))]))
    }

    @Test(arguments: ["(", "!", "[", "& ", "{a:", "a[?", "f("])
    func nestingIsRefusedBeforeTheStackEnds(opening: String) {
        let expression = String(repeating: opening, count: 100_000)
        let mistake = #expect(throws: LanguageError.self) { try JMESPath(expression) }
        #expect(mistake?.message == "expression is nested too deeply")
    }

    @Test(arguments: [".a", "|a", "[0]", "[]", "||a", "[*].a", "==a"])
    func longChainsAreRefused(link: String) {
        #expect(throws: LanguageError.self) { try JMESPath("a" + String(repeating: link, count: 50_000)) }
    }
}
