/// The options of one stage or section as the user wrote them, each value with its place.
///
/// Made once from the declarations; every mistake is reported then, and accessors give nil for what was wrong.
package struct Options: Sendable {
    /// What to make of options that are not declared.
    package enum UnknownOptions: Sendable {
        case warning, error
    }

    /// The name of the stage or section, as messages begin with it.
    package let subject: String
    /// Where the stage or section stands: used for options that are not given.
    package let position: YAMLPosition
    package let file: String
    private let body: YAMLNode?
    private let decoder: OptionDecoder
    private(set) var nodes: [String: YAMLNode] = [:]
    private(set) var values: [String: OptionValue] = [:]

    /// Reads the options of a stage from `node`, its body; unknown, missing and wrong ones go to `diagnostics`.
    ///
    /// A spec with an empty name takes the whole body. `isWeak` lets scalars convert to each other.
    package init(
        _ node: YAMLNode?,
        stage: String,
        position: YAMLPosition,
        specs: [OptionSpec],
        unknownOptions: UnknownOptions,
        isWeak: Bool,
        diagnostics: inout Diagnostics
    ) {
        self.init(
            node,
            subject: stage,
            position: position,
            specs: specs,
            unknownOptions: unknownOptions,
            rules: isWeak ? .weak : .strong,
            diagnostics: &diagnostics
        )
    }

    /// Reads a section outside of the stages: case counts, and unknown keys are errors.
    init(
        section node: YAMLNode?,
        _ name: String,
        position: YAMLPosition? = nil,
        specs: [OptionSpec],
        diagnostics: inout Diagnostics
    ) {
        self.init(
            node,
            subject: name,
            position: position ?? node?.position ?? .start,
            specs: specs,
            unknownOptions: .error,
            rules: .section,
            diagnostics: &diagnostics
        )
    }

    private init(
        _ node: YAMLNode?,
        subject: String,
        position: YAMLPosition,
        specs: [OptionSpec],
        unknownOptions: UnknownOptions,
        rules: OptionRules,
        diagnostics: inout Diagnostics
    ) {
        self.subject = subject
        self.position = position
        file = diagnostics.file
        body = node
        decoder = OptionDecoder(subject: subject, rules: rules)
        if let whole = specs.first(where: \.name.isEmpty) {
            if let node, !node.isNull { nodes[""] = node }
            take(whole, into: &diagnostics)
        } else {
            collect(specs, unknownOptions, into: &diagnostics)
            for spec in specs { take(spec, into: &diagnostics) }
        }
    }

    /// Whether the body can hold options; otherwise that is the mistake to report, not what is missing.
    var isReadable: Bool { body?.pairs != nil || body?.isNull ?? true }

    /// How much to underline for a mistake of the whole: a stage's name stands at its position, a section's does not.
    var subjectLength: Int { decoder.rules == .section ? 1 : max(1, subject.unicodeScalars.count) }

    func title(_ name: String) -> String { decoder.title(name) }

    private mutating func collect(
        _ specs: [OptionSpec],
        _ unknownOptions: UnknownOptions,
        into diagnostics: inout Diagnostics
    ) {
        guard let body, !body.isNull else { return }
        guard let pairs = body.pairs else {
            let whose = subject.isEmpty ? "a configuration is" : "\(subject): takes"
            diagnostics.add(Diagnostic(at: body, "\(whose) a mapping of options, not \(body.kindName)"))
            return
        }
        for pair in pairs {
            guard let text = pair.key.scalar?.text else { continue }
            guard let spec = spec(named: text, in: specs) else {
                diagnostics.add(unknown(pair.key, text, specs, unknownOptions))
                continue
            }
            if nodes[spec.name] != nil {
                diagnostics.add(Diagnostic(at: pair.key, "\(decoder.title(spec.name)) is given twice"))
            } else if !pair.value.isNull || spec.kind == .node {
                nodes[spec.name] = pair.value
            }
        }
    }

    private func spec(named text: String, in specs: [OptionSpec]) -> OptionSpec? {
        if let exact = specs.first(where: { $0.name == text }) { return exact }
        guard decoder.rules.ignoresCase else { return nil }
        let lowered = text.lowercased()
        return specs.first { $0.name.lowercased() == lowered }
    }

    private func unknown(
        _ key: YAMLNode,
        _ text: String,
        _ specs: [OptionSpec],
        _ unknownOptions: UnknownOptions
    ) -> Diagnostic {
        let whose = subject.isEmpty ? "" : "\(subject): "
        let effect = unknownOptions == .warning ? " has no effect" : ""
        let question = Suggestion.question(text, among: specs.map(\.name))
        return Diagnostic(
            unknownOptions == .warning ? .warning : .error,
            at: key,
            "\(whose)unknown option '\(text)'\(effect)\(question)"
        )
    }

    private mutating func take(_ spec: OptionSpec, into diagnostics: inout Diagnostics) {
        if let node = nodes[spec.name] {
            values[spec.name] = decoder.decode(node, as: spec, into: &diagnostics)
        } else if spec.isRequired {
            // A body that is no mapping has been reported; what it lacks says nothing more.
            guard isReadable || spec.name.isEmpty else { return }
            let message =
                spec.name.isEmpty ? "\(subject): needs \(spec.kind.name)" : "\(decoder.title(spec.name)) is missing"
            diagnostics.add(
                Diagnostic(
                    file: file,
                    position: position,
                    length: subjectLength,
                    message: message,
                    help: spec.help
                )
            )
        } else if let text = spec.defaultText {
            values[spec.name] = Self.defaultValue(text, spec.kind)
        }
    }

    private static func defaultValue(_ text: String, _ kind: OptionKind) -> OptionValue? {
        switch kind {
        case .string, .pattern, .template, .jmespath, .selector, .secret: .text(text)
        case .bool: GoBool.parse(text).map(OptionValue.bool)
        case .integer: Int(text).map(OptionValue.integer)
        case .number: Double(text).map(OptionValue.number)
        case .duration: GoDuration.parse(text).map(OptionValue.duration)
        case .prometheusDuration: PrometheusDuration.parse(text).map(OptionValue.duration)
        case .byteSize: ByteSize.parse(text).map(OptionValue.integer)
        case .stringList, .stringOrList: .strings(text.split(separator: ",").map(String.init))
        case .numberList: .numbers(text.split(separator: ",").compactMap { Double(trimmed($0)) })
        case .stringMap, .labels, .stages, .node, .mapping, .mappings: nil
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        text.drop { $0 == " " }
    }
}

/// Shows the name only: values may be secret.
extension Options: CustomStringConvertible, CustomReflectable {
    package var description: String { "options of \(subject)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
