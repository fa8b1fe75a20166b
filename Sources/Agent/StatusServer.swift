import Configuration
import HTTPServer
import Synchronization

/// The agent's own endpoints: `/ready` and `/metrics` (server-and-metrics.md 2 and 3).
final class StatusServer {
    private let server: HTTPServer?

    /// Starts the server, unless the configuration says `server.disable: true`.
    init(_ status: AgentStatus, _ options: ServerOptions, log: AgentLog) throws(AgentError) {
        guard !options.isDisabled else {
            server = nil
            return
        }
        let prefix = options.pathPrefix
        let checksTargets = options.checksTargetHealth
        var limits = HTTPServer.Limits()
        limits.bodyBytes = 64 * 1024
        if options.connectionLimit > 0 { limits.connections = options.connectionLimit }
        do throws(HTTPServer.StartError) {
            server = try HTTPServer(address: options.address, port: options.port, limits: limits) { request in
                guard request.path.hasPrefix(prefix) else { return .text(404, "404 page not found\n") }
                switch request.path.dropFirst(prefix.count) {
                case "/ready": return Self.ready(status, checksTargets: checksTargets)
                case "/metrics":
                    return .text(
                        200,
                        MetricsText(status).text,
                        type: "text/plain; version=0.0.4; charset=utf-8"
                    )
                default: return .text(404, "404 page not found\n")
                }
            }
        } catch {
            throw AgentError(
                "error creating server: \(error); give 'server' another 'http_listen_port' (0 for any free one), "
                    + "or 'disable: true' to go without"
            )
        }
        log.info("server listening on addresses", ("http", "\(options.address):\(server?.port ?? 0)"))
    }

    private static func ready(_ status: AgentStatus, checksTargets: Bool) -> HTTPResponse {
        if !checksTargets || status.isReady { return .text(200, "Ready") }
        return .text(
            500,
            "Not ready: Unable to find any logs to tail. Please verify permissions, volumes, scrape_config, etc.\n"
        )
    }

    func stop() { server?.stop() }
}
