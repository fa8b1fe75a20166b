import Glibc
import Synchronization

/// A listening TCP socket on a free port of 127.0.0.1, closed when the last reference goes.
///
/// The kernel completes connections up to the backlog by itself, so that clients connect before anybody accepts.
package final class LoopbackListener: Sendable {
    package let descriptor: Int32
    package let port: UInt16

    /// Listens on `port`; 0 for any.
    package init(port: UInt16 = 0) throws {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw TemporaryFolder.Failure(call: "socket", code: errno) }
        // Or its port could not be listened on again while old connections are remembered.
        var isOn: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &isOn, socklen_t(MemoryLayout<Int32>.size))
        var address = Self.loopback(port: port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard code else {
            let error = errno
            close(socket)
            throw TemporaryFolder.Failure(call: "bind", code: error)
        }
        descriptor = socket
        self.port = UInt16(bigEndian: address.sin_port)
    }

    private let isClosed = Atomic(false)

    deinit { stop() }

    /// Listens no more; whoever waits in accept(2) is woken.
    package func stop() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// Whether something accepts connections on `port` of 127.0.0.1.
    package static func isAnswering(_ port: UInt16) -> Bool {
        guard let socket = try? connect(port) else { return false }
        close(socket)
        return true
    }

    /// A connection to `port` of 127.0.0.1; the caller closes it.
    package static func connect(_ port: UInt16) throws -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw TemporaryFolder.Failure(call: "socket", code: errno) }
        var address = loopback(port: port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        if isConnected { return socket }
        let code = errno
        close(socket)
        throw TemporaryFolder.Failure(call: "connect", code: code)
    }

    static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
