package import Configuration
import Entries
import Glibc
import NIOCore
import NIOPosix

/// Receives GELF over UDP and hands it to a pipeline (sources.md 13).
///
/// Datagrams that come while the output is blocked are counted and lost, as nobody holds them back.
package final class GELFReceiver: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let channel: any Channel
    /// The port that was bound, also where 0 was asked for.
    package let port: Int

    private static let datagramBuffer = 1 << 20

    /// Binds and listens.
    ///
    /// - Throws: when the address cannot be bound, in one sentence.
    package init(
        _ options: GELFOptions,
        rules: [RelabelRule],
        sink: any MessageSink,
        counts: ReceiverCounts
    ) throws(ReceiverError) {
        guard let address = ListenAddress(options.listenAddress) else {
            throw ReceiverError(description: "gelf: listen_address '\(options.listenAddress)' has no port")
        }
        do {
            channel = try DatagramBootstrap(group: group)
                .channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(Self.datagramBuffer))
                .channelOption(.maxMessagesPerRead, value: 16)
                .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 64 << 10))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let labels = MessageLabels(configured: options.labels, rules: rules)
                        try channel.pipeline.syncOperations.addHandler(
                            GELFDatagrams(options, labels, sink: sink, counts: counts)
                        )
                    }
                }
                .bind(host: address.host, port: address.port).wait()
        } catch {
            try? group.syncShutdownGracefully()
            let reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
            throw ReceiverError(description: "gelf: cannot listen on \(options.listenAddress): \(reason)")
        }
        port = channel.localAddress?.port ?? address.port
    }

    /// Listens no more and ends the thread.
    package func stop() {
        try? channel.close().wait()
        try? group.syncShutdownGracefully()
    }
}

/// The socket's handler: puts messages together and hands over what was read together.
private final class GELFDatagrams: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let options: GELFOptions
    private var labels: MessageLabels
    private let sink: any MessageSink
    private let counts: ReceiverCounts
    private var assembly = GELFAssembly()
    private var batch = MessageBatch()
    private var sums = ReceiverSums()

    init(_ options: GELFOptions, _ labels: MessageLabels, sink: any MessageSink, counts: ReceiverCounts) {
        self.options = options
        self.labels = labels
        self.sink = sink
        self.counts = counts
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var part = unwrapInboundIn(data).data
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
        let whole = assembly.take(part.readBytes(length: part.readableBytes) ?? [], now: now)
        sums.parseErrors += assembly.takeLost()
        guard let whole else { return }
        guard let message = GELFMessage(whole) else {
            sums.parseErrors += 1
            return
        }
        sums.entries += 1
        take(message)
    }

    private func take(_ message: GELFMessage) {
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        let found = [
            (name: "__gelf_message_level", value: SyslogMessage.severities[message.level & 7]),
            (name: "__gelf_message_host", value: text(message.host)),
            (name: "__gelf_message_version", value: text(message.version)),
            (name: "__gelf_message_facility", value: text(message.facility)),
        ]
        guard let labels = labels.labels(of: found) else { return }
        var timestamp: Timestamp?
        if options.usesIncomingTimestamp, message.seconds != 0, abs(message.seconds) < 1e11 {
            let whole = message.seconds.rounded(.down)
            timestamp = Timestamp(seconds: Int64(whole), nanoseconds: Int64((message.seconds - whole) * 1e9))
        }
        let index = batch.add(labels: labels)
        Bytes.with(message.line) { batch.add($0, timestamp: timestamp, labels: index) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !batch.isEmpty, !sink.offer(batch) { sums.refused += UInt64(batch.messages.count) }
        batch = MessageBatch()
        counts.add(sums)
        sums = ReceiverSums()
        context.fireChannelReadComplete()
    }
}
