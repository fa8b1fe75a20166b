import Configuration
import HTTPServer
import Receivers
import Synchronization

/// The agent's own endpoints (server-and-metrics.md 2 and 3).
final class StatusServer {
    private let server: HTTPServer?

    /// Starts the server, unless the configuration says `server.disable: true`.
    init(_ status: AgentStatus, _ options: ServerOptions, log: AgentLog) throws(AgentError) {
        guard !options.isDisabled else {
            server = nil
            return
        }
        var limits = HTTPServer.Limits(options)
        limits.bodyBytes = 64 * 1024
        do throws(HTTPServer.StartError) {
            server = try HTTPServer(
                address: options.bindAddress,
                port: options.port,
                limits: limits,
                tls: try options.tls.load(),
                answer: { Self.answer($0, status, options) }
            )
        } catch {
            throw AgentError(
                "error creating server: \(error); give 'server' another 'http_listen_port' (0 for any free one), "
                    + "or 'disable: true' to go without"
            )
        }
        log.info("server listening on addresses", ("http", "\(options.address):\(server?.port ?? 0)"))
    }

    private static func answer(_ request: HTTPRequest, _ status: AgentStatus, _ options: ServerOptions) -> HTTPAnswer {
        guard request.path.hasPrefix(options.pathPrefix) else { return .now(unknown) }
        switch request.path.dropFirst(options.pathPrefix.count) {
        case "", "/":
            return .now(HTTPResponse(status: 303, headers: [("Location", options.pathPrefix + "/targets")]))
        case "/ready": return .now(ready(status, checksTargets: options.checksTargetHealth))
        case "/metrics" where options.registersInstrumentation || options.isProfilingEnabled:
            let type = "text/plain; version=0.0.4; charset=utf-8"
            return .now(.text(200, MetricsText(status).text, type: type))
        case "/targets": return .now(page(StatusPages(running: status.current).targets))
        case "/service-discovery": return .now(page(StatusPages(running: status.current).discovery))
        case "/config": return .now(page(StatusPages(running: status.current).configuration))
        case "/debug" where options.isProfilingEnabled: return .now(.text(200, DebugText(status).text))
        case let path where options.isProfilingEnabled && path.hasPrefix("/debug/"):
            return .now(.text(404, "Go's profiles do not exist here: see /debug, or attach perf(1) to the process.\n"))
        case "/reload" where options.isReloadEnabled: return status.reloads.ask()
        default: return .now(unknown)
        }
    }

    private static let unknown = HTTPResponse.text(404, "404 page not found\n")

    private static func page(_ text: String) -> HTTPResponse { .text(200, text, type: "text/html; charset=utf-8") }

    private static func ready(_ status: AgentStatus, checksTargets: Bool) -> HTTPResponse {
        if !checksTargets || status.isReady { return .text(200, "Ready") }
        return .text(
            500,
            "Not ready: Unable to find any logs to tail. Please verify permissions, volumes, scrape_config, etc.\n"
        )
    }

    func stop() { server?.stop() }
}
