import Glibc
import Synchronization

/// Answers each request with bytes of the test's choice, as no real server would; one connection after the other.
package final class MisbehavingServer: Sendable {
    /// What happens after the bytes were sent.
    package enum Ending: Sendable {
        case close

        /// A reset instead of an orderly end.
        case reset

        /// Silence until the client goes away.
        case hang

        /// The same bytes again and again until the client goes away.
        case repeatForEver([UInt8])
    }

    package let port: UInt16
    private let listener: LoopbackListener
    private let thread: JoinedThread
    private let state: State

    private final class State: Sendable {
        let served = Atomic<Int>(0)
    }

    /// Reads each request to its end before it answers.
    package init(_ answer: String, then ending: Ending, port: UInt16 = 0) throws {
        let listener = try LoopbackListener(port: port)
        let state = State()
        self.listener = listener
        self.state = state
        self.port = listener.port
        thread = JoinedThread {
            while true {
                let client = accept(listener.descriptor, nil, nil)
                guard client >= 0 else { return }
                if Self.readRequest(from: client) {
                    state.served.wrappingAdd(1, ordering: .relaxed)
                    Self.answer(Array(answer.utf8), then: ending, to: client)
                }
                close(client)
            }
        }
    }

    /// Requests that were answered.
    package var served: Int { state.served.load(ordering: .relaxed) }

    /// Ends the wait for connections, and the thread.
    package func stop() {
        listener.stop()
        thread.join()
    }

    /// Reads header and body; false if the client went away before.
    private static func readRequest(from client: Int32) -> Bool {
        var request: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        var wanted: Int?
        while request.count < wanted ?? .max {
            let count = read(client, &piece, piece.count)
            guard count > 0 else { return false }
            request += piece[..<count]
            if wanted == nil { wanted = length(of: request) }
        }
        return true
    }

    /// Bytes of a request with its body; nil while its header is not complete.
    private static func length(of request: [UInt8]) -> Int? {
        let text = String(decoding: request, as: Unicode.ASCII.self)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let header = text[..<end.lowerBound].lowercased()
        let field = header.firstRange(of: "content-length: ").map { header[$0.upperBound...].prefix { $0.isNumber } }
        return text.utf8.distance(from: text.startIndex, to: end.upperBound) + (field.flatMap { Int($0) } ?? 0)
    }

    private static func answer(_ bytes: [UInt8], then ending: Ending, to client: Int32) {
        _ = send(bytes, to: client)
        switch ending {
        case .close: break
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        case .hang:
            var piece = [UInt8](repeating: 0, count: 4_096)
            while read(client, &piece, piece.count) > 0 {}
        case .repeatForEver(let bytes):
            while send(bytes, to: client) {}
        }
    }

    private static func send(_ bytes: [UInt8], to client: Int32) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(client, $0.baseAddress.map { $0 + sent }, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
