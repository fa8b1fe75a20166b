import Configuration
import Entries
import Languages

/// Replaces what the groups of a regular expression capture.
///
/// In every match each group gives way to the result of a template, in which `.Value` is what it captured and `.name`
/// an extracted value; text outside of groups stays, so that an expression without groups changes nothing. Of groups
/// inside each other the outer one counts. The named groups of the first match are extracted with their new texts. A
/// template that does not compile is a warning, as Promtail starts with it; the stage then does nothing.
struct ReplaceStage: Stage {
    static let spec = StageSpec(
        name: "replace",
        summary: "Replaces what the groups of a regular expression capture.",
        options: [
            .required(
                "expression",
                .pattern,
                "Regular expression (RE2 syntax) with groups around what is to be replaced."
            ),
            .optional("source", .string, "Extracted value to change instead of the line."),
            .optional(
                "replace",
                .template,
                default: "",
                "Go template for the new text: '***', '{{ .Value | ToUpper }}'."
            ),
        ],
        examples: [
            StageExample(
                #"- replace: {expression: 'card=(\d+)', replace: '****'}"#,
                input: ["card=4111 ok, card=5500 refused"],
                output: ["card=**** ok, card=**** refused"]
            ),
            StageExample(
                #"- replace: {expression: '\[(\w+)\]', replace: '{{ .Value | ToLower }}'}"#,
                input: ["[WARN] disk"],
                output: ["[warn] disk"]
            ),
        ]
    )

    private struct Group: BitwiseCopyable {
        let number: Int
        let slot: Slot
    }

    private let source: Slot?
    private let pattern: Unmanaged<Pattern>
    /// Nil where it does not compile.
    private let template: EntryTemplate?
    private let groupCount: Int
    /// Keeps the pattern too.
    private let namedGroups: StageTable<Group>
    /// The new text while it is made.
    private var output: [UInt8] = []
    /// The new text of each group of the first match.
    private var captured: [Value]

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        source = try options.sourceSlot(compiler)
        let expression = try options.requiredPattern("expression")
        pattern = Unmanaged.passUnretained(expression)
        groupCount = expression.groupCount
        namedGroups = StageTable(
            expression.groupNames.map { Group(number: $0.index, slot: compiler.slot($0.name)) },
            keeping: [expression]
        )
        for group in expression.groupNames { compiler.origins.add(group.name, from: options.sourceNames) }
        captured = Array(repeating: .absent, count: groupCount + 1)
        if groupCount == 0 {
            let problem = options.mistake(
                "expression",
                "has no group, so nothing is replaced",
                help: "put what is to be replaced in parentheses"
            )
            compiler.diagnostics.add(problem.asWarning)
        }
        do {
            template = try EntryTemplate(options.string("replace") ?? "", rootMap: .text, hasLine: false, compiler)
        } catch {
            template = nil
            compiler.diagnostics.add(options.mistake("replace", compiling: error).asWarning)
        }
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        guard let template, groupCount > 0, let text = entry.input(source) else { return .keep }
        guard pattern._withUnsafeGuaranteedRef({ replace(text, template, entry, $0) }) else { return .keep }
        let changed = entry.arena.copy(output)
        if let source { entry[source] = .string(changed) } else { entry.replaceLine(with: changed) }
        for group in namedGroups.items where captured[group.number].isPresent {
            entry[group.slot] = captured[group.number]
        }
        return .keep
    }

    /// Puts the new text into `output`; false when there is no match or the template fails.
    private mutating func replace(
        _ text: Bytes,
        _ template: EntryTemplate,
        _ entry: Entry,
        _ pattern: Pattern
    ) -> Bool {
        output.removeAll(keepingCapacity: true)
        var search = Pattern.Search()
        var copied = 0
        var isFirst = true
        /// What an empty capture was replaced by: groups that took no part count as empty afterwards, as in Promtail.
        var emptyResult = Value.absent
        while pattern.nextMatch(in: text, &search) {
            for group in 1...groupCount {
                guard let range = pattern.captureRange(group) else {
                    if isFirst { captured[group] = .null }
                    continue
                }
                guard let result = result(template, entry, text[range]) else { return false }
                if range.lowerBound >= copied {
                    append(text[copied..<range.lowerBound])
                    append(result)
                    copied = range.upperBound
                }
                if isFirst { captured[group] = .string(result) }
                if range.isEmpty { emptyResult = .string(result) }
            }
            isFirst = false
        }
        if isFirst { return false }
        append(text[copied..<text.count])
        for group in 1...groupCount where captured[group].kind == .null { captured[group] = emptyResult }
        return true
    }

    /// What stands in for one capture; nil when the template fails.
    private func result(_ template: EntryTemplate, _ entry: Entry, _ capture: Bytes) -> Bytes? {
        if let constant = template.constant { return constant.bytes }
        return template.text(entry, value: capture).map { entry.arena.copy($0) }
    }

    private mutating func append(_ bytes: Bytes) {
        output.append(contentsOf: UnsafeBufferPointer(start: bytes.start, count: bytes.count))
    }
}
