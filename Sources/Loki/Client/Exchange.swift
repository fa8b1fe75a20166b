import CCurl

/// What comes back during one request, within bounds however much is sent.
///
/// libcurl calls in on the thread that runs the request; nothing else touches the value meanwhile.
final class Exchange {
    /// Header bytes of one request, redirects included; a server that sends more is cut off.
    private static let headerBytesLimit = 256 * 1_024

    /// Body bytes that are read and thrown away so that the connection can serve again; then it is closed instead.
    private static let drainedBytesLimit = 64 * 1_024

    /// The beginning of the last answer's body, up to the limit given to `init`.
    private(set) var body: [UInt8] = []

    /// Body bytes of the last answer, kept or not.
    private(set) var bodyBytes = 0

    /// Whether the last answer's header was complete, so that its status can be trusted.
    private(set) var isHeaderComplete = false

    private let bodyBytesLimit: Int
    private let interrupt: PushInterrupt
    private var headerBytes = 0

    init(bodyBytesLimit: Int, interrupt: PushInterrupt) {
        self.bodyBytesLimit = bodyBytesLimit
        self.interrupt = interrupt
        body.reserveCapacity(min(bodyBytesLimit, 4_096))
    }

    func reset() {
        headerBytes = 0
        startAnswer()
    }

    /// Makes `handle` call this object, which must outlive the handle's last transfer.
    func attach(to handle: borrowing CurlHandle) throws(ClientError) {
        let body: ccurl_receive = { start, _, count, context in
            Exchange.at(context)?.takeBody(UnsafeRawBufferPointer(start: start, count: count)) == true ? count : 0
        }
        let header: ccurl_receive = { start, _, count, context in
            Exchange.at(context)?.takeHeader(UnsafeRawBufferPointer(start: start, count: count)) == true ? count : 0
        }
        let progress: ccurl_progress = { context, _, _, _, _ in
            Exchange.at(context)?.interrupt.isSet == true ? 1 : 0
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        try handle.check(ccurl_set_callbacks(handle.pointer, body, header, progress, context))
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> Exchange? {
        context.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
    }

    private func startAnswer() {
        body.removeAll(keepingCapacity: true)
        bodyBytes = 0
        isHeaderComplete = false
    }

    private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        body += bytes.prefix(bodyBytesLimit - body.count)
        bodyBytes += bytes.count
        // An empty piece is always taken: refusing needs a number other than its count.
        return bodyBytes <= Self.drainedBytesLimit || bytes.isEmpty
    }

    /// Takes one whole header line, as libcurl hands them over.
    private func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        if line.starts(with: "HTTP/".utf8) {
            startAnswer()
        } else if line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
            isHeaderComplete = true
        }
        return headerBytes <= Self.headerBytesLimit
    }
}
