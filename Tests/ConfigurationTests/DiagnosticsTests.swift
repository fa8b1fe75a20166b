import Testing

@testable import Configuration

struct DiagnosticsTests {
    @Test func rendersAsInAnEditor() {
        let source = String(repeating: "\n", count: 11) + #"            expression: 'pwd=(\S+'"#
        var diagnostics = Diagnostics(file: "agent.yaml")
        diagnostics.add(
            Diagnostic(
                .warning,
                file: "agent.yaml",
                position: YAMLPosition(line: 19, column: 13),
                message: "drop: no effect"
            )
        )
        diagnostics.add(
            Diagnostic(
                file: "agent.yaml",
                position: YAMLPosition(line: 12, column: 25),
                length: 10,
                message: "redact: 'expression' does not compile: missing ')'",
                help: #"close the group, or write '\(' for a literal parenthesis"#
            )
        )
        #expect(
            diagnostics.render(source: source) == #"""
                agent.yaml:12:25: error: redact: 'expression' does not compile: missing ')'
                   12 |             expression: 'pwd=(\S+'
                      |                         ^~~~~~~~~~
                      = help: close the group, or write '\(' for a literal parenthesis
                agent.yaml:19:13: warning: drop: no effect

                """#
        )
        #expect(diagnostics.summary == "1 error, 1 warning")
        #expect(diagnostics.hasErrors)
    }

    @Test func mistakesComeInFileOrderAndOnce() {
        var diagnostics = Diagnostics(file: "f")
        for line in [3, 1, 2, 1] {
            diagnostics.add(
                Diagnostic(file: "f", position: YAMLPosition(line: line, column: 1), message: "m\(line)")
            )
        }
        diagnostics.add(Diagnostic(file: "f", position: nil, message: "no place"))
        #expect(diagnostics.all.map(\.message) == ["no place", "m1", "m2", "m3"])
        #expect(diagnostics.summary == "4 errors")
        #expect(Diagnostics(file: "f").summary == "no mistakes")
    }

    @Test(arguments: [
        "password: canary", "  - {username: a, password: canary}", "bearer_token: \"canary", "'password' : canary",
        "url: http://canary@host/", "url: http://a:canary@host/x", "Authorization: Basic\n  credentials: canary",
        "headers:\n  X-Key: canary", "headers: {X-Key: canary}", "password: |\n  canary",
        "http_headers:\n  X:\n    values:\n      - canary", "tls_config:\n  key: canary", "client_secret: canary",
        "proxy_connect_header:\n  a: [canary]", "proxy_url: http://u:canary@h",
    ])
    func whatMayBeSecretIsNotShown(_ source: String) {
        var diagnostics = Diagnostics(file: "f")
        let lines = source.split(separator: "\n").count
        for line in 1...lines {
            for column in [1, 5, 40] {
                diagnostics.add(
                    Diagnostic(file: "f", position: YAMLPosition(line: line, column: column), length: 9, message: "m")
                )
            }
        }
        let rendered = diagnostics.render(source: source)
        #expect(!rendered.contains("canary"), "\(rendered)")
        #expect(rendered.contains("<hidden>"), "\(rendered)")
    }

    @Test func placesOutsideOfTheFileAreHarmless() {
        for (line, column, length) in [(0, 0, 0), (1, 99, 5), (9, 1, 1), (1, 2, .max)] {
            var diagnostics = Diagnostics(file: "f")
            diagnostics.add(
                Diagnostic(file: "f", position: YAMLPosition(line: line, column: column), length: length, message: "m")
            )
            #expect(diagnostics.render(source: "abc").hasPrefix("f:\(line):\(column): error: m\n"))
        }
    }

    @Test func secretsDoNotShowThemselves() {
        let secret = Secret("canary")
        #expect("\(secret)" == "<secret>")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!dumped.contains("canary"))
        #expect(!String(reflecting: secret).contains("canary"))
        #expect(secret.revealed == "canary")
        let url = PushURL("https://user:canary@host:3100/loki/api/v1/push?token=canary")
        #expect(url?.description == "https://********@host:3100/loki/api/v1/push")
    }
}

extension DiagnosticsTests {
    @Test func aFloodOfMistakesIsCountedAndCut() {
        let text = (0..<5_000).map { "k\($0): 1\n" }.joined()
        let loaded = AgentConfiguration.load(text: text, file: "f", environment: { _ in nil })
        #expect(loaded.diagnostics.summary == "5001 errors")
        #expect(loaded.diagnostics.all.count == 200)
        #expect(loaded.diagnostics.render(source: text).hasSuffix("f: and 4801 more\n"))
    }

    @Test func optionsDoNotShowTheirValues() throws {
        let options = try OptionsTests.read("expression: canary").options
        var dumped = "\(options)"
        dump(options, to: &dumped)
        #expect(!dumped.contains("canary"))
    }
}
