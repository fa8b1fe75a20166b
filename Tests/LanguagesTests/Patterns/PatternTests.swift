import Entries
import Languages
import Testing

@Suite struct PatternTests {
    @Test(arguments: [
        ("(a", "missing closing ): `(a`", 0),
        ("a)", "unexpected ): `a)`", 1),
        (#"x\q"#, #"invalid escape sequence: `\q`"#, 1),
        (#"x\C"#, #"invalid escape sequence: `\C`"#, 1),
        (#"x\Z"#, #"invalid escape sequence: `\Z`"#, 1),
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`", 0),
        ("(?<=a)", "invalid named capture: `(?<=a)`", 0),
        ("ab*+", "invalid nested repetition operator: `*+`", 2),
        ("*", "missing argument to repetition operator: `*`", 0),
        ("a{1001}", "invalid repeat count: `{1001}`", 1),
        ("[b-a]", "invalid character class range: `b-a`", 1),
        ("x[a", "missing closing ]: `[a`", 1),
        (#"\pX"#, #"invalid character class range: `\pX`"#, 0),
        ("(?P<a b>c)", "invalid named capture: `(?P<a b>`", 0),
    ])
    func mistakeIsToldInGosWordsWithItsPlace(_ expression: String, _ message: String, _ offset: Int) {
        #expect(throws: LanguageError("error parsing regexp: " + message, at: offset)) { try Pattern(expression) }
    }

    @Test func anchoredPatternTellsThePlaceInTheUsersText() {
        #expect(throws: LanguageError(#"error parsing regexp: invalid escape sequence: `\q`"#, at: 2)) {
            try Pattern.anchored(#"ab\q"#)
        }
    }

    @Test(arguments: [
        ("a|b", "a", true), ("a|b", "ab", false), (".*", "a\nb", true), ("", "a", false), ("a", "a\n", false),
    ])
    func anchoredPatternMatchesTheWholeText(_ expression: String, _ text: String, _ expected: Bool) throws {
        let pattern = try Pattern.anchored(expression)
        #expect(Bytes.with(Array(text.utf8)) { pattern.matches($0) } == expected)
    }

    @Test func groupsAreCountedAndNamedInOrder() throws {
        let pattern = try Pattern("(?P<a>x)(y)(?<b>z)(?:w)")
        #expect(pattern.groupCount == 3)
        #expect(pattern.groupNames.map(\.index) == [1, 3])
        #expect(pattern.groupNames.map(\.name) == ["a", "b"])
    }

    @Test(arguments: [
        ("$1-$2", "k-v"), ("${1}x", "kx"), ("$1x", ""), ("$key=${value}", "k=v"), ("$$1", "$1"), ("$", "$"),
        ("${1", "${1"),
        ("$9", ""), ("$0", "k=v"), ("$01", ""), ("a$-b", "a$-b"), ("${}", "${}"), ("$é", ""),
    ])
    func templateIsExpandedAsGoDoes(_ template: String, _ expected: String) throws {
        let pattern = try Pattern("(?P<key>[a-z])=(?P<value>[a-z])")
        let output = Bytes.with(Array("..k=v..".utf8)) { text in
            Bytes.with(Array(template.utf8)) { template in
                var output: [UInt8] = []
                #expect(pattern.firstMatch(in: text, from: 0))
                pattern.expand(template, in: text, into: &output)
                return output
            }
        }
        #expect(String(decoding: output, as: UTF8.self) == expected)
    }

    @Test func matchLimitSendsTheInputToTheLinearEngine() throws {
        let pattern = try Pattern("(a+)+$")
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 300)
        #expect(Bytes.with(text + [UInt8(ascii: "!")]) { pattern.matches($0) } == false)
        #expect(pattern.limitHits == 1)
        #expect(Bytes.with(text) { pattern.firstMatch(in: $0, from: 0) })
        #expect(pattern.captureRange(0) == 0..<300)
    }

    @Test func searchFromAPlaceSeesTheTextBefore() throws {
        let boundary = try Pattern(#"\bb"#)
        let begin = try Pattern("^b")
        Bytes.with(Array("abb b".utf8)) { text in
            #expect(boundary.firstMatch(in: text, from: 1))
            #expect(boundary.captureRange(0) == 4..<5)
            #expect(!begin.firstMatch(in: text, from: 1))
        }
    }

    @Test func damagedByteIsOneCharacter() throws {
        let pattern = try Pattern("^a(.)(.)b$")
        Bytes.with([0x61, 0xE2, 0x82, 0x62]) { text in
            #expect(pattern.firstMatch(in: text, from: 0))
            #expect(pattern.captureRange(1) == 1..<2)
            #expect(pattern.captureRange(2) == 2..<3)
        }
    }

    @Test func quotedTextMatchesItself() throws {
        let text = #"a.b*[c]\d{2}^$|(é)"#
        let pattern = try Pattern.anchored(Pattern.quoteMeta(text))
        #expect(Bytes.with(Array(text.utf8)) { pattern.matches($0) })
    }

    @Test func deepNestingIsRefusedNotACrash() {
        let deep = String(repeating: "(", count: 100_000) + String(repeating: ")", count: 100_000)
        #expect(throws: LanguageError.self) { try Pattern(deep) }
    }
}
