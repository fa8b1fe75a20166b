import Glibc
import Synchronization
import TestSupport

/// Answers each connection with bytes of the test's choice, as no real server would.
final class MisbehavingServer: Sendable {
    /// What happens after the bytes were sent.
    enum Ending: Sendable {
        case close

        /// A reset instead of an orderly end.
        case reset

        /// Silence until the client goes away.
        case hang

        /// The same bytes again and again until the client goes away.
        case repeatForEver([UInt8])
    }

    let port: UInt16
    private let listener: LoopbackListener
    private let thread: JoinedThread

    /// Waits for the request's last byte before it answers; that must be a `!`.
    init(_ answer: String, then ending: Ending) throws {
        let listener = try LoopbackListener()
        self.listener = listener
        port = listener.port
        thread = JoinedThread {
            let client = accept(listener.descriptor, nil, nil)
            guard client >= 0 else { return }
            defer { close(client) }
            var piece = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = read(client, &piece, piece.count)
                if count <= 0 || piece[count - 1] == UInt8(ascii: "!") { break }
            }
            _ = Self.send(Array(answer.utf8), to: client)
            switch ending {
            case .close: break
            case .reset:
                var linger = linger(l_onoff: 1, l_linger: 0)
                setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            case .hang:
                while read(client, &piece, piece.count) > 0 {}
            case .repeatForEver(let bytes):
                while Self.send(bytes, to: client) {}
            }
        }
    }

    /// Ends the wait for a connection, if none came, and the thread.
    func stop() {
        shutdown(listener.descriptor, Int32(SHUT_RDWR))
        thread.join()
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
