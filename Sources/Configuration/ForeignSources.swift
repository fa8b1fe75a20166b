/// Keys of the kinds of source that cannot be read: checked all the same, so that one run finds every mistake.
enum ForeignSources {
    static func check(_ options: Options, _ diagnostics: inout Diagnostics) {
        for (kind, specs) in declarations {
            guard let node = options.node(kind.rawValue), node.pairs != nil else { continue }
            let section = Options(section: node, kind.rawValue, specs: specs, diagnostics: &diagnostics)
            if section.isGiven("server") {
                _ = ServerOptions(
                    section.node("server"),
                    "\(kind.rawValue).server",
                    defaultPort: 0,
                    into: &diagnostics
                )
            }
        }
    }

    private static let labels = OptionSpec.optional("labels", .labels, "Labels of each entry.")
    private static let timestamp = OptionSpec.optional(
        "use_incoming_timestamp",
        .bool,
        default: "false",
        "Takes the time of the message."
    )

    private static let declarations: [(SourceKind, [OptionSpec])] = [
        (
            .gcplog,
            [labels, timestamp]
                + OptionSpec.ignored(.string, "project_id", "subscription", "subscription_type")
                + OptionSpec.ignored(.bool, "use_full_line") + OptionSpec.ignored(.duration, "push_timeout")
                + OptionSpec.ignored(.mapping, "server")
        ),
        (.heroku, [labels, timestamp] + OptionSpec.ignored(.mapping, "server")),
        (
            .cloudflare,
            [labels, .required("api_token", .secret, "Token."), .required("zone_id", .string, "Zone.")]
                + OptionSpec.ignored(.integer, "workers") + OptionSpec.ignored(.prometheusDuration, "pull_range")
                + OptionSpec.ignored(.string, "fields_type")
                + OptionSpec.ignored(.stringList, "additional_fields")
        ),
        (
            .azureEventHubs,
            [labels, timestamp] + OptionSpec.ignored(.string, "fully_qualified_namespace", "group_id")
                + OptionSpec.ignored(.secret, "connection_string") + OptionSpec.ignored(.stringList, "event_hubs")
                + OptionSpec.ignored(.bool, "disallow_custom_messages")
        ),
        (
            .kafka,
            [
                labels, timestamp, .required("brokers", .stringList, "Addresses of brokers."),
                .required("topics", .stringList, "Topics to read."),
            ] + OptionSpec.ignored(.string, "group_id", "version", "assignor")
                + OptionSpec.ignored(.mapping, "authentication")
        ),
        (
            .windowsEvents,
            [labels, timestamp]
                + OptionSpec.ignored(.integer, "locale")
                + OptionSpec.ignored(.string, "eventlog_name", "xpath_query", "bookmark_path")
                + OptionSpec.ignored(.duration, "poll_interval")
                + OptionSpec.ignored(.bool, "exclude_event_data", "exclude_event_message", "exclude_user_data")
        ),
    ]
}
