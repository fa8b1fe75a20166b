/// The declaration of one option: everything that checks, documents or suggests it reads this.
package struct OptionSpec: Sendable {
    /// Empty when the option is the whole body of its stage.
    package let name: String
    package let kind: OptionKind
    package let isRequired: Bool
    /// What holds when the option is not given, as one would write it.
    package let defaultText: String?
    /// One sentence.
    package let help: String

    package static func required(_ name: String, _ kind: OptionKind, _ help: String) -> OptionSpec {
        OptionSpec(name: name, kind: kind, isRequired: true, defaultText: nil, help: help)
    }

    package static func optional(
        _ name: String,
        _ kind: OptionKind,
        default defaultText: String? = nil,
        _ help: String
    ) -> OptionSpec {
        OptionSpec(name: name, kind: kind, isRequired: false, defaultText: defaultText, help: help)
    }
}
