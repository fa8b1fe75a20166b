import Testing

@testable import Configuration

struct OptionsTests {
    static let specs: [OptionSpec] = [
        .required("expression", .pattern, "RE2 syntax."),
        .optional("source", .string, "Extracted value to look at."),
        .optional("limit", .integer, default: "7", "How many."),
        .optional("rate", .number, default: "0.5", "How often."),
        .optional("drop", .bool, default: "true", "Whether to drop."),
        .optional("max_wait", .duration, default: "3s", "How long."),
        .optional("longer_than", .byteSize, "How large."),
        .optional("names", .stringList, "Which."),
        .optional("one_or_more", .stringOrList, "Which."),
        .optional("buckets", .numberList, "Bounds."),
        .optional("map", .stringMap, "Names."),
        .optional("any", .node, "Anything."),
    ]

    static func read(
        _ text: String,
        specs: [OptionSpec] = specs,
        unknown: Options.UnknownOptions = .warning,
        isWeak: Bool = false
    ) throws -> (options: Options, rendered: String) {
        var diagnostics = Diagnostics(file: "f.yaml")
        let node = YAMLParser.parse(YAMLSource(text, file: "f.yaml"), into: &diagnostics)
        let options = Options(
            node,
            stage: "regex",
            position: .start,
            specs: specs,
            unknownOptions: unknown,
            isWeak: isWeak,
            diagnostics: &diagnostics
        )
        return (options, diagnostics.render(source: text))
    }

    @Test func defaultsStandInForWhatIsNotGiven() throws {
        let (options, rendered) = try Self.read("expression: a")
        #expect(rendered.isEmpty)
        #expect(options.string("expression") == "a")
        #expect(options.string("source") == nil)
        #expect(options.integer("limit") == 7)
        #expect(options.number("rate") == 0.5)
        #expect(options.bool("drop") == true)
        #expect(options.duration("max_wait") == .seconds(3))
        #expect(!options.isGiven("limit") && options.isGiven("expression"))
        #expect(options.position(of: "limit") == .start)
    }

    @Test func everyKindIsRead() throws {
        let text = """
            Expression: 'a.b'
            LIMIT: 0x10
            rate: 2
            drop: no
            max_wait: 1m30s
            longer_than: 4kb
            names: [a, b]
            one_or_more: c
            buckets: [1, 2.5]
            map: {a: , b: c}
            any:
            """
        let (options, rendered) = try Self.read(text)
        #expect(rendered.isEmpty)
        #expect(options.string("expression") == "a.b")
        #expect(options.integer("limit") == 16)
        #expect(options.number("rate") == 2)
        #expect(options.bool("drop") == false)
        #expect(options.duration("max_wait") == .seconds(90))
        #expect(options.byteSize("longer_than") == 4096)
        #expect(options.strings("names") == ["a", "b"])
        #expect(options.strings("one_or_more") == ["c"])
        #expect(options.numbers("buckets") == [1, 2.5])
        #expect(options.map("map")?.map(\.key) == ["a", "b"])
        #expect(options.map("map")?.map(\.value) == [nil, "c"])
        #expect(options.map("map")?.last?.valuePosition == YAMLPosition(line: 10, column: 15))
        #expect(options.isGiven("any"))
    }

    @Test(arguments: [
        ("limit: '5'", 5), ("limit: true", 1), ("limit: ''", 0), ("limit: 3.9", 3),
    ])
    func weakStagesConvertToNumbers(_ text: String, _ expected: Int) throws {
        #expect(try Self.read("expression: a\n\(text)", isWeak: true).options.integer("limit") == expected)
    }

    @Test(arguments: [("5", "5"), ("true", "1"), ("off", "0"), ("0x10", "16"), ("1.5", "1.5"), ("x", "x")])
    func weakStagesConvertToText(_ value: String, _ expected: String) throws {
        #expect(try Self.read("expression: a\nsource: \(value)", isWeak: true).options.string("source") == expected)
    }

    @Test func weakStagesTakeOneValueAsAList() throws {
        #expect(try Self.read("expression: a\nnames: x", isWeak: true).options.strings("names") == ["x"])
        #expect(try Self.read("expression: a\ndrop: 'f'", isWeak: true).options.bool("drop") == false)
    }

