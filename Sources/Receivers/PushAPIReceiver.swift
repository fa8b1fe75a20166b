package import Configuration
import Entries
import Files
import Glibc
import HTTPServer
import Languages
import Loki
import Synchronization

/// Receives pushes in Loki's own format and plain lines over HTTP, and hands them to a pipeline (sources.md 10).
///
/// A request is answered when it is known what became of its entries: 204 once every client has taken them or a stage
/// dropped them on purpose, so that a sender which waits for the answer loses nothing. While the output is blocked it gets
/// 429 with `Retry-After`; 503 when the agent stops, or when nobody has answered for its entries in time, which may still
/// arrive then.
package final class PushAPIReceiver: Sendable {
    private let server: HTTPServer

    /// The port that was bound, also where 0 was asked for.
    package var port: Int { server.port }

    /// Seconds within which a request is answered.
    private static let patience: Int64 = 60
    /// Seconds after which a refused sender may come again.
    private static let retryAfter = "1"

    /// Binds and listens.
    ///
    /// - Throws: when the address cannot be bound, in one sentence.
    package init(
        _ options: PushAPIOptions,
        rules: [RelabelRule],
        sink: any MessageSink,
        counts: ReceiverCounts
    ) throws(ReceiverError) {
        var limits = HTTPServer.Limits(options.server)
        limits.bodyBytes = options.maxBodyBytes
        limits.allBodyBytes = max(limits.allBodyBytes, options.maxBodyBytes)
        let prefix = options.server.pathPrefix
        let intake = Mutex(PushIntake(options, rules: rules))
        do throws(HTTPServer.StartError) {
            server = try HTTPServer(
                address: options.server.bindAddress,
                port: options.server.port,
                limits: limits,
                tls: try options.server.tls.load(),
                answer: { request in
                    guard request.path.hasPrefix(prefix) else { return .now(Self.unknown) }
                    switch (request.path.dropFirst(prefix.count), request.method) {
                    case ("/ready", _): return .now(.text(200, "ready"))
                    case ("/loki/api/v1/push", "POST"):
                        return Self.take(request, sink, counts) { body throws(PushRefusal) in
                            try intake.withLock { intake throws(PushRefusal) in try intake.batch(of: body, request) }
                        }
                    case ("/promtail/api/v1/raw", "POST"):
                        return Self.take(request, sink, counts) { body throws(PushRefusal) in
                            intake.withLock { IntakeResult(batch: $0.batch(ofLines: body)) }
                        }
                    case ("/loki/api/v1/push", _), ("/promtail/api/v1/raw", _):
                        return .now(.text(405, "method not allowed\n"))
                    default: return .now(Self.unknown)
                    }
                }
            )
        } catch {
            throw ReceiverError(description: "loki_push_api: \(error)")
        }
    }

    private static let unknown = HTTPResponse.text(404, "404 page not found\n")

    /// Decodes a body and hands it over; what it gives is asked for only while there is room.
    private static func take(
        _ request: HTTPRequest,
        _ sink: any MessageSink,
        _ counts: ReceiverCounts,
        _ decode: ([UInt8]) throws(PushRefusal) -> IntakeResult
    ) -> HTTPAnswer {
        guard sink.hasRoom else { return .now(busy) }
        let result: IntakeResult
        do throws(PushRefusal) {
            result = try decode(try PushIntake.inflated(request))
        } catch {
            counts.add(ReceiverSums(parseErrors: 1))
            return .now(.text(error.status, error.reason + "\n"))
        }
        guard !result.batch.isEmpty else { return .now(answer(.accepted, result.complaint)) }
        let pending = PendingAnswer()
        let batch = result.batch.telling { pending.give(answer($0, result.complaint)) }
        guard sink.offer(batch) else { return .now(busy) }
        counts.add(ReceiverSums(entries: UInt64(batch.messages.count)))
        let late = HTTPResponse.text(503, "no answer for the entries within \(patience) s; they may still arrive\n")
        return .later(pending, within: patience, else: late)
    }

    private static func answer(_ outcome: MessageBatch.Outcome, _ complaint: String?) -> HTTPResponse {
        switch outcome {
        case .accepted: complaint.map { .text(400, $0 + "\n") } ?? HTTPResponse(status: 204)
        case .givenUp: .text(500, "a client gave entries up\n")
        case .unanswered: .text(503, "the agent is stopping\n")
        }
    }

    private static let busy: HTTPResponse = {
        var response = HTTPResponse.text(429, "the output is blocked\n")
        response.headers.append((name: "Retry-After", value: retryAfter))
        return response
    }()

    /// Closes all connections and ends the thread.
    package func stop() { server.stop() }
}

/// What a body gave, and what is wrong with a part of it.
struct IntakeResult {
    var batch: MessageBatch
    var complaint: String?
}

/// Why a body is not taken.
struct PushRefusal: Error {
    let status: Int
    let reason: String
}
