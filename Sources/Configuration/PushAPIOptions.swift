/// A receiver of pushes in Loki's own format: `loki_push_api`.
package struct PushAPIOptions: Sendable {
    /// Ports are 0, any free one, unless given.
    package let server: ServerOptions
    package let labels: [String: String]
    package let usesIncomingTimestamp: Bool
    /// Largest push body in bytes.
    package let maxBodyBytes: Int

    private static let specs: [OptionSpec] = [
        .optional("server", .mapping, "Where to listen; the keys of the top level's server."),
        .optional("labels", .labels, "Labels of each entry."),
        .optional("use_incoming_timestamp", .bool, default: "false", "Keeps the timestamps of the entries."),
        .optional("max_send_msg_size", .integer, default: "104857600", "Largest push in bytes."),
    ]

    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "loki_push_api", specs: Self.specs, diagnostics: &diagnostics)
        server = ServerOptions(options.node("server"), "loki_push_api.server", defaultPort: 0, into: &diagnostics)
        labels = options.labels("labels")
        usesIncomingTimestamp = options.isTrue("use_incoming_timestamp")
        let limit = options.count("max_send_msg_size")
        maxBodyBytes = limit <= 0 ? 104_857_600 : limit
    }
}
