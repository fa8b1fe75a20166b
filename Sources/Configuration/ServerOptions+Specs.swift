extension ServerOptions {
    static let specs: [OptionSpec] =
        [
            .optional("disable", .bool, default: "false", "Opens no port; there is no reload then."),
            .optional("profiling_enabled", .bool, default: "false", "Adds profiling endpoints."),
            .optional("enable_runtime_reload", .bool, default: "false", "Adds /reload."),
            .optional("health_check_target", .bool, default: "true", "/ready asks the targets."),
            .optional("external_url", .string, "URL under which others reach this server."),
            .optional("http_listen_network", .string, default: "tcp", "tcp, tcp4 or tcp6."),
            .optional("http_listen_address", .string, default: "", "Interface; empty: all."),
            .optional("http_listen_port", .integer, "Port, 80 unless given; 0: any free one."),
            .optional("http_listen_conn_limit", .integer, default: "0", "Connections at once; 0: no limit."),
            .optional("register_instrumentation", .bool, default: "true", "Adds /metrics."),
            .optional("graceful_shutdown_timeout", .duration, default: "30s", "Accepted; has no effect."),
            .optional("http_server_read_timeout", .duration, default: "30s", "Longest time to read a request."),
            .optional("http_server_read_header_timeout", .duration, default: "0", "The same for its header; 0: none."),
            .optional("http_server_write_timeout", .duration, default: "30s", "Accepted; has no effect."),
            .optional("http_server_idle_timeout", .duration, default: "120s", "How long idle connections stay."),
            .optional("http_tls_config", .mapping, "Certificates of the server."),
            .optional("grpc_tls_config", .mapping, "Accepted; has no effect."),
            .optional("log_level", .string, default: "info", "debug, info, warn or error."),
            .optional("log_format", .string, default: "logfmt", "logfmt or json."),
            .optional("http_path_prefix", .string, default: "", "Prefix of every path."),
        ] + ignoredStrings + ignoredBools + ignoredNumbers

    private static let ignoredStrings = OptionSpec.ignored(
        .string,
        "grpc_listen_network",
        "grpc_listen_address",
        "tls_cipher_suites",
        "tls_min_version",
        "log_source_ips_header",
        "log_source_ips_regex",
        "log_request_exclude_headers_list",
        "trace_request_exclude_headers_list",
        "throughput_unit"
    )

    private static let ignoredBools = OptionSpec.ignored(
        .bool,
        "http_log_closed_connections_without_response_enabled",
        "grpc_server_ping_without_stream_allowed",
        "grpc_server_stats_tracking_enabled",
        "grpc_server_recv_buffer_pools_enabled",
        "grpc_collect_max_streams_by_conn",
        "log_source_ips_enabled",
        "log_source_ips_full",
        "log_request_headers",
        "log_request_at_info_level_enabled",
        "proxy_protocol_enabled",
        "trace_request_headers",
        "report_grpc_codes_in_instrumentation_label_enabled"
    )

    private static let ignoredNumbers =
        OptionSpec.ignored(
            .integer,
            "grpc_listen_port",
            "grpc_listen_conn_limit",
            "grpc_server_max_recv_msg_size",
            "grpc_server_max_send_msg_size",
            "grpc_server_max_concurrent_streams",
            "grpc_server_num_workers"
        )
        + OptionSpec.ignored(
            .duration,
            "grpc_server_max_connection_idle",
            "grpc_server_max_connection_age",
            "grpc_server_max_connection_age_grace",
            "grpc_server_keepalive_time",
            "grpc_server_keepalive_timeout",
            "grpc_server_min_time_between_pings",
            "throughput_latency_cutoff"
        ) + OptionSpec.ignored(.mapping, "cluster_validation")
}
