import Testing

@testable import Configuration

struct YAMLParserTests {
    @Test func everyValueHasItsPlace() throws {
        let root = try YAMLTree.parse("a: 1\nbé: 'x y' # note\nc:\n  - - z\n")
        #expect(root.position == YAMLPosition(line: 1, column: 1))
        let quoted = try #require(root["bé"])
        #expect(quoted.position == YAMLPosition(line: 2, column: 5))
        #expect(quoted.end == YAMLPosition(line: 2, column: 10))
        let inner = try #require(root["c"]?.items?.first?.items?.first)
        #expect(inner.position == YAMLPosition(line: 4, column: 7))
    }

    @Test func columnsCountUnicodeScalars() throws {
        let root = try YAMLTree.parse("{é: 1, \u{1F600}: 2}")
        #expect(root.pairs?.last?.value.position == YAMLPosition(line: 1, column: 11))
    }

    @Test func anchorsAndTagsDoNotMoveTheValue() throws {
        let root = try YAMLTree.parse("a: &x !!str 12\nb: *x\n")
        #expect(root["a"]?.position == YAMLPosition(line: 1, column: 13))
        #expect(root["a"] === root["b"])
    }

    @Test func mergeKeysFillWhatIsNotSet() throws {
        let root = try YAMLTree.parse(
            "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 9}\nd:\n  <<: *a\n  w: 0\n"
        )
        let merged = try #require(root["c"]?.pairs).map {
            "\($0.key.scalar?.text ?? "")=\($0.value.scalar?.text ?? "")"
        }
        #expect(merged == ["x=9", "y=2", "z=4"])
        #expect(root["d"]?["y"]?.scalar?.text == "2")
    }

    @Test func emptyTextHasNoRoot() {
        var diagnostics = Diagnostics(file: "f")
        #expect(YAMLParser.parse(YAMLSource("# only a comment\n", file: "f"), into: &diagnostics) == nil)
        #expect(diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("plain: abcdef", 3, 11), ("plain: 'a''cdef'", 2, 12), ("plain: \"a\\\\b\\x41c\"", 4, 17),
        ("plain: \"é√d\"", 5, 11),
        ("plain: abc", 0, 8),
    ])
    func byteOfAScalarIsFoundInTheFile(_ text: String, _ offset: Int, _ column: Int) throws {
        let node = try #require(try YAMLTree.parse(text)["plain"])
        #expect(node.position(atByte: offset) == YAMLPosition(line: 1, column: column))
    }

    @Test func byteOfALiteralBlockIsFoundInTheFile() throws {
        let node = try #require(try YAMLTree.parse("a:\n  b: |\n    one\n    two\n")["a"]?["b"])
        #expect(node.position(atByte: 5) == YAMLPosition(line: 4, column: 6))
    }

    @Test(arguments: [
        (
            "a: 1\nb: 2\na: 3\n",
            "f.yaml:3:1: error: 'a' is set twice; the first time in line 1\n    3 | a: 3\n      | ^\n"
        ),
        (
            "a:\n\tb: 1\n",
            "f.yaml:2:1: error: a tab cannot indent YAML\n    2 |  b: 1\n      | ^\n      = help: use spaces\n"
        ),
        (
            "a: \"\\d\"\n",
            "f.yaml:1:5: error: '\\d' is no escape sequence of double quotes\n    1 | a: \"\\d\"\n      |     ^\n"
                + "      = help: use single quotes, where a backslash stands for itself\n"
        ),
        (
            "a: *nob\nb: 1\n",
            "f.yaml:1:4: error: no anchor '&nob' before this alias\n    1 | a: *nob\n      |    ^~~~\n"
                + "      = help: quote the value if the '*' is part of it\n"
        ),
        (
            "a: 1\n---\nb: 2\n",
            "f.yaml:2:1: warning: everything from this line on is ignored: only the first YAML document of a file"
                + " counts\n"
        ),
        (
            "a: \"x\n",
            "f.yaml:1:4: error: a quoted value is not closed\n    1 | a: \"x\n      |    ^\n"
        ),
        (
            "a: &a [*a]\n",
            "f.yaml:1:8: error: the alias '*a' stands inside its own anchor\n    1 | a: &a [*a]\n      |        ^~\n"
        ),
        (
            "? [a]\n: 1\n",
            "f.yaml:1:3: error: a list cannot be a key\n    1 | ? [a]\n      |   ^\n"
        ),
    ])
    func mistakesAreShownWhereTheyAre(_ text: String, _ rendered: String) {
        #expect(YAMLTree.mistakes(text) == rendered)
    }

    @Test func aliasBombIsRefused() {
        let lines = (1..<12).map { level in
            "k\(level): &k\(level) [\((0..<10).map { _ in "*k\(level - 1)" }.joined(separator: ","))]"
        }
        #expect(
            YAMLTree.mistakes("k0: &k0 x\n" + lines.joined(separator: "\n")).contains("aliases expand to more than")
        )
    }

    @Test(arguments: [101, 2_000, 50_000])
    func deepNestingIsRefused(_ depth: Int) {
        let text = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(YAMLTree.mistakes(text).contains("more than 100 levels of nesting"))
    }

    @Test func cutAnywhereNeverCrashes() {
        let text = "a: &x {b: [1, \"t\\x41\", 'u'], <<: {c: |\n  text\n}}\nd: *x\n--- \n? e\n"
        for end in text.indices { _ = YAMLTree.mistakes(String(text[..<end])) }
    }
}
