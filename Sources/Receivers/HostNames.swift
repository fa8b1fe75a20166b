import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Names of addresses, asked for on threads of their own, as the answer may take long.
final class HostNames: Sendable {
    private let pool: NIOThreadPool
    private let known = Mutex<[String: String]>([:])

    /// Addresses remembered; beyond, all are forgotten.
    private static let limit = 1_024

    init() {
        pool = NIOThreadPool(numberOfThreads: 2)
        pool.start()
    }

    func stop() { pool.shutdownGracefully { _ in } }

    /// What is known already.
    func known(_ address: String) -> String? { known.withLock { $0[address] } }

    /// Finds the name of an address; empty where it has none.
    ///
    /// Names end with a dot, as Promtail shows them.
    func find(_ address: String, _ socketAddress: SocketAddress, on loop: any EventLoop) -> EventLoopFuture<String> {
        if let name = known(address) { return loop.makeSucceededFuture(name) }
        return pool.runIfActive(eventLoop: loop) { [self] in
            let name = Self.lookUp(socketAddress)
            known.withLock { known in
                if known.count >= Self.limit { known.removeAll() }
                known[address] = name
            }
            return name
        }
    }

    private static func lookUp(_ address: SocketAddress) -> String {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = address.withSockAddr { pointer, size in
            getnameinfo(pointer, socklen_t(size), &host, socklen_t(host.count), nil, 0, NI_NAMEREQD)
        }
        guard code == 0 else { return "" }
        let length = host.firstIndex(of: 0) ?? host.count
        return String(decoding: host[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self) + "."
    }
}
