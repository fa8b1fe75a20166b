/// Keys of the kinds of source that cannot be read: checked all the same, so that one run finds every mistake.
enum ForeignSources {
    static func check(_ options: Options, _ diagnostics: inout Diagnostics) {
        for (kind, section) in messages + discoveries {
            guard let node = options.node(kind.rawValue) else { continue }
            section.check(node, kind.rawValue, &diagnostics)
        }
    }

    private static let labels = OptionSpec.optional("labels", .labels, "Labels of each entry.")
    private static let timestamp = OptionSpec.optional(
        "use_incoming_timestamp",
        .bool,
        default: "false",
        "Takes the time of the message."
    )

    private static let saslSection = ForeignSection(
        OptionSpec.ignored(.string, "mechanism", "user") + OptionSpec.ignored(.secret, "password")
            + OptionSpec.ignored(.bool, "use_tls"),
        words: ["mechanism": ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]],
        family: .tls
    )

    private static let kafkaAuthentication = ForeignSection(
        OptionSpec.ignored(.string, "type") + OptionSpec.ignored(.mapping, "tls_config", "sasl_config"),
        words: ["type": ["none", "ssl", "sasl"]],
        sections: ["tls_config": ForeignSection([], family: .tls), "sasl_config": saslSection]
    )

    /// Kinds that bring messages.
    private static let messages: [(SourceKind, ForeignSection)] = [
        (
            .gcplog,
            ForeignSection(
                [labels, timestamp]
                    + OptionSpec.ignored(.string, "project_id", "subscription", "subscription_type")
                    + OptionSpec.ignored(.bool, "use_full_line") + OptionSpec.ignored(.duration, "push_timeout")
                    + OptionSpec.ignored(.mapping, "server"),
                words: ["subscription_type": ["pull", "push"]]
            )
        ),
        (.heroku, ForeignSection([labels, timestamp] + OptionSpec.ignored(.mapping, "server"))),
        (
            .cloudflare,
            ForeignSection(
                [labels, .required("api_token", .secret, "Token."), .required("zone_id", .string, "Zone.")]
                    + OptionSpec.ignored(.integer, "workers") + OptionSpec.ignored(.prometheusDuration, "pull_range")
                    + OptionSpec.ignored(.string, "fields_type")
                    + OptionSpec.ignored(.stringList, "additional_fields"),
                words: ["fields_type": ["default", "minimal", "extended", "all", "custom"]]
            )
        ),
        (
            .azureEventHubs,
            ForeignSection(
                [labels, timestamp] + OptionSpec.ignored(.string, "fully_qualified_namespace", "group_id")
                    + OptionSpec.ignored(.secret, "connection_string")
                    + OptionSpec.ignored(.stringList, "event_hubs")
                    + OptionSpec.ignored(.bool, "disallow_custom_messages")
            )
        ),
        (
            .kafka,
            ForeignSection(
                [
                    labels, timestamp, .required("brokers", .stringList, "Addresses of brokers."),
                    .required("topics", .stringList, "Topics to read."),
                ] + OptionSpec.ignored(.string, "group_id", "version", "assignor")
                    + OptionSpec.ignored(.mapping, "authentication"),
                words: ["assignor": ["range", "sticky", "roundrobin"]],
                sections: ["authentication": kafkaAuthentication]
            )
        ),
        (
            .windowsEvents,
            ForeignSection(
                [labels, timestamp]
                    + OptionSpec.ignored(.integer, "locale")
                    + OptionSpec.ignored(.string, "eventlog_name", "xpath_query", "bookmark_path")
                    + OptionSpec.ignored(.duration, "poll_interval")
                    + OptionSpec.ignored(.bool, "exclude_event_data", "exclude_event_message", "exclude_user_data")
            )
        ),
    ]
}
