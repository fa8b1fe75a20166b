package import Configuration
import Entries
import Glibc
import HTTPServer
import NIOCore
import NIOPosix

/// Receives syslog over TCP or UDP and hands it to a pipeline (sources.md 9).
///
/// One thread serves all connections. While the output is blocked connections are not read, so that their senders wait;
/// datagrams that come then are counted and lost, as nobody holds them back.
package final class SyslogReceiver: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    private let names: HostNames?
    /// The port that was bound, also where 0 was asked for.
    package let port: Int

    /// Connections at a time; further ones are closed at once.
    private static let connectionLimit = 1_000
    /// Bytes of the kernel's buffer for datagrams, as in Promtail: 1 MiB.
    private static let datagramBuffer = 1 << 20

    /// Binds and listens.
    ///
    /// - Throws: when the address cannot be bound, in one sentence.
    package init(
        _ options: SyslogOptions,
        rules: [RelabelRule],
        needsNames: Bool,
        sink: any MessageSink,
        counts: ReceiverCounts,
        log: @escaping @Sendable (String) -> Void
    ) throws(ReceiverError) {
        guard let address = ListenAddress(options.listenAddress) else {
            throw ReceiverError(description: "syslog: listen_address '\(options.listenAddress)' has no port")
        }
        let names = needsNames ? HostNames() : nil
        self.names = names
        let make: @Sendable () -> SyslogIntake = { SyslogIntake(options, rules: rules) }
        do {
            switch options.transport {
            case .tcp:
                let tls = try options.tls?.load()
                let open = ConnectionCount(limit: Self.connectionLimit)
                channel = try ServerBootstrap(group: group)
                    .serverChannelOption(.backlog, value: 256)
                    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                    .childChannelOption(.maxMessagesPerRead, value: 1)
                    .childChannelOption(.allowRemoteHalfClosure, value: true)
                    .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 64 << 10))
                    .childChannelInitializer { channel in
                        guard open.enter() else { return channel.close() }
                        channel.closeFuture.whenComplete { _ in open.leave() }
                        return channel.eventLoop.makeCompletedFuture {
                            if let tls { try channel.pipeline.syncOperations.addHandler(tls.makeHandler()) }
                            try channel.pipeline.syncOperations.addHandler(
                                SyslogConnection(options, make(), names: names, sink: sink, counts: counts, log: log)
                            )
                        }
                    }
                    .bind(host: address.host, port: address.port).wait()
            case .udp:
                channel = try DatagramBootstrap(group: group)
                    .channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(Self.datagramBuffer))
                    .channelOption(.maxMessagesPerRead, value: 16)
                    .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 64 << 10))
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(
                                SyslogDatagrams(options, make(), names: names, sink: sink, counts: counts)
                            )
                        }
                    }
                    .bind(host: address.host, port: address.port).wait()
            }
        } catch let error as HTTPServer.StartError {
            try? group.syncShutdownGracefully()
            throw ReceiverError(description: "syslog: \(error)")
        } catch {
            try? group.syncShutdownGracefully()
            let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
            throw ReceiverError(description: "syslog: cannot listen on \(options.listenAddress): \(reason)")
        }
        port = channel.localAddress?.port ?? address.port
    }

    /// Listens no more, closes all connections and ends the thread.
    package func stop() {
        try? channel.close().wait()
        try? group.syncShutdownGracefully()
        names?.stop()
    }
}
