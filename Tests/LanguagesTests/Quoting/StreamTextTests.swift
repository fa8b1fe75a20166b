import Testing

@testable import Languages

struct StreamTextTests {
    private func render(_ labels: [(String, String)]) -> String {
        let text = StreamText.render(labels.map { (name: $0.0, value: Array($0.1.utf8)) })
        return String(decoding: text, as: UTF8.self)
    }

    @Test func labelsAreSortedBytewiseAndQuoted() {
        #expect(
            render([("job", "a\"b"), ("B", ""), ("app", "é"), ("é", "1")]) == #"{B="", app="é", job="a\"b", é="1"}"#
        )
    }

    @Test func theTenantIsLeftOut() {
        #expect(render([("__tenant_id__", "t"), ("__x__", "1")]) == #"{__x__="1"}"#)
        #expect(render([("__tenant_id__", "t")]) == "{}")
        #expect(render([]) == "{}")
    }
}
