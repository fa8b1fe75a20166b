import Configuration
import Entries
import Glibc
import NIOCore

/// Syslog over UDP: one message in each datagram.
final class SyslogDatagrams: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let options: SyslogOptions
    private var intake: SyslogIntake
    private let names: HostNames?
    private let sink: any MessageSink
    private let counts: ReceiverCounts

    init(
        _ options: SyslogOptions,
        _ intake: SyslogIntake,
        names: HostNames?,
        sink: any MessageSink,
        counts: ReceiverCounts
    ) {
        self.options = options
        self.intake = intake
        self.names = names
        self.sink = sink
        self.counts = counts
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        var part = envelope.data
        var bytes = part.readBytes(length: min(part.readableBytes, options.maxMessageBytes)) ?? []
        // With octet counting the length stands in front here as well; a line feed may end the message.
        if let first = bytes.first, first != UInt8(ascii: "<"), let blank = bytes.firstIndex(of: 0x20),
            bytes[..<blank].allSatisfy({ $0 &- 0x30 < 10 })
        {
            bytes.removeFirst(blank + 1)
        }
        while bytes.last == 0x0A { bytes.removeLast() }
        var peer = SyslogIntake.Peer(address: envelope.remoteAddress.ipAddress ?? "")
        if let names {
            peer.names = names.known(peer.address)
            if peer.names == nil { _ = names.find(peer.address, envelope.remoteAddress, on: context.eventLoop) }
        }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let now = Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
        Bytes.with(bytes) { intake.take($0, from: peer, now: now) }
    }

    /// Datagrams that were read together go over together.
    func channelReadComplete(context: ChannelHandlerContext) {
        var (batch, sums) = intake.takeBatch()
        if !batch.isEmpty, !sink.offer(batch) {
            sums.refused += sums.entries
            sums.entries = 0
        }
        counts.add(sums)
        context.fireChannelReadComplete()
    }
}
