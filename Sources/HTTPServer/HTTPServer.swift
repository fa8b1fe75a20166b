import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP/1.1 server for a few short answers: status pages, metrics, a push endpoint.
///
/// Requests are taken whole, within bounds, and given to one function on the one thread of the server, which answers at
/// once or leaves the answer to another thread. What goes beyond a bound is refused before it is buffered.
package final class HTTPServer: Sendable {
    /// Bounds on what a peer can make the server hold or wait for.
    package struct Limits: Sendable {
        /// Largest body in bytes; a larger one is answered 413 and the connection closed.
        package var bodyBytes = 32 * 1024 * 1024
        /// Bytes of all bodies that are coming in at a time; what comes beyond is answered 503.
        package var allBodyBytes = 128 * 1024 * 1024
        /// Connections at a time; further ones are closed at once.
        package var connections = 1_000
        /// Seconds without a byte in either direction after which a connection is closed.
        package var idleSeconds: Int64 = 30
        /// Seconds in which a request must have come in whole.
        package var requestSeconds: Int64 = 60

        package init() {}
    }

    package struct StartError: Error, CustomStringConvertible {
        package let description: String
        package init(description: String) { self.description = description }
    }

    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    /// The port that was bound, also where 0 was asked for.
    package let port: Int

    /// Binds and listens.
    ///
    /// - Parameters:
    ///   - address: a numeric IPv4 or IPv6 address or a name; empty for all of the machine's addresses.
    ///   - port: 0 for one that the kernel chooses; see ``port``.
    ///   - limits: how many connections there may be, and what each may use of memory and time.
    ///   - tls: encrypts every connection, if there is one.
    ///   - answer: runs on the server's thread, one request at a time; must not wait long.
    /// - Throws: when the address cannot be bound, in one sentence.
    package init(
        address: String,
        port: Int,
        limits: Limits = Limits(),
        tls: ServerTLS? = nil,
        answer: @escaping @Sendable (HTTPRequest) -> HTTPAnswer
    ) throws(StartError) {
        let open = ConnectionCount(limit: limits.connections)
        let budget = BodyBudget(limit: limits.allBodyBytes)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            // For restarts; SO_REUSEPORT stays off, so that a taken port is an error.
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 8192, maximum: 262_144)
            )
            .childChannelInitializer { channel in
                guard open.enter() else { return channel.close() }
                channel.closeFuture.whenComplete { _ in open.leave() }
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(tls.makeHandler()) }
                    try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                    try pipeline.addHandler(ConnectionHandler(limits: limits, budget: budget, answer: answer))
                }
            }
        do {
            channel = try bootstrap.bind(host: address.isEmpty ? "::" : address, port: port).wait()
        } catch {
            try? group.syncShutdownGracefully()
            // NIO names the call as well, which helps nobody who configures a port.
            let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
            throw StartError(description: "cannot listen on \(Self.name(of: address)):\(port): \(reason)")
        }
        self.port = channel.localAddress?.port ?? port
    }

    /// A server whose every answer is known at once.
    package convenience init(
        address: String,
        port: Int,
        limits: Limits = Limits(),
        handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) throws(StartError) {
        try self.init(address: address, port: port, limits: limits, answer: { .now(handler($0)) })
    }

    private static func name(of address: String) -> String {
        if address.isEmpty { return "*" }
        return address.contains(":") ? "[\(address)]" : address
    }

    /// Stops listening, closes all connections and ends the thread.
    package func stop() {
        try? channel.close().wait()
        try? group.syncShutdownGracefully()
    }
}

/// How many bytes all bodies take that are coming in.
final class BodyBudget: Sendable {
    private let used = Mutex(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Takes room for `count` bytes; false when there is none.
    func take(_ count: Int) -> Bool {
        used.withLock { used in
            guard used + count <= limit else { return false }
            used += count
            return true
        }
    }

    func giveBack(_ count: Int) { used.withLock { $0 -= count } }
}
