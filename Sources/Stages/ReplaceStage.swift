import Configuration
import Entries
import Languages

/// Replaces what the groups of a regular expression capture.
///
/// Every group of every match gives way to the template's result, whose `.Value` is the captured text; text outside the
/// groups stays, and an expression without groups changes nothing. Of nested groups the outer one is replaced. The
/// named groups of the first match are then in the extracted map, with their replaced texts. All of it as in Promtail.
struct ReplaceStage: Stage {
    static let spec = StageSpec(
        name: "replace",
        summary: "Replaces what the groups of a regular expression capture.",
        options: [
            .required("expression", .pattern, "RE2 syntax; what its groups capture is replaced."),
            .optional("source", .string, "Extracted value to change instead of the line."),
            .optional("replace", .template, default: "", "Go template; .Value is the captured text."),
        ],
        examples: [
            StageExample(
                "- replace: {expression: 'user=(\\S+)', replace: '***'}",
                input: ["user=ann x user=bob"],
                output: ["user=*** x user=***"]
            )
        ]
    )

    /// What stands in for a captured text.
    private enum Replacement {
        case constant([UInt8])
        case template(GoTemplate, TemplateSlots)
    }

    private let pattern: Pattern
    private let source: Slot?
    /// Nil when the template does not parse: then the stage never changes anything, as in Promtail.
    private let replacement: Replacement?
    private let groups: [(index: Int, slot: Slot)]

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        guard let pattern = try options.pattern("expression") else {
            throw options.mistake("expression", "is missing")
        }
        self.pattern = pattern
        source = try options.sourceSlot(compiler)
        replacement = Self.replacement(options, compiler)
        groups = pattern.groupNames.map { ($0.index, compiler.slot($0.name)) }
        for group in pattern.groupNames { compiler.origins.add(group.name, from: options.sourceNames) }
        if pattern.groupCount == 0 {
            compiler.diagnostics.add(
                options.mistake("expression", "has no groups, so nothing is ever replaced").asWarning)
        }
    }

    private static func replacement(_ options: Options, _ compiler: PipelineCompiler) -> Replacement? {
        let text = options.string("replace") ?? ""
        if !text.contains("{{") { return .constant(Array(text.utf8)) }
        do throws(LanguageError) {
            let template = try GoTemplate(text, rootMap: .text)
            return .template(template, TemplateSlots(template, own: ["Value"], compiler))
        } catch {
            compiler.diagnostics.add(options.mistake("replace", compiling: error).asWarning)
            return nil
        }
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        guard let replacement else { return .keep }
        var text = entry.line
        if let source {
            guard let value = entry.text(source) else { return .keep }
            text = value
        }
        guard pattern.firstMatch(in: text, from: 0) else { return .keep }
        let captures = groups.map { pattern.captureRange($0.index).map { text[$0] } ?? .empty }
        var work = Work(text)
        do throws(TemplateError) {
            try pattern.forEachMatch(in: text) { _ throws(TemplateError) in
                try work.replaceGroups(of: pattern) { captured throws(TemplateError) in
                    try Self.result(replacement, captured, entry)
                }
                return true
            }
        } catch {
            // One capture for which the template fails, and the entry stays as it is.
            return .keep
        }
        let changed = entry.arena.copy(work.finish())
        if let source { entry[source] = .string(changed) } else { entry.replaceLine(with: changed) }
        for (group, capture) in zip(groups, captures) {
            guard let replaced = work.results[capture.array] else { continue }
            entry[group.slot] = .string(entry.arena.copy(replaced))
        }
        return .keep
    }

    private static func result(
        _ replacement: Replacement, _ captured: Bytes, _ entry: Entry
    ) throws(TemplateError) -> [UInt8] {
        switch replacement {
        case .constant(let text): return text
        case .template(let template, let slots):
            return try template.execute(ExtractedData(entry: entry, slots: slots, own: [("Value", captured.array)]))
        }
    }

    /// The text that is being put together.
    private struct Work {
        private let text: Bytes
        private var output: [UInt8] = []
        private var copied = 0
        /// What each captured text was replaced by; the latest where a template tells equal ones apart.
        private(set) var results: [[UInt8]: [UInt8]] = [:]

        init(_ text: Bytes) { self.text = text }

        /// Replaces the groups of the match that `pattern` has found last.
        mutating func replaceGroups(
            of pattern: Pattern, by result: (Bytes) throws(TemplateError) -> [UInt8]
        ) throws(TemplateError) {
            for group in 1..<(pattern.groupCount + 1) {
                guard let range = pattern.captureRange(group) else { continue }
                let replaced = try result(text[range])
                if copied == 0 || copied <= range.lowerBound {
                    append(copied..<max(range.lowerBound, copied))
                    output += replaced
                    copied = range.upperBound
                }
                results[text[range].array] = replaced
            }
        }

        /// The whole text, once all matches are through.
        mutating func finish() -> [UInt8] {
            append(copied..<text.count)
            copied = text.count
            return output
        }

        private mutating func append(_ range: Range<Int>) {
            output.append(contentsOf: UnsafeBufferPointer(start: text.start + range.lowerBound, count: range.count))
        }
    }
}
