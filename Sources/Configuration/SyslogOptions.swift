/// A syslog receiver: `syslog`.
package struct SyslogOptions: Hashable, Sendable {
    package enum Transport: String, Hashable, Sendable { case tcp, udp }

    package let listenAddress: String
    package let transport: Transport
    /// After how long a quiet connection is closed; TCP only.
    package let idleTimeout: Duration
    package let labelsStructuredData: Bool
    package let labels: [String: String]
    package let usesIncomingTimestamp: Bool
    /// Sends the whole message instead of its text.
    package let usesFullMessage: Bool
    /// RFC 3164 instead of RFC 5424.
    package let isRFC3164: Bool
    package let maxMessageBytes: Int
    /// Nil: plain TCP.
    package let tls: ServerTLSOptions?

    private static let specs: [OptionSpec] = [
        .required("listen_address", .string, "host:port to listen on."),
        .optional("listen_protocol", .string, default: "tcp", "tcp or udp."),
        .optional("idle_timeout", .duration, default: "120s", "After how long a quiet connection is closed."),
        .optional("label_structured_data", .bool, default: "false", "Makes labels of structured data."),
        .optional("labels", .labels, "Labels of each entry."),
        .optional("use_incoming_timestamp", .bool, default: "false", "Takes the time of the message."),
        .optional("use_rfc5424_message", .bool, default: "false", "Sends the whole message."),
        .optional("syslog_format", .string, default: "rfc5424", "rfc5424 or rfc3164."),
        .optional("max_message_length", .integer, default: "8192", "Longest message in bytes."),
        .optional("tls_config", .mapping, "Certificates of the receiver."),
    ]

    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "syslog", specs: Self.specs, diagnostics: &diagnostics)
        listenAddress = options.text("listen_address")
        transport = Transport(rawValue: options.text("listen_protocol")) ?? .tcp
        // 0 means the default for both, as in Promtail.
        let timeout = options.time("idle_timeout")
        idleTimeout = timeout == .zero ? .seconds(120) : timeout
        labelsStructuredData = options.isTrue("label_structured_data")
        labels = options.labels("labels")
        usesIncomingTimestamp = options.isTrue("use_incoming_timestamp")
        usesFullMessage = options.isTrue("use_rfc5424_message")
        isRFC3164 = options.text("syslog_format") == "rfc3164"
        let limit = options.count("max_message_length")
        maxMessageBytes = limit <= 0 ? 8192 : limit
        tls = options.one("tls_config", &diagnostics) { ServerTLSOptions(clientStyle: $0, into: &$1) } ?? nil
        options.check("listen_protocol", isOneOf: ["tcp", "udp"], &diagnostics)
        if options.isGiven("syslog_format"), !["rfc5424", "rfc3164", ""].contains(options.text("syslog_format")) {
            var warning = options.mistake("syslog_format", "is unknown and read as rfc5424")
            warning.severity = .warning
            diagnostics.add(warning)
        }
    }
}

extension ServerTLSOptions {
    /// A receiver's certificates under the names of a client's; nil without `cert_file`, `key_file` and `ca_file`.
    init?(clientStyle node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "tls_config", specs: TLSOptions.specs, diagnostics: &diagnostics)
        let names = ["cert_file", "key_file", "ca_file"]
        guard names.contains(where: options.isGiven) else { return nil }
        self.init(nil, into: &diagnostics)
        certificateFile = options.string("cert_file")
        keyFile = options.string("key_file")
        clientAuthorityFile = options.string("ca_file")
        if clientAuthorityFile != nil { clientAuthType = "RequireAndVerifyClientCert" }
        if !isEnabled { diagnostics.add(options.mistake("needs both 'cert_file' and 'key_file'")) }
    }
}
