/// Promtail's unfinished write-ahead log: `wal`.
///
/// Read and checked; log files and the journal do its work here.
package struct WriteAheadLogOptions: Hashable, Sendable {
    package let isEnabled: Bool

    private static let specs: [OptionSpec] =
        [.optional("enabled", .bool, default: "false", "Accepted; has no effect.")]
        + OptionSpec.ignored(.string, "dir") + OptionSpec.ignored(.duration, "cleanSegmentsOlderThan")
        + OptionSpec.ignored(.mapping, "watchConfig")
    private static let watchSpecs = OptionSpec.ignored(
        .duration,
        "minReadFrequency",
        "maxReadFrequency",
        "drainTimeout"
    )

    init(_ node: YAMLNode?, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "wal", specs: Self.specs, diagnostics: &diagnostics)
        isEnabled = options.isTrue("enabled")
        _ = Options(
            section: options.node("watchConfig"),
            "watchConfig",
            specs: Self.watchSpecs,
            diagnostics: &diagnostics
        )
        guard isEnabled else { return }
        var warning = options.mistake("enabled", "has no effect: positions move only when Loki has taken the entries")
        warning.severity = .warning
        diagnostics.add(warning)
    }
}
