import Configuration
import Entries
import Languages

/// Sets an extracted value to what a Go template makes of the others.
///
/// In the template `.name` is the text of an extracted value, `.Value` that of the source and `.Entry` the line; names
/// whose value is missing or nil print `<no value>`. An empty result removes the value. Where the template fails, such
/// as when a missing value is handed to a function, nothing changes.
struct TemplateStage: Stage {
    static let spec = StageSpec(
        name: "template",
        summary: "Sets an extracted value to what a Go template makes of the others.",
        options: [
            .required("source", .string, "Extracted value to set; it need not exist."),
            .optional(
                "template",
                .template,
                default: "",
                "Go template, with Promtail's functions and sprig's: '{{ .Value | ToLower }}'."
            ),
        ],
        examples: [
            StageExample(
                """
                - json: {expressions: {level: , service: }}
                - template: {source: level, template: '{{ ToLower .Value }}'}
                - template: {source: text, template: '[{{ .service }}] {{ if eq .level "warn" }}!{{ end }}'}
                - labels: {level: }
                - output: {source: text}
                """,
                input: [#"{"level":"WARN","service":"api"}"#],
                output: [#"{level="warn"} [api] !"#]
            )
        ]
    )

    private let source: Slot
    private let template: EntryTemplate

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        source = try options.requiredSlot(compiler)
        do {
            template = try EntryTemplate(options.string("template") ?? "", rootMap: .any, hasLine: true, compiler)
        } catch { throw options.mistake("template", compiling: error) }
        compiler.origins.add(options.string("source") ?? "", from: template.fieldNames)
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        if let constant = template.constant {
            entry[source] = constant.bytes.isEmpty ? .absent : .string(constant.bytes)
        } else if let text = template.text(entry, value: entry.text(source)) {
            entry[source] = text.isEmpty ? .absent : .string(entry.arena.copy(text))
        }
        return .keep
    }
}
