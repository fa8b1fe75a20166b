/// Promtail's flags, in the order of the help text.
extension FlagSet {
    package static let all: [FlagDeclaration] =
        program + client + positionsAndTargets + limits + server + ignoredServer

    private static let program: [FlagDeclaration] = [
        .init(
            .string,
            "config.file",
            "",
            "Configuration file; of several, separated by commas, the first that exists."
        ),
        .init(.bool, "config.expand-env", "false", "Expands ${NAME} and ${NAME:-default} in the configuration file."),
        .init(.bool, "check-syntax", "false", "Checks the configuration file and ends."),
        .init(.bool, "version", "false", "Prints the version and ends."),
        .init(.bool, "print-config-stderr", "false", "Prints the configuration at the start, without secrets."),
        .init(
            .bool,
            "log-config-reverse-order",
            "false",
            "Logs the configuration at the start, its last line first, without secrets."
        ),
        .init(.bool, "dry-run", "false", "Prints entries instead of pushing them; positions are not written."),
        .init(.bool, "inspect", "false", "Shows on standard error what stages change."),
        .bool("stdin", "false", "Reads standard input instead of the scrape configs.", \.targets.readsStandardInput),
        .string(
            "log.level",
            "info",
            "Least severe messages to log.",
            words: ServerOptions.logLevels,
            \.server.logLevel
        ),
        .string("log.format", "logfmt", "Format of the log.", words: ServerOptions.logFormats, \.server.logFormat),
        .bool("tracing.enabled", "true", "Accepted; sluice sends no traces.", \.isTracingEnabled),
    ]

    private static let client: [FlagDeclaration] = [
        .client(.url, "client.url", "", "Deprecated: one client; prefer 'clients' in the file.") { $0.url = $1.url },
        .client(.duration, "client.batch-wait", "1s", "Longest time before its batch is sent.") {
            $0.batchWait = $1.duration
        },
        .client(.integer, "client.batch-size-bytes", "1048576", "Bytes of its full batch.") {
            $0.batchBytes = $1.integer
        },
        .client(.integer, "client.max-retries", "10", "Its attempts before a batch is dropped; 0: for ever.") {
            $0.backoff.maximumRetries = $1.integer
            $0.backoff.isMaxRetriesGiven = true
        },
        .client(.duration, "client.min-backoff", "500ms", "Its first wait between attempts.") {
            $0.backoff.minimumPeriod = $1.duration
        },
        .client(.duration, "client.max-backoff", "5m", "Its longest wait between attempts.") {
            $0.backoff.maximumPeriod = $1.duration
        },
        .client(.duration, "client.timeout", "10s", "Longest time one of its pushes may take.") {
            $0.timeout = $1.duration
        },
        .client(.string, "client.tenant-id", "", "X-Scope-OrgID of its pushes.") { $0.tenantID = $1.text },
        .client(.bool, "client.drop-rate-limited-batches", "false", "Drops what Loki answers with 429.") {
            $0.dropsRateLimitedBatches = $1.bool
        },
        .client(.labels, "client.external-labels", "", "Labels for every client: name=value,name=value.") {
            $0.externalLabels = $1.labels
        },
    ]

    private static let positionsAndTargets: [FlagDeclaration] = [
        .string("positions.file", "/var/log/positions.yaml", "The positions file.", \.positions.file),
        .duration("positions.sync-period", "10s", "How often positions are written.", \.positions.syncPeriod),
        .bool(
            "positions.ignore-invalid-yaml",
            "false",
            "Treats a damaged positions file as an empty one.",
            \.positions.ignoresInvalidYAML
        ),
        .duration("target.sync-period", "10s", "How often globs are evaluated again.", \.targets.syncPeriod),
        .duration(
            "file-watch.min_poll_frequency",
            "250ms",
            "Shortest time between two looks at a file.",
            \.targets.minimumPollPeriod
        ),
        .duration(
            "file-watch.max_poll_frequency",
            "250ms",
            "Longest time between two looks at a file.",
            \.targets.maximumPollPeriod
        ),
    ]

    private static let limits: [FlagDeclaration] = [
        .number("limit.readline-rate", "10000", "Lines per second.", \.limits.readRate),
        .integer("limit.readline-burst", "10000", "Lines that may come at once.", \.limits.readBurst),
        .bool("limit.readline-rate-enabled", "false", "Limits the rate of lines.", \.limits.isReadRateEnabled),
        .bool(
            "limit.readline-rate-drop",
            "true",
            "Drops lines above the rate; otherwise sources wait.",
            \.limits.dropsAboveReadRate
        ),
        .integer("max-streams", "0", "Streams per batch; 0: no limit.", \.limits.maxStreams),
        .integer(
            "max-line-size",
            "0",
            "Bytes of the longest line; 0: no limit.",
            \.limits.maxLineBytes,
            kind: .byteSize
        ),
        .bool(
            "max-line-size-truncate",
            "false",
            "Cuts longer lines instead of dropping them.",
            \.limits.truncatesLongLines
        ),
    ]

