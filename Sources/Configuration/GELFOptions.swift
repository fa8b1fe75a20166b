/// A receiver of GELF over UDP: `gelf`.
package struct GELFOptions: Hashable, Sendable {
    package let listenAddress: String
    package let labels: [String: String]
    package let usesIncomingTimestamp: Bool

    private static let specs: [OptionSpec] = [
        .optional("listen_address", .string, default: ":12201", "host:port to listen on."),
        .optional("labels", .labels, "Labels of each entry."),
        .optional("use_incoming_timestamp", .bool, default: "false", "Takes the time of the message."),
    ]

    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "gelf", specs: Self.specs, diagnostics: &diagnostics)
        listenAddress = options.text("listen_address")
        labels = options.labels("labels")
        usesIncomingTimestamp = options.isTrue("use_incoming_timestamp")
    }
}
