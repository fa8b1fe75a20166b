/// How targets are looked for: `target_config`, and the polling of `global.file_watch_config`.
package struct TargetOptions: Hashable, Sendable {
    /// How often globs are evaluated again.
    package internal(set) var syncPeriod: Duration
    package internal(set) var readsStandardInput: Bool
    /// How often a tailed file is looked at: between these two.
    package internal(set) var minimumPollPeriod: Duration
    package internal(set) var maximumPollPeriod: Duration

    private static let specs: [OptionSpec] = [
        .optional("sync_period", .duration, default: "10s", "How often globs are evaluated again."),
        .optional("stdin", .bool, default: "false", "Reads standard input instead of the scrape configs."),
    ]
    private static let globalSpecs: [OptionSpec] = [
        .optional("file_watch_config", .mapping, "Polling of tailed files.")
    ]
    private static let watchSpecs: [OptionSpec] = [
        .optional("min_poll_frequency", .duration, default: "250ms", "Shortest time between two looks at a file."),
        .optional("max_poll_frequency", .duration, default: "250ms", "Longest time between two looks at a file."),
    ]
    private static let defaultPollPeriod = Duration.milliseconds(250)

    init(_ node: YAMLNode?, global: YAMLNode?, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "target_config", specs: Self.specs, diagnostics: &diagnostics)
        syncPeriod = options.time("sync_period")
        readsStandardInput = options.isTrue("stdin")
        options.checkIsPositive("sync_period", &diagnostics)
        let all = Options(section: global, "global", specs: Self.globalSpecs, diagnostics: &diagnostics)
        let watch = Options(
            section: all.node("file_watch_config"),
            "file_watch_config",
            specs: Self.watchSpecs,
            diagnostics: &diagnostics
        )
        let (minimum, maximum) = (watch.time("min_poll_frequency"), watch.time("max_poll_frequency"))
        // Promtail takes its defaults when both are 0.
        let areUnset = minimum == .zero && maximum == .zero
        minimumPollPeriod = areUnset ? Self.defaultPollPeriod : minimum
        maximumPollPeriod = areUnset ? Self.defaultPollPeriod : maximum
        guard !areUnset else { return }
        watch.checkIsPositive("min_poll_frequency", &diagnostics)
        if maximum < minimum {
            let name = watch.isGiven("max_poll_frequency") ? "max_poll_frequency" : "min_poll_frequency"
            diagnostics.add(watch.mistake(name, "makes max_poll_frequency shorter than min_poll_frequency"))
        }
    }
}
