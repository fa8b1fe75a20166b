import NIOCore
import NIOHTTP1

/// One connection: collects a request within its bounds, has it answered, goes on with the next.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: HTTPServer.Limits
    private let budget: BodyBudget
    private let answer: @Sendable (HTTPRequest) -> HTTPAnswer
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isRefused = false
    private var timeout: Scheduled<Void>?

    init(
        limits: HTTPServer.Limits,
        budget: BodyBudget,
        answer: @escaping @Sendable (HTTPRequest) -> HTTPAnswer
    ) {
        self.limits = limits
        self.budget = budget
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        limit(context, seconds: limits.idleSeconds)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timeout?.cancel()
        dropBody()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Closes the connection unless something happens within `seconds`.
    private func limit(_ context: ChannelHandlerContext, seconds: Int64) {
        timeout?.cancel()
        let channel = context.channel
        timeout = context.eventLoop.scheduleTask(in: .seconds(seconds)) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(context, head)
        case .body(let part): take(context, part)
        case .end: finish(context)
        }
    }

    private func begin(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        limit(context, seconds: limits.requestSeconds)
        self.head = head
        dropBody()
        isRefused = false
        let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        if announced > limits.bodyBytes { refuse(context) }
    }

    private func dropBody() {
        budget.giveBack(body.count)
        body.removeAll(keepingCapacity: body.capacity <= 64 * 1024)
    }

    private func take(_ context: ChannelHandlerContext, _ part: ByteBuffer) {
        guard !isRefused else { return }
        guard body.count + part.readableBytes <= limits.bodyBytes else { return refuse(context) }
        guard budget.take(part.readableBytes) else {
            return refuse(context, .text(503, "too many large requests at a time\n"))
        }
        part.withUnsafeReadableBytes { body.append(contentsOf: $0) }
    }

    private func refuse(_ context: ChannelHandlerContext) {
        refuse(context, .text(413, "body larger than \(limits.bodyBytes) bytes\n"))
    }

    private func refuse(_ context: ChannelHandlerContext, _ reason: HTTPResponse) {
        isRefused = true
        dropBody()
        var answer = reason
        answer.ending = .close
        write(context, answer, isHead: false, version: .http1_1)
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard let head, !isRefused else { return }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let request = HTTPRequest(
            method: head.method.rawValue,
            path: String(parts[0]),
            query: parts.count > 1 ? String(parts[1]) : "",
            headers: head.headers.map { ($0.name, $0.value) },
            body: body
        )
        dropBody()
        switch answer(request) {
        case .now(let response): deliver(context, response, to: head)
        case .later(let pending, let seconds, let late):
            timeout?.cancel()
            timeout = context.eventLoop.scheduleTask(in: .seconds(seconds)) { pending.give(late) }
            let eventLoop = context.eventLoop
            let bound = NIOLoopBound((self, context), eventLoop: eventLoop)
            pending.whenGiven { response in
                eventLoop.execute {
                    let (handler, context) = bound.value
                    handler.deliver(context, response, to: head)
                }
            }
        }
    }

    private func deliver(_ context: ChannelHandlerContext, _ response: HTTPResponse, to head: HTTPRequestHead) {
        guard context.channel.isActive else { return }
        limit(context, seconds: limits.idleSeconds)
        var response = response
        if !head.isKeepAlive, response.ending == .keepAlive { response.ending = .close }
        let isHead = head.method == .HEAD
        let version = head.version
        guard response.delay > 0 else { return write(context, response, isHead: isHead, version: version) }
        let late = response
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .nanoseconds(late.delay)) {
            let (handler, context) = bound.value
            handler.write(context, late, isHead: isHead, version: version)
        }
    }

    private func write(_ context: ChannelHandlerContext, _ answer: HTTPResponse, isHead: Bool, version: HTTPVersion) {
        if answer.ending == .cut {
            context.close(promise: nil)
            return
        }
        var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
        let status = HTTPResponseStatus(statusCode: answer.status)
        if status.mayHaveResponseBody { headers.replaceOrAdd(name: "Content-Length", value: "\(answer.body.count)") }
        if answer.ending == .close { headers.replaceOrAdd(name: "Connection", value: "close") }
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: version, status: status, headers: headers))),
            promise: nil
        )
        if !isHead, !answer.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        }
        let done = context.eventLoop.makePromise(of: Void.self)
        if answer.ending == .close {
            let channel = context.channel
            done.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: done)
    }
}
