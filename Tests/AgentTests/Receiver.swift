import Entries
import HTTPServer
import Loki
import Synchronization

/// A Loki of the test's own: takes pushes, remembers their lines, and misbehaves on demand.
final class Receiver: Sendable {
    /// What a push gets instead of 204.
    enum Fault: Sendable {
        case status(Int, String = "", headers: [(String, String)] = [])
        /// The connection is cut before the push counts.
        case reset
        /// The push counts and is answered late.
        case late(milliseconds: Int64)
    }

    struct Entry: Equatable, Sendable {
        let labels: String
        let line: [UInt8]
        let tenant: String?
        /// Nanoseconds since 1970.
        let timestamp: Int64

        var text: String { String(decoding: line, as: UTF8.self) }
    }

    private struct State {
        var answer: @Sendable (_ push: Int) -> Fault? = { _ in nil }
        var entries: [Entry] = []
        var entryCount = 0
        var streams: Set<String> = []
        var pushes = 0
        var accepted = 0
        var server: HTTPServer?
    }

    private let state = Mutex(State())
    private let keepsEntries: Bool

    /// Listens on `port`, 0 for any free one; nil to listen only from ``listen(port:)`` on.
    ///
    /// Without `keepsEntries` they are counted only.
    init(port: UInt16? = 0, keepsEntries: Bool = true) throws {
        self.keepsEntries = keepsEntries
        if let port { try listen(port: port) }
    }

    deinit { stop() }

    /// Listens on 127.0.0.1.
    func listen(port: UInt16) throws {
        let server = try HTTPServer(address: "127.0.0.1", port: Int(port)) { [weak self] request in
            self?.answer(request) ?? HTTPResponse(status: 503)
        }
        state.withLock { $0.server = server }
    }

    /// Listens no more, and cuts all connections.
    func stop() {
        let server = state.withLock { state in
            defer { state.server = nil }
            return state.server
        }
        server?.stop()
    }

    var port: Int { state.withLock { $0.server?.port ?? 0 } }
    var url: String { "http://127.0.0.1:\(port)/loki/api/v1/push" }

    /// Decides what successive pushes get, counted from 1.
    func answer(with answer: @escaping @Sendable (_ push: Int) -> Fault?) { state.withLock { $0.answer = answer } }

    var entries: [Entry] { state.withLock { $0.entries } }
    var lines: [String] { entries.map(\.text) }
    var entryCount: Int { state.withLock { $0.entryCount } }
    var streamCount: Int { state.withLock { $0.streams.count } }
    var pushCount: Int { state.withLock { $0.pushes } }
    var acceptedCount: Int { state.withLock { $0.accepted } }

    private func answer(_ request: HTTPRequest) -> HTTPResponse {
        let fault = state.withLock { state in
            state.pushes += 1
            return state.answer(state.pushes)
        }
        var response = HTTPResponse(status: 204)
        switch fault {
        case .status(let status, let text, let headers):
            response = .text(status, text)
            response.headers += headers.map { (name: $0.0, value: $0.1) }
            return response
        case .reset:
            response.ending = .cut
            return response
        case .late(let milliseconds): response.delay = milliseconds * 1_000_000
        case nil: break
        }
        return take(request) ? response : .text(400, "not a push")
    }

    private func take(_ request: HTTPRequest) -> Bool {
        let isJSON = request.header("content-type") == "application/json"
        let push = Bytes.with(request.body) { body in
            isJSON ? try? PushDecoder.decodeJSON(body) : try? PushDecoder.decodeProtobuf(body)
        }
        guard let push else { return false }
        let tenant = request.header("x-scope-orgid")
        state.withLock { state in
            state.accepted += 1
            for stream in push.streams {
                let labels = String(decoding: stream.labels, as: UTF8.self)
                state.entryCount += stream.entries.count
                guard keepsEntries else { continue }
                state.streams.insert(labels)
                state.entries += stream.entries.map {
                    Entry(labels: labels, line: $0.line, tenant: tenant, timestamp: $0.timestamp.unixNanoseconds)
                }
            }
        }
        return true
    }
}