    private static let server: [FlagDeclaration] = [
        .bool("server.disable", "false", "Opens no port; reload by SIGHUP only.", \.server.isDisabled),
        .bool("server.profiling_enabled", "false", "Adds profiling endpoints.", \.server.isProfilingEnabled)
            .withoutEffect(),
        .bool("server.enable-runtime-reload", "false", "Adds /reload.", \.server.isReloadEnabled),
        .string("server.http-listen-address", "", "Interface to listen on; empty: all.", \.server.address),
        .string(
            "server.http-listen-network",
            "tcp",
            "tcp, tcp4 or tcp6.",
            words: ["tcp", "tcp4", "tcp6"],
            \.server.network
        ),
        .integer("server.http-listen-port", "80", "Port to listen on; 0: any free one.", \.server.port),
        .integer("server.http-conn-limit", "0", "Connections at once; 0: no limit.", \.server.connectionLimit),
        .bool("server.register-instrumentation", "true", "Adds /metrics.", \.server.registersInstrumentation),
        .duration(
            "server.graceful-shutdown-timeout",
            "30s",
            "Longest wait for open requests.",
            \.server.shutdownTimeout
        ).withoutEffect(),
        .duration("server.http-read-timeout", "30s", "Longest time to read a request.", \.server.readTimeout),
        .duration(
            "server.http-read-header-timeout",
            "0",
            "Longest time to read its header; 0: none.",
            \.server.readHeaderTimeout
        ),
        .duration("server.http-write-timeout", "30s", "Longest time to answer.", \.server.writeTimeout).withoutEffect(),
        .duration("server.http-idle-timeout", "120s", "How long idle connections stay.", \.server.idleTimeout),
        .string("server.path-prefix", "", "Prefix of every path.", \.server.pathPrefix),
        .optionalString("server.http-tls-cert-path", "File of the certificate.", \.server.tls.certificateFile),
        .optionalString("server.http-tls-key-path", "File of the key.", \.server.tls.keyFile),
        .string(
            "server.http-tls-client-auth",
            "",
            "Whether clients must show a certificate.",
            \.server.tls.clientAuthType
        ),
        .optionalString(
            "server.http-tls-ca-path",
            "File of the authority of client certificates.",
            \.server.tls.clientAuthorityFile
        ),
    ]

    private static let ignoredServer: [FlagDeclaration] =
        FlagDeclaration.ignored(
            .string,
            "server.grpc-listen-address",
            "server.grpc-listen-network",
            "server.grpc-tls-cert-path",
            "server.grpc-tls-key-path",
            "server.grpc-tls-client-auth",
            "server.grpc-tls-ca-path",
            "server.tls-cipher-suites",
            "server.tls-min-version",
            "server.log-source-ips-header",
            "server.log-source-ips-regex",
            "server.log-request-headers-exclude-list",
            "server.trace-request-headers-exclude-list",
            "server.throughput.unit",
            "server.cluster-validation.label",
            "server.cluster-validation.grpc.excluded-methods",
            "server.cluster-validation.http.excluded-paths",
            "server.cluster-validation.http.excluded-user-agents"
        )
        + FlagDeclaration.ignored(
            .integer,
            "server.grpc-listen-port",
            "server.grpc-conn-limit",
            "server.grpc-max-recv-msg-size-bytes",
            "server.grpc-max-send-msg-size-bytes",
            "server.grpc-max-concurrent-streams",
            "server.grpc.num-workers"
        )
        + FlagDeclaration.ignored(
            .duration,
            "server.grpc.keepalive.max-connection-idle",
            "server.grpc.keepalive.max-connection-age",
            "server.grpc.keepalive.max-connection-age-grace",
            "server.grpc.keepalive.time",
            "server.grpc.keepalive.timeout",
            "server.grpc.keepalive.min-time-between-pings",
            "server.throughput.latency-cutoff"
        )
        + FlagDeclaration.ignored(
            .bool,
            "server.grpc.keepalive.ping-without-stream-allowed",
            "server.grpc.stats-tracking-enabled",
            "server.grpc.recv-buffer-pools-enabled",
            "server.log-source-ips-enabled",
            "server.log-source-ips-full",
            "server.log-request-headers",
            "server.log-request-at-info-level-enabled",
            "server.proxy-protocol-enabled",
            "server.trace-request-headers",
            "server.report-grpc-codes-in-instrumentation-label-enabled",
            "server.http-log-closed-connections-without-response-enabled",
            "server.cluster-validation.grpc.enabled",
            "server.cluster-validation.grpc.soft-validation",
            "server.cluster-validation.http.enabled",
            "server.cluster-validation.http.soft-validation"
        )
}
