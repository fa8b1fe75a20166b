import Configuration
import Entries

/// Makes an extracted value the line.
///
/// A value that is missing or nil leaves the line as it is; an empty text makes an empty line.
struct OutputStage: Stage {
    static let spec = StageSpec(
        name: "output",
        summary: "Makes an extracted value the line.",
        options: [.required("source", .string, "Extracted value that becomes the line.")],
        examples: [
            StageExample(
                "- json: {expressions: {msg: }}\n- output: {source: msg}",
                input: [#"{"msg":"started","pid":7}"#],
                output: ["started"]
            )
        ]
    )

    private let source: Slot

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        source = try options.requiredSlot(compiler)
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        if let text = entry.text(source) { entry.replaceLine(with: text) }
        return .keep
    }
}
