import Testing

@testable import Configuration

struct EnvironmentExpansionTests {
    static let environment = [
        "NAME": "value", "EMPTY": "", "PORT": "9080", "PATH_": "/var/log/app.log", "mixed": "hELLO wORLD",
        "É": "accent",
    ]

    static func expand(_ text: String) -> (text: String?, mistakes: Diagnostics, source: YAMLSource?) {
        var diagnostics = Diagnostics(file: "f")
        let source = EnvironmentExpansion.expand(
            text,
            file: "f",
            environment: { environment[$0] },
            into: &diagnostics
        )
        let expanded = source.map { source in
            var view = String.UnicodeScalarView()
            view.append(contentsOf: source.scalars)
            return String(view)
        }
        return (expanded, diagnostics, source)
    }

    @Test(arguments: [
        ("a ${NAME} b", "a value b"), ("${UNSET}", ""), ("${UNSET:-word}", "word"), ("${EMPTY:-word}", "word"),
        ("${NAME:-word}", "value"), ("${UNSET:=w}", "w"), ("${UNSET=w}", "w"), ("${UNSET:?w}", "w"),
        ("${UNSET:+w}", "w"), ("${NAME:+w}", "value"), ("${UNSET:-a ${NAME} c}", "a value c"),
        ("${UNSET:-${EMPTY:-${PORT}}}", "9080"), ("$NAME $1 $", "$NAME $1 $"), ("$$", "$"), ("$${NAME}", "${NAME}"),
        ("\\\\d \\/ \\d", "\\d / \\d"), ("${PORT:9080}", ""), ("${NAME:word}", "value"), ("${NAME:1}", "alue"),
        ("${NAME:1:2}", "al"), ("${NAME:-2}", "value"), ("${NAME: -2}", "value"), ("${#NAME}", "5"),
        ("${mixed^}", "HELLO wORLD"), ("${mixed^^}", "HELLO WORLD"), ("${mixed,}", "hELLO wORLD"),
        ("${mixed,,}", "hello world"), ("${PATH_#*/}", "var/log/app.log"), ("${PATH_##*/}", "app.log"),
        ("${PATH_%.*}", "/var/log/app"), ("${PATH_%%/*}", ""), ("${PATH_/log/LOG}", "/var/LOG/app.log"),
        ("${PATH_//log/LOG}", "/var/LOG/app.LOG"), ("${PATH_/#\\/var/x}", "x/log/app.log"),
        ("${PATH_/%.log/.txt}", "/var/log/app.txt"), ("${É}", "accent"), ("${1}", ""), ("a\0b", "a"), ("", ""),
    ])
    func expands(_ text: String, _ expected: String) {
        let result = Self.expand(text)
        #expect(result.text == expected)
        #expect(!result.mistakes.hasErrors)
    }

    @Test(arguments: ["${}", "${", "${NAME", "${NAME-word}", "${NAME:}", "${NAME:-", "${#NAME", "${-}", "x ${NAME!}"])
    func malformedReferencesAreMistakes(_ text: String) {
        let result = Self.expand(text)
        #expect(result.text == nil)
        #expect(result.mistakes.hasErrors)
    }

    @Test func deepNestingIsRefused() {
        let text = String(repeating: "${A:-", count: 1000) + String(repeating: "}", count: 1000)
        #expect(Self.expand(text).mistakes.hasErrors)
    }

    @Test func likelyMisunderstandingsAreWarnings() {
        #expect(
            Self.expand("${1}").mistakes.render(source: "") == """
                f:1:1: warning: '${1}' is an environment variable here, and it is not set
                      = help: write $1 or $${1}

                """
        )
        #expect(Self.expand("${UNSET:info}").mistakes.summary == "1 warning")
    }

    @Test func positionsMeanTheFileAsWritten() throws {
        let text = "a: ${NAME}${UNSET}\nb: ${UNSET:-x y}z # ${NAME}\nc: [$$1, q]\n"
        let source = try #require(Self.expand(text).source)
        var diagnostics = Diagnostics(file: "f")
        let root = try #require(YAMLParser.parse(source, into: &diagnostics))
        #expect(root["a"]?.scalar?.text == "value")
        #expect(root["a"]?.position == YAMLPosition(line: 1, column: 4))
        #expect(root["b"]?.scalar?.text == "x yz")
        #expect(root["b"]?.position == YAMLPosition(line: 2, column: 4))
        #expect(root["c"]?.items?.last?.position == YAMLPosition(line: 3, column: 10))
    }
}
