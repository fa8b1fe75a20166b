/// One item of `relabel_configs`.
///
/// Its regular expression is still text: who compiles it reports at ``options``.
package struct RelabelRule: Sendable {
    package enum Action: String, Hashable, Sendable, CaseIterable {
        case replace, keep, drop, keepequal, dropequal, hashmod, labelmap, labeldrop, labelkeep, lowercase, uppercase
    }

    package let action: Action
    package let sourceLabels: [String]
    package let separator: String
    /// RE2, to be wrapped as `^(?s:...)$`.
    package let regex: String
    package let modulus: Int
    package let targetLabel: String
    package let replacement: String
    /// The rule as written, for `mistake("regex", ...)`.
    package let options: Options

    private static let specs: [OptionSpec] = [
        .optional("source_labels", .stringList, "Labels whose values are joined."),
        .optional("separator", .string, default: ";", "What joins them."),
        .optional("regex", .string, default: "(.*)", "What the joined value must match, whole."),
        .optional("modulus", .integer, default: "0", "Divisor of hashmod."),
        .optional("target_label", .string, default: "", "Label to set."),
        .optional("replacement", .string, default: "$1", "Value to set; $1 is the first group."),
        .optional("action", .string, default: "replace", "What to do."),
    ]

    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        options = Options(section: node, "relabel_configs", specs: Self.specs, diagnostics: &diagnostics)
        action = Action(rawValue: options.text("action").lowercased()) ?? .replace
        sourceLabels = options.strings("source_labels") ?? []
        separator = options.text("separator")
        regex = options.text("regex")
        modulus = options.count("modulus")
        targetLabel = options.text("target_label")
        replacement = options.text("replacement")
        let names = Action.allCases.map(\.rawValue)
        guard names.contains(options.text("action").lowercased()) else {
            let question = Suggestion.question(options.text("action"), among: names)
            diagnostics.add(options.mistake("action", "takes \(Options.alternatives(names))\(question)"))
            return
        }
        checkWhatActionNeeds(&diagnostics)
    }

    private func checkWhatActionNeeds(_ diagnostics: inout Diagnostics) {
        switch action {
        case .replace, .hashmod, .lowercase, .uppercase, .keepequal, .dropequal:
            if targetLabel.isEmpty {
                diagnostics.add(options.mistake("'\(action.rawValue)' needs 'target_label'"))
            }
        case .labelmap:
            if replacement.isEmpty { diagnostics.add(options.mistake("replacement", "must not be empty for labelmap")) }
        case .keep, .drop, .labeldrop, .labelkeep: break
        }
        if action == .hashmod, modulus <= 0 {
            diagnostics.add(options.mistake("'hashmod' needs a 'modulus' above 0"))
        }
        switch action {
        case .lowercase, .uppercase: refuse(["replacement"], &diagnostics)
        case .keepequal, .dropequal: refuse(["replacement", "regex", "modulus", "separator"], &diagnostics)
        case .labeldrop, .labelkeep:
            refuse(["source_labels", "separator", "modulus", "target_label", "replacement"], &diagnostics)
        default: break
        }
    }

    /// Options that the action does not take; their defaults may be written out.
    private func refuse(_ names: [String], _ diagnostics: inout Diagnostics) {
        for name in names where options.isGiven(name) {
            let spec = Self.specs.first { $0.name == name }
            let isDefault = options.node(name)?.scalar?.text == spec?.defaultText
            if !isDefault { diagnostics.add(options.mistake(name, "does not go with action \(action.rawValue)")) }
        }
    }
}
