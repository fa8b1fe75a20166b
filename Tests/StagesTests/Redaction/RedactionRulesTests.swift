import Entries
import Testing

@testable import Stages

struct RedactionRulesTests {
    private let rules = RedactionRules(keys: RedactionRules.defaultKeys, allow: ["tokens_total", "Max-Tokens"])

    private func names(_ key: String) -> Bool { Bytes.with(Array(key.utf8)) { rules.names($0) } }

    @Test(arguments: [
        "password", "PASSWORD", "userPassword", "pass_word", "pass.word", "p-a-s-s-w-o-r-d", "apikey", "api_key",
        "API-Key",
        "x.api.key.y", "token", "tokens", "access_token", "clientSecret", "authorization", "Proxy-Authorization",
        "tokens_total2", "_secret_", "über_token",
    ])
    func secret(_ key: String) { #expect(names(key)) }

    @Test(arguments: [
        "", "user", "pass", "word", "key", "api", "ke", "tokens_total", "tokensTotal", "TOKENS-TOTAL", "max_tokens",
        "maxTokens", "to:ken", "pass/word", "tökens", "secre", "ecret",
    ])
    func harmless(_ key: String) { #expect(!names(key)) }

    @Test(arguments: [
        ("API", "key", true), ("the.api", "Keys", true), ("api", "k_ey", true), ("api", "token", false),
        ("ap", "ikey", false),
        ("pass", "word", false),
        ("the", "key", false), ("", "key", false),
    ])
    func twoWords(_ first: String, _ second: String, _ isSecret: Bool) {
        let found = Bytes.with(Array(first.utf8)) { first in
            Bytes.with(Array(second.utf8)) { rules.names(first, $0) }
        }
        #expect(found == isSecret)
    }
}
