/// Where positions are kept: `positions`.
package struct PositionsOptions: Hashable, Sendable {
    package internal(set) var file: String
    package internal(set) var syncPeriod: Duration
    /// Treats a damaged file as an empty one.
    package internal(set) var ignoresInvalidYAML: Bool

    private static let specs: [OptionSpec] = [
        .optional(
            "filename",
            .string,
            default: "/var/log/positions.yaml",
            "The positions file; its folder must exist."
        ),
        .optional("sync_period", .duration, default: "10s", "How often positions are written."),
        .optional("ignore_invalid_yaml", .bool, default: "false", "Treats a damaged file as an empty one."),
    ]

    init(_ node: YAMLNode?, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "positions", specs: Self.specs, diagnostics: &diagnostics)
        file = options.text("filename")
        syncPeriod = options.time("sync_period")
        ignoresInvalidYAML = options.isTrue("ignore_invalid_yaml")
        options.checkIsPositive("sync_period", &diagnostics)
    }
}
