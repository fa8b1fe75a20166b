import Configuration
import Entries
import Languages

/// Takes entries that a selector chooses through stages of their own, or drops them.
///
/// Entries that it does not choose pass by the block. Unlike in Promtail they never overtake others: an entry leaves
/// the block before the next one comes. At the start of the block all labels are copied into the extracted map.
struct MatchStage: Stage {
    static let spec = StageSpec(
        name: "match",
        summary: "Takes entries that a selector chooses through stages of their own, or drops them.",
        options: [
            .required(
                "selector",
                .selector,
                #"Label matchers and line filters such as {app="web", env=~"p.+"} |= "error" !~ "\\d", in double quotes."#
            ),
            .optional("stages", .stages, "Stages for these entries."),
            .optional("action", .string, default: "keep", "keep: take them through the stages; drop: drop them."),
            .optional("pipeline_name", .string, "A name for the reader; has no effect."),
            .optional("drop_counter_reason", .string, default: "match_stage", "Reason by which the drops are counted."),
        ],
        examples: [
            StageExample(
                #"""
                - match:
                    selector: '{job="web"} |= "level="'
                    stages:
                      - logfmt: {mapping: {level: }}
                      - labels: {level: }
                """#,
                labels: ["job": "web"],
                input: ["level=warn", "plain"],
                output: [#"{job="web", level="warn"} level=warn"#, #"{job="web"} plain"#]
            ),
            StageExample(
                #"- match: {selector: '{job="web"} |~ "GET /(health|ready)"', action: drop}"#,
                labels: ["job": "web"],
                input: ["GET /ready 200", "GET /orders 200"],
                output: ["GET /orders 200"]
            ),
        ]
    )

    /// One matcher or line filter of the selector.
    private struct Test: BitwiseCopyable {
        /// Nil for the line.
        let label: LabelSlot?
        /// Where there is no expression: what the label must be, or what must stand in the line.
        let text: Bytes
        let pattern: Unmanaged<RememberedPattern>?
        let isNegated: Bool

        @inline(__always)
        func holds(_ entry: Entry) -> Bool {
            let subject = label.map { entry.label($0) ?? .empty } ?? entry.line
            let isMatch: Bool
            if let pattern {
                isMatch = pattern._withUnsafeGuaranteedRef { $0.matches(subject) }
            } else {
                isMatch = label == nil ? subject.contains(text) : subject == text
            }
            return isMatch != isNegated
        }
    }

    private let tests: StageTable<Test>
    private let labelSets: LabelSets
    /// Nil where the chosen entries go through stages.
    private let reason: DropID?

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        reason = try Self.checkAction(options) ? options.dropID(compiler, usual: "match_stage") : nil
        labelSets = compiler.labelSets
        do { tests = try Self.tests(Selector(options.string("selector") ?? ""), compiler) } catch {
            throw options.mistake("selector", compiling: error)
        }
    }

    /// Whether the chosen entries are dropped.
    private static func checkAction(_ options: Options) throws(Diagnostic) -> Bool {
        if options.string("pipeline_name")?.isEmpty == true {
            throw options.mistake("pipeline_name", "is empty", help: "leave it out")
        }
        let hasStages = options.node("stages")?.items?.isEmpty == false
        switch options.string("action") {
        case "drop":
            if hasStages { throw options.mistake("stages", "have no use with 'action: drop'") }
            return true
        case "keep", "", nil:
            if !hasStages {
                throw options.mistake(
                    "'stages' names no stage",
                    help: "give stages, or 'action: drop' to drop the entries"
                )
            }
            return false
        default: throw options.mistake("action", "is neither 'keep' nor 'drop'")
        }
    }

    private static func tests(
        _ selector: Selector,
        _ compiler: PipelineCompiler
    ) throws(LanguageError) -> StageTable<Test> {
        var list: [Test] = []
        var objects: [AnyObject] = []
        func add(_ label: LabelSlot?, _ operation: Selector.Operation, _ value: [UInt8]) throws(LanguageError) {
            let text = StageText(value)
            let pattern = operation.isRegex ? try expression(value, isWhole: label != nil) : nil
            objects.append(text)
            if let pattern { objects.append(pattern) }
            list.append(
                Test(
                    label: label,
                    text: text.bytes,
                    pattern: pattern.map { Unmanaged.passUnretained($0) },
                    isNegated: operation.isNegated
                )
            )
        }
        for matcher in selector.matchers {
            try add(compiler.labelSlot(matcher.name), matcher.operation, matcher.value)
        }
        for filter in selector.filters { try add(nil, filter.operation, filter.text) }
        return StageTable(list, keeping: objects)
    }

    private static func expression(
        _ value: [UInt8],
        isWhole: Bool
    ) throws(LanguageError) -> RememberedPattern {
        let text = String(decoding: value, as: UTF8.self)
        do { return RememberedPattern(isWhole ? try .anchored(text) : try Pattern(text)) } catch {
            // The selector has the text in quotes, escapes and all: its offset there is not known.
            throw LanguageError("'\(text)': \(error.message)", help: error.help)
        }
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        guard isChosen(entry) else { return reason == nil ? .skip : .keep }
        if let reason { return .drop(reason) }
        labelSets.copyLabels(into: &entry)
        return .keep
    }

    private func isChosen(_ entry: Entry) -> Bool {
        for test in tests.items where !test.holds(entry) { return false }
        return true
    }
}

extension Selector.Operation {
    var isNegated: Bool { self == .notEqual || self == .notRegex }
    var isRegex: Bool { self == .regex || self == .notRegex }
}
