import Configuration
import Entries
import Languages

/// Chooses the tenant that an entry is sent for.
///
/// It stands in the label `__tenant_id__`, which later stages see and which is not sent. A source that is missing or
/// empty leaves the tenant as it was.
struct TenantStage: Stage {
    static let spec = StageSpec(
        name: "tenant",
        summary: "Chooses the tenant that an entry is sent for.",
        options: [
            .optional("source", .string, "Extracted value that names the tenant."),
            .optional("label", .string, "Label that names the tenant."),
            .optional("value", .string, "The tenant itself."),
        ],
        examples: [
            StageExample(
                """
                - json: {expressions: {customer: }}
                - tenant: {source: customer}
                - match: {selector: '{__tenant_id__="acme"}', stages: [static_labels: {tier: gold}]}
                """,
                input: [#"{"customer":"acme"}"#],
                output: [#"{tier="gold"} {"customer":"acme"}"#]
            )
        ]
    )

    private enum Origin: BitwiseCopyable {
        case source(Slot)
        case label(LabelSlot)
        case value(Bytes)
    }

    private let origin: Origin
    private let fixed: StageText
    private let tenant: LabelSlot

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        let given = ["label", "source", "value"].compactMap { name in
            options.string(name).flatMap { $0.isEmpty ? nil : (name: name, text: $0) }
        }
        guard let first = given.first else {
            throw options.mistake("needs one of 'source', 'label' or 'value'")
        }
        guard given.count == 1 else {
            throw options.mistake(
                given[1].name,
                "is given together with '\(first.name)'",
                help: "leave one of them out"
            )
        }
        fixed = StageText(first.text)
        switch first.name {
        case "label": origin = .label(compiler.labelSlot(first.text))
        case "source": origin = .source(compiler.slot(first.text))
        default: origin = .value(fixed.bytes)
        }
        tenant = compiler.labelSlot(StreamText.tenantLabel)
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        let text: Bytes? =
            switch origin {
            case .source(let slot): entry.text(slot)
            case .label(let slot): entry.label(slot)
            case .value(let text): text
            }
        if let text, !text.isEmpty { entry.setLabel(tenant, to: text) }
        return .keep
    }
}
