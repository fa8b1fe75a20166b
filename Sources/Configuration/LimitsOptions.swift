/// Bounds on what is read and held: `limits_config`.
package struct LimitsOptions: Hashable, Sendable {
    package internal(set) var isReadRateEnabled: Bool
    /// Lines per second, all pipelines together.
    package internal(set) var readRate: Double
    package internal(set) var readBurst: Int
    /// Drops the surplus; otherwise the sources wait.
    package internal(set) var dropsAboveReadRate: Bool
    /// Streams per batch; 0: no limit.
    package internal(set) var maxStreams: Int
    /// Bytes; 0: no limit.
    package internal(set) var maxLineBytes: Int
    package internal(set) var truncatesLongLines: Bool
    /// Bytes that may wait for an answer of Loki before sources wait.
    package let maxInFlightBytes: Int
    /// Longest time a stop waits for Loki.
    package let shutdownTimeout: Duration

    private static let specs: [OptionSpec] = [
        .optional("readline_rate_enabled", .bool, default: "false", "Limits the rate of lines."),
        .optional("readline_rate", .number, default: "10000", "Lines per second."),
        .optional("readline_burst", .integer, default: "10000", "Lines that may come at once."),
        .optional("readline_rate_drop", .bool, default: "true", "Drops the surplus; otherwise sources wait."),
        .optional("max_streams", .integer, default: "0", "Streams per batch; 0: no limit."),
        .optional("max_line_size", .byteSize, default: "0", "Longest line; 0: no limit."),
        .optional("max_line_size_truncate", .bool, default: "false", "Cuts longer lines instead of dropping them."),
        .optional("max_in_flight", .byteSize, default: "16MB", "What may wait for Loki before sources wait."),
        .optional("shutdown_timeout", .duration, default: "30s", "Longest time a stop waits for Loki."),
    ]

    init(_ node: YAMLNode?, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "limits_config", specs: Self.specs, diagnostics: &diagnostics)
        isReadRateEnabled = options.isTrue("readline_rate_enabled")
        readRate = options.amount("readline_rate")
        readBurst = options.count("readline_burst")
        dropsAboveReadRate = options.isTrue("readline_rate_drop")
        maxStreams = options.count("max_streams")
        maxLineBytes = options.byteSize("max_line_size") ?? 0
        truncatesLongLines = options.isTrue("max_line_size_truncate")
        maxInFlightBytes = options.byteSize("max_in_flight") ?? 0
        shutdownTimeout = options.time("shutdown_timeout")
        options.checkIsNotNegative("shutdown_timeout", &diagnostics)
        if options.byteSize("max_in_flight") == 0 {
            diagnostics.add(options.mistake("max_in_flight", "must be more than 0"))
        }
    }
}
