import Testing

@testable import Stages

struct TenantStageTests {
    private static let json = "- json: {expressions: {customer: }}\n"

    @Test(arguments: [
        StageCase(
            "from an extracted text",
            json + "- tenant: {source: customer}",
            #"{"customer":"acme"}"#,
            expect: "acme"
        ),
        StageCase("from an extracted number", json + "- tenant: {source: customer}", #"{"customer":7}"#, expect: "7"),
        StageCase("from a label", "- tenant: {label: area}", labels: ["area": "west"], "x", expect: "west"),
        StageCase("fixed", "- tenant: {value: acme}", "x", expect: "acme"),
        StageCase(
            "not changed by an empty text",
            "- tenant: {value: old}\n" + json + "- tenant: {source: customer}",
            #"{"customer":""}"#,
            expect: "old"
        ),
        StageCase(
            "not changed by nil",
            "- tenant: {value: old}\n" + json + "- tenant: {source: customer}",
            #"{"customer":null}"#,
            expect: "old"
        ),
        StageCase(
            "not changed by a label that is missing",
            "- tenant: {value: old}\n- tenant: {label: area}",
            "x",
            expect: "old"
        ),
        StageCase("none", "- tenant: {label: area}", "x", expect: nil),
        StageCase(
            "empty options do not count",
            "- tenant: {value: acme, source: '', label: ''}",
            "x",
            expect: "acme"
        ),
    ])
    func tenant(_ row: StageCase<String?>) throws {
        #expect(try row.outputs().map { $0.labels["__tenant_id__"] } == [row.expected])
    }

    @Test(arguments: [
        MistakeCase("- tenant:", "tenant: needs one of 'source', 'label' or 'value'"),
        MistakeCase("- tenant: {value: ''}", "tenant: needs one of 'source', 'label' or 'value'"),
        MistakeCase("- tenant: {value: a, label: b}", "tenant: 'value' is given together with 'label'"),
        MistakeCase("- tenant: {value: a, source: b}", "tenant: 'value' is given together with 'source'"),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
