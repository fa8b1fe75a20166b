/// The HTTP server: `server`, and `loki_push_api.server`.
///
/// Everything about gRPC is accepted and has no effect.
package struct ServerOptions: Equatable, Sendable {
    package internal(set) var isDisabled: Bool
    package internal(set) var isProfilingEnabled: Bool
    package internal(set) var isReloadEnabled: Bool
    package internal(set) var checksTargetHealth: Bool
    package let externalURL: String?
    /// `tcp`, `tcp4` or `tcp6`.
    package internal(set) var network: String
    /// Empty: all interfaces.
    package internal(set) var address: String
    /// 0: any free port.
    package internal(set) var port: Int
    /// 0: no limit.
    package internal(set) var connectionLimit: Int
    package internal(set) var registersInstrumentation: Bool
    package internal(set) var shutdownTimeout: Duration
    package internal(set) var readTimeout: Duration
    package internal(set) var readHeaderTimeout: Duration
    package internal(set) var writeTimeout: Duration
    package internal(set) var idleTimeout: Duration
    package internal(set) var tls: ServerTLSOptions
    /// `debug`, `info`, `warn` or `error`.
    package internal(set) var logLevel: String
    /// `logfmt` or `json`.
    package internal(set) var logFormat: String
    /// Prefix of every path; empty or `/prefix`.
    package internal(set) var pathPrefix: String
    static let logLevels = ["debug", "info", "warn", "error"]
    static let logFormats = ["logfmt", "json"]

    init(_ node: YAMLNode?, _ name: String = "server", defaultPort: Int = 80, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, name, specs: Self.specs, diagnostics: &diagnostics)
        isDisabled = options.isTrue("disable")
        isProfilingEnabled = options.isTrue("profiling_enabled")
        isReloadEnabled = options.isTrue("enable_runtime_reload")
        checksTargetHealth = options.isTrue("health_check_target")
        externalURL = options.string("external_url")
        network = options.text("http_listen_network")
        address = options.text("http_listen_address")
        port = options.integer("http_listen_port") ?? defaultPort
        connectionLimit = options.count("http_listen_conn_limit")
        registersInstrumentation = options.isTrue("register_instrumentation")
        shutdownTimeout = options.time("graceful_shutdown_timeout")
        readTimeout = options.time("http_server_read_timeout")
        readHeaderTimeout = options.time("http_server_read_header_timeout")
        writeTimeout = options.time("http_server_write_timeout")
        idleTimeout = options.time("http_server_idle_timeout")
        tls = ServerTLSOptions(options.node("http_tls_config"), into: &diagnostics)
        logLevel = options.text("log_level")
        logFormat = options.text("log_format")
        pathPrefix = options.text("http_path_prefix")
        _ = ServerTLSOptions(options.node("grpc_tls_config"), "grpc_tls_config", into: &diagnostics)
        options.check("http_listen_network", isOneOf: ["tcp", "tcp4", "tcp6"], &diagnostics)
        options.check("log_level", isOneOf: Self.logLevels, &diagnostics)
        options.check("log_format", isOneOf: Self.logFormats, &diagnostics)
        options.checkIsNotEmpty("log_level", &diagnostics)
        options.checkPort("http_listen_port", &diagnostics)
        options.checkPort("grpc_listen_port", &diagnostics)
        if !pathPrefix.isEmpty, !pathPrefix.hasPrefix("/") {
            diagnostics.add(options.mistake("http_path_prefix", "must begin with '/'"))
        }
    }
}
