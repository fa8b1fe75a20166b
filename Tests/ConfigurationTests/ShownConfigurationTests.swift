import Testing

@testable import Configuration

struct ShownConfigurationTests {
    private func shown(_ text: String) -> String {
        var diagnostics = Diagnostics(file: "a.yaml")
        return ShownConfiguration(YAMLParser.parse(YAMLSource(text, file: "a.yaml"), into: &diagnostics)).text
    }

    @Test func theTreeComesBackAsItIs() throws {
        let text = """
            a: 1
            b: {c: [x, "y z"], d: {}}
            e:
              - f: 'it''s'
                g: "tab\\t\\u0001"
              - - deep
                - []
            h:
            "i: j": |
              two
              lines
            """
        var diagnostics = Diagnostics(file: "a.yaml")
        let tree = try #require(YAMLParser.parse(YAMLSource(text, file: "a.yaml"), into: &diagnostics))
        let again = ShownConfiguration(tree).text
        let other = try #require(YAMLParser.parse(YAMLSource(again, file: "b.yaml"), into: &diagnostics))
        #expect(diagnostics.isEmpty)
        #expect(ShownConfiguration(other).text == again)
        #expect(again.contains("  - f: \"it's\"\n    g: \"tab\\t\\u0001\"\n  - - deep\n    - []\n"), "\(again)")
        #expect(again.contains("\"i: j\": \"two\\nlines"))
        #expect(again.contains("\nh:\n"))
    }

    /// Every kind of place in which a configuration holds a secret.
    @Test func noSecretIsShown() {
        let text = shown(
            """
            clients:
              - url: http://user:hunter2@loki:3100/push
                basic_auth: {username: me, password: hunter2}
                bearer_token: hunter2
                headers: {X-Key: hunter2, "Y": hunter2}
                http_headers: {A: {values: [hunter2], secrets: [hunter2]}}
                oauth2: {client_id: me, client_secret: hunter2, endpoint_params: {p: hunter2}}
                tls_config: {key: hunter2, cert: shown}
                authorization: {credentials: "hunter2"}
                proxy_connect_header: {Z: [hunter2]}
            """
        )
        #expect(!text.contains("hunter2"), "\(text)")
        for part in ["username: me", "client_id: me", "cert: shown", "http://********@loki:3100/push", "<secret>"] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
    }

    @Test func aBombOfAliasesIsCut() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        let result = shown(text)
        #expect(result.utf8.count < 2 << 20)
    }
}
