import Configuration
import Entries
import Glibc
import NIOCore

/// One TCP connection: cuts messages, hands them over, and reads no further while they are not taken.
final class SyslogConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let options: SyslogOptions
    private var intake: SyslogIntake
    private let names: HostNames?
    private let sink: any MessageSink
    private let counts: ReceiverCounts
    private let log: @Sendable (String) -> Void
    private var framing: SyslogFraming
    private var peer = SyslogIntake.Peer(address: "")
    private var skipped = 0
    /// What the sink has not taken yet.
    private var pending: MessageBatch?
    /// The name of the peer is being asked for.
    private var isAskingName = false
    /// Came while something was waited for: at the end of a connection NIO reads the rest of it unasked.
    private var held: [ByteBuffer] = []
    private var endsAfterHeld = false
    private var idle: Scheduled<Void>?
    private var quiet: Scheduled<Void>?
    private var hasEnded = false

    /// The last message of line framing is complete when nothing has come for so long: 500 ms.
    private static let quietMilliseconds: Int64 = 500

    init(
        _ options: SyslogOptions,
        _ intake: SyslogIntake,
        names: HostNames?,
        sink: any MessageSink,
        counts: ReceiverCounts,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.options = options
        self.intake = intake
        self.names = names
        self.sink = sink
        self.counts = counts
        self.log = log
        framing = SyslogFraming(maximum: options.maxMessageBytes)
    }

    func channelActive(context: ChannelHandlerContext) {
        peer.address = context.remoteAddress?.ipAddress ?? ""
        waitForBytes(context)
        guard let names, let address = context.remoteAddress else { return }
        // Nothing is read before the name is known, as it may be a label.
        isAskingName = true
        context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        names.find(peer.address, address, on: context.eventLoop).whenComplete { result in
            let (handler, context) = bound.value
            handler.peer.names = (try? result.get()) ?? ""
            handler.isAskingName = false
            handler.release(context)
            guard handler.pending == nil else { return }
            context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
            context.read()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        idle?.cancel()
        quiet?.cancel()
        finish(context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else { return context.fireUserInboundEventTriggered(event) }
        finish(context)
        if hasEnded, pending == nil { context.close(promise: nil) }
    }

    /// Promtail's `idle_timeout`: a quiet connection is closed.
    private func waitForBytes(_ context: ChannelHandlerContext) {
        idle?.cancel()
        let (seconds, attoseconds) = options.idleTimeout.components
        let channel = context.channel
        let limit = TimeAmount.seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
        idle = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        waitForBytes(context)
        let part = unwrapInboundIn(data)
        guard !mustHold else { return held.append(part) }
        process(part, context)
    }

    private var mustHold: Bool { isAskingName || pending != nil }

    /// Goes on with what was held, and then with the end of the connection if that has come.
    private func release(_ context: ChannelHandlerContext) {
        while !mustHold, !held.isEmpty { process(held.removeFirst(), context) }
        if endsAfterHeld, !mustHold { finish(context) }
        if endsAfterHeld, hasEnded, pending == nil { context.close(promise: nil) }
    }

    private func process(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        quiet?.cancel()
        var part = bytes
        framing.feed(part.readBytes(length: part.readableBytes) ?? [])
        do throws(SyslogFraming.Failure) {
            while let message = try framing.next() { take(message) }
        } catch {
            intake.countParseError()
            log(Self.words(error))
            context.close(promise: nil)
        }
        while skipped < framing.skippedCount {
            skipped += 1
            intake.countParseError()
        }
        handOver(context)
        if framing.isHolding { waitForQuiet(context) }
    }

    /// Gives out the last message once nothing has come for a while.
    private func waitForQuiet(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        quiet = context.eventLoop.scheduleTask(in: .milliseconds(Self.quietMilliseconds)) {
            let (handler, context) = bound.value
            // While the output is blocked nothing more can be handed over.
            guard !handler.mustHold else { return handler.waitForQuiet(context) }
            if let last = handler.framing.flush() { handler.take(last) }
            handler.handOver(context)
        }
    }

    private func take(_ message: ArraySlice<UInt8>) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let now = Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
        Bytes.with(Array(message)) { intake.take($0, from: peer, now: now) }
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        guard !mustHold, held.isEmpty else {
            endsAfterHeld = true
            return
        }
        hasEnded = true
        if let last = framing.flush() { take(last) }
        handOver(context)
    }

    /// Hands over what has come; while it is not taken the connection is not read.
    private func handOver(_ context: ChannelHandlerContext) {
        let (batch, sums) = intake.takeBatch()
        counts.add(sums)
        if !batch.isEmpty {
            precondition(pending == nil, "a connection is not read while its messages are not taken")
            pending = batch
            offer(context, isFirst: true)
        }
    }

    private func offer(_ context: ChannelHandlerContext, isFirst: Bool) {
        guard let batch = pending else { return }
        if sink.offer(batch) {
            pending = nil
            guard !isFirst else { return }
            release(context)
            guard pending == nil else { return }
            if hasEnded { return context.close(promise: nil) }
            context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
            context.read()
            return
        }
        if isFirst { context.channel.setOption(.autoRead, value: false).whenFailure { _ in } }
        // A blocked connection is not idle.
        idle?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(OfferPeriod.milliseconds)) {
            let (handler, context) = bound.value
            handler.offer(context, isFirst: false)
        }
    }

    private static func words(_ failure: SyslogFraming.Failure) -> String {
        switch failure {
        case .unknown: "a connection that begins neither with '<' nor with a digit is no syslog; it is closed"
        case .badLength: "a message of a connection has no length where it should; the connection is closed"
        case .tooLong(let length):
            "a message of \(length) bytes is longer than max_message_length; its connection is closed"
        }
    }
}
