/// How a client waits between attempts: `backoff_config`.
package struct BackoffOptions: Hashable, Sendable {
    package internal(set) var minimumPeriod: Duration
    package internal(set) var maximumPeriod: Duration
    /// Attempts in all before a batch is dropped; 0: for ever.
    package internal(set) var maximumRetries: Int
    /// When not given, sources that can be read again are retried for ever.
    package internal(set) var isMaxRetriesGiven: Bool

    private static let specs: [OptionSpec] = [
        .optional("min_period", .duration, default: "500ms", "First wait, up to this long."),
        .optional("max_period", .duration, default: "5m", "Longest wait."),
        .optional("max_retries", .integer, default: "10", "Attempts before a batch is dropped; 0: for ever."),
    ]

    init(_ node: YAMLNode?, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "backoff_config", specs: Self.specs, diagnostics: &diagnostics)
        minimumPeriod = options.time("min_period")
        maximumPeriod = options.time("max_period")
        maximumRetries = options.count("max_retries")
        isMaxRetriesGiven = options.isGiven("max_retries")
        options.checkIsNotNegative("min_period", &diagnostics)
        options.checkIsNotNegative("max_period", &diagnostics)
    }
}
