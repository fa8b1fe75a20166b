import Testing

@testable import Configuration

struct SuggestionTests {
    @Test(arguments: [
        ("batch_wait", "batchwait"), ("BatchSize", "batchsize"), ("tenat_id", "tenant_id"), ("timeuot", "timeout"),
        ("tenant-id", "tenant_id"), ("ur", "url"), ("zzz", nil), ("", nil), ("x", nil),
    ])
    func findsTheNearestName(_ name: String, _ expected: String?) {
        #expect(Suggestion.nearest(name, among: ["url", "batchwait", "batchsize", "tenant_id", "timeout"]) == expected)
    }

    @Test(arguments: [
        ("listen", "listen_address"), ("tenant", nil), ("list", nil), ("overwrite", "overwrite_existing"),
    ])
    func findsTheOnlyLongerName(_ name: String, _ expected: String?) {
        let names = ["listen_address", "overwrite_existing", "tenant_label", "tenant_source"]
        #expect(Suggestion.nearest(name, among: names) == expected)
    }
}
