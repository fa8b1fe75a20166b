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
}
