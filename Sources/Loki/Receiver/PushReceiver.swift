import Entries
import Glibc
package import HTTPServer
import Languages
import Synchronization

/// A Loki push endpoint on this machine: counts, prints or stores what arrives (`sluice receive`).
///
/// Answers `POST /loki/api/v1/push` and `/api/prom/push`, `GET /ready` and `GET /stats`. An entry that was answered with
/// an error is not counted; nor is it stored, unless the store is full in the middle of it, which is answered with 500.
package final class PushReceiver: Sendable {
    package enum Mode: Sendable {
        /// Counts only, without decoding further than needed.
        case discard
        /// Prints each entry on a descriptor: `timestamp<TAB>{labels}<TAB>line`.
        case print(Int32)
        /// Appends each entry as a JSON object with `labels`, `line`, `ts`, `metadata` and `tenant`.
        case store(Int32)
    }

    /// What has arrived so far.
    package struct Stats: Equatable, Sendable {
        package var requests = 0
        package var entries = 0
        package var lineBytes = 0
        package var wireBytes = 0
        package var streams = 0
        /// Pushes that could not be decoded.
        package var rejected = 0
        /// Pushes that the script answered with a fault.
        package var faults = 0

        /// As `GET /stats` answers it.
        package var json: String {
            "{\"requests\":\(requests),\"entries\":\(entries),\"line_bytes\":\(lineBytes),\"wire_bytes\":\(wireBytes),"
                + "\"streams\":\(streams),\"rejected\":\(rejected),\"faults\":\(faults)}\n"
        }
    }

    private struct State {
        var stats = Stats()
        var script: AnswerScript
    }

    private let mode: Mode
    private let state: Mutex<State>

    package init(mode: Mode, script: AnswerScript = AnswerScript()) {
        self.mode = mode
        state = Mutex(State(script: script))
    }

    package var stats: Stats { state.withLock { $0.stats } }

    /// Answers one request; to be given to an ``HTTPServer``.
    package func answer(_ request: HTTPRequest) -> HTTPResponse {
        switch (request.path, request.method) {
        case ("/loki/api/v1/push", "POST"), ("/api/prom/push", "POST"): return push(request)
        case ("/ready", "GET"), ("/ready", "HEAD"): return .text(200, "ready\n")
        case ("/stats", "GET"): return .text(200, stats.json, type: "application/json")
        case ("/loki/api/v1/push", _), ("/api/prom/push", _), ("/ready", _), ("/stats", _):
            return .text(405, "method not allowed\n")
        default: return .text(404, "not found\n")
        }
    }

    private func push(_ request: HTTPRequest) -> HTTPResponse {
        let answer = state.withLock { state in
            state.stats.requests += 1
            return state.script.next()
        }
        var response = HTTPResponse(status: 204)
        switch answer {
        case .status(let status, let retryAfter):
            if !(200...299).contains(status) {
                state.withLock { $0.stats.faults += 1 }
                response = .text(status, "fault by script\n")
                if let retryAfter { response.headers.append(("Retry-After", "\(retryAfter)")) }
                return response
            }
            response.status = status
        case .reset:
            state.withLock { $0.stats.faults += 1 }
            response.ending = .cut
            return response
        case .lost:
            state.withLock { $0.stats.faults += 1 }
            response.ending = .cut
        case .hang(let seconds): response.delay = Int64(seconds) * 1_000_000_000
        }
        do throws(PushDecodingError) {
            guard try take(request) else { return .text(500, "cannot store\n") }
            return response
        } catch {
            state.withLock { $0.stats.rejected += 1 }
            return .text(400, error.reason + "\n")
        }
    }

    /// Decodes a push and puts it where it belongs; false when that failed.
    private func take(_ request: HTTPRequest) throws(PushDecodingError) -> Bool {
        let isJSON = request.header("content-type")?.hasPrefix("application/json") ?? false
        if case .discard = mode, !isJSON {
            let sums = try Bytes.with(request.body) { bytes throws(PushDecodingError) in
                try PushDecoder.count(bytes)
            }
            count(entries: sums.entries, lineBytes: sums.lineBytes, streams: sums.streams, request.body.count)
            return true
        }
        let push = try Bytes.with(request.body) { bytes throws(PushDecodingError) in
            isJSON ? try PushDecoder.decodeJSON(bytes) : try PushDecoder.decodeProtobuf(bytes)
        }
        let entries = push.streams.flatMap { $0.entries }
        let tenant = request.header("x-scope-orgid")
        let isTaken =
            switch mode {
            case .discard: true
            case .print(let descriptor): output(push, to: descriptor) { Self.text($0, $1) }
            case .store(let descriptor): output(push, to: descriptor) { Self.record($0, $1, tenant: tenant) }
            }
        guard isTaken else { return false }
        count(
            entries: entries.count,
            lineBytes: entries.reduce(0) { $0 + $1.line.count },
            streams: push.streams.count,
            request.body.count
        )
        return true
    }

    private func count(entries: Int, lineBytes: Int, streams: Int, _ wireBytes: Int) {
        state.withLock { state in
            state.stats.entries += entries
            state.stats.lineBytes += lineBytes
            state.stats.streams += streams
            state.stats.wireBytes += wireBytes
        }
    }

    // MARK: - Output

    private func output(
        _ push: DecodedPush,
        to descriptor: Int32,
        _ render: (DecodedPush.Stream, DecodedPush.Entry) -> [UInt8]
    ) -> Bool {
        var text: [UInt8] = []
        for stream in push.streams {
            for entry in stream.entries { text += render(stream, entry) }
        }
        var written = 0
        while written < text.count {
            let count = text.withUnsafeBytes { bytes in
                write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno != EINTR { return false }
            written += max(count, 0)
        }
        return true
    }

    private static let layout = GoTimeLayout("2006-01-02T15:04:05.999999999Z07:00")

    private static func time(_ entry: DecodedPush.Entry) -> [UInt8] {
        layout.format(seconds: entry.timestamp.seconds, nanoseconds: entry.timestamp.nanoseconds, zone: .utc)
    }

    private static func text(_ stream: DecodedPush.Stream, _ entry: DecodedPush.Entry) -> [UInt8] {
        time(entry) + [0x09] + stream.labels + [0x09] + entry.line + [0x0A]
    }

    private static func record(
        _ stream: DecodedPush.Stream,
        _ entry: DecodedPush.Entry,
        tenant: String?
    ) -> [UInt8] {
        var text = Array("{\"labels\":".utf8)
        Bytes.with(stream.labels) { JSONValue.appendQuoted($0, to: &text) }
        text += Array(",\"line\":".utf8)
        Bytes.with(entry.line) { JSONValue.appendQuoted($0, to: &text) }
        text += Array(",\"ts\":\"".utf8) + time(entry) + Array("\"".utf8)
        if !entry.metadata.isEmpty {
            text += Array(",\"metadata\":{".utf8)
            for (index, pair) in entry.metadata.enumerated() {
                if index > 0 { text.append(0x2C) }
                Bytes.with(pair.name) { JSONValue.appendQuoted($0, to: &text) }
                text.append(0x3A)
                Bytes.with(pair.value) { JSONValue.appendQuoted($0, to: &text) }
            }
            text.append(0x7D)
        }
        if let tenant {
            text += Array(",\"tenant\":".utf8)
            Bytes.with(Array(tenant.utf8)) { JSONValue.appendQuoted($0, to: &text) }
        }
        return text + Array("}\n".utf8)
    }
}
