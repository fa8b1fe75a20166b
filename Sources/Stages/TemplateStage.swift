import Configuration
import Entries
import Languages

/// Sets an extracted value to what a template gives.
///
/// An empty result removes the name; a template that fails on an entry (`ToLower` of a missing name, say) changes
/// nothing. Both as in Promtail.
struct TemplateStage: Stage {
    static let spec = StageSpec(
        name: "template",
        summary: "Sets an extracted value to what a template gives.",
        options: [
            .required("source", .string, "Extracted value to set; made when it does not exist."),
            .optional(
                "template",
                .template,
                "Go template over the extracted values; .Value is the source's text, .Entry the line."
            ),
        ],
        examples: [
            StageExample(
                "- logfmt: {mapping: {level: }}\n- template: {source: level, template: '{{ ToLower .Value }}'}\n"
                    + "- labels: {level: }",
                input: ["level=WARN msg=slow"],
                output: [#"{level="warn"} level=WARN msg=slow"#]
            )
        ]
    )

    private let source: Slot
    private let template: GoTemplate
    private let slots: TemplateSlots
    private static let own: Set = ["Value", "Entry"]

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        source = try options.requiredSlot(compiler)
        do throws(LanguageError) {
            template = try GoTemplate(options.string("template") ?? "")
        } catch {
            throw options.mistake("template", compiling: error)
        }
        slots = TemplateSlots(template, own: Self.own, compiler)
        compiler.origins.add(options.string("source") ?? "", from: template.fieldNames)
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        let data = ExtractedData(
            entry: entry,
            slots: slots,
            own: [("Value", entry.text(source)?.array), ("Entry", entry.line.array)]
        )
        // An execution that fails leaves the entry as it is; the reason may hold log text, so it goes nowhere.
        guard let result = try? template.execute(data) else { return .keep }
        entry[source] = result.isEmpty ? .absent : .string(entry.arena.copy(result))
        return .keep
    }
}