    @Test func aWholeBodyCanBeAListOrMap() throws {
        let list = try Self.read("[a, b]", specs: [.required("", .stringOrList, "Labels to drop.")]).options
        #expect(list.list() == ["a", "b"])
        let map = try Self.read("{a: , b: c}", specs: [.required("", .stringMap, "Labels.")]).options
        #expect(map.map()?.map(\.value) == [nil, "c"])
    }

    @Test(arguments: [
        (
            "source: x",
            "f.yaml:1:1: error: regex: 'expression' is missing\n"
                + "    1 | source: x\n      | ^~~~~\n      = help: RE2 syntax.\n"
        ),
        (
            "expression: x\nsorce: y",
            "f.yaml:2:1: warning: regex: unknown option 'sorce' has no effect; did you mean 'source'?\n"
        ),
        (
            "expression: 200",
            "f.yaml:1:13: error: regex: 'expression' takes a regular expression, not a number\n"
                + "    1 | expression: 200\n"
                + "      |             ^~~\n      = help: put the number in quotes\n"
        ),
        (
            "expression: yes",
            "f.yaml:1:13: error: regex: 'expression' takes a regular expression, not a Boolean\n"
                + "    1 | expression: yes\n      |             ^~~\n"
                + "      = help: YAML reads this word as true or false; put it in quotes\n"
        ),
        (
            "expression: [a]",
            "f.yaml:1:13: error: regex: 'expression' takes a regular expression, not a list\n"
                + "    1 | expression: [a]\n      |             ^\n"
        ),
        (
            "expression: a\nmax_wait: 10",
            "f.yaml:2:11: error: regex: 'max_wait' takes a duration such as 10s, 250ms or 1h30m, not a number\n"
                + "    2 | max_wait: 10\n      |           ^~\n      = help: add a unit: 10s\n"
        ),
        (
            "expression: a\nmax_wait: 2d",
            "f.yaml:2:11: error: regex: 'max_wait' takes a duration such as 10s, 250ms or 1h30m\n"
                + "    2 | max_wait: 2d\n      |           ^~\n      = help: days are no unit here: write 48h\n"
        ),
        (
            "expression: a\nlimit: '5'",
            "f.yaml:2:8: error: regex: 'limit' takes a whole number\n    2 | limit: '5'\n      |        ^~~\n"
                + "      = help: leave out the quotes\n"
        ),
        (
            "expression: a\nEXPRESSION: b",
            "f.yaml:2:1: error: regex: 'expression' is given twice\n    2 | EXPRESSION: b\n      | ^~~~~~~~~~\n"
        ),
        (
            "expression: a\nmap: {n: x}",
            "f.yaml:2:7: error: regex: 'map' has a Boolean as a name\n    2 | map: {n: x}\n      |       ^\n"
                + "      = help: YAML reads n as a Boolean; put it in quotes\n"
        ),
        (
            "[a]",
            "f.yaml:1:1: error: regex: takes a mapping of options, not a list\n    1 | [a]\n      | ^\n"
        ),
    ])
    func mistakesAreShownWhole(_ text: String, _ rendered: String) throws {
        #expect(try Self.read(text).rendered == rendered)
    }

    @Test func unknownOptionsCanBeErrors() throws {
        let rendered = try Self.read("expression: x\nzzz: y", unknown: .error).rendered
        #expect(
            rendered == "f.yaml:2:1: error: regex: unknown option 'zzz'\n    2 | zzz: y\n      | ^~~\n"
        )
    }

    @Test func aMistakePointsIntoTheValue() throws {
        let options = try Self.read(#"expression: 'pwd=(\S+'"#).options
        let whole = options.mistake("expression", "does not compile: missing ')'", help: "close the group")
        #expect(whole.position == YAMLPosition(line: 1, column: 13))
        #expect(whole.length == 10)
        #expect(whole.message == "regex: 'expression' does not compile: missing ')'")
        let inside = options.mistake("expression", "x", offset: 4)
        #expect(inside.position == YAMLPosition(line: 1, column: 18))
        #expect(inside.length == 1)
        let absent = options.mistake("source", "is needed here")
        #expect(absent.position == .start)
    }
}
