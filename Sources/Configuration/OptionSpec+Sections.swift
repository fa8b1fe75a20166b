extension OptionSpec {
    /// Keys that Promtail has and that make no difference here: they are accepted and their type is checked.
    static func ignored(_ kind: OptionKind, _ names: String...) -> [OptionSpec] {
        names.map { optional($0, kind, "Accepted; has no effect.") }
    }
}
