import CCurl
import Delivery
import Entries

/// Sends POST requests to one address over one kept connection, and brings back status and first bytes of the answer.
///
/// Not `Sendable`: belongs to the thread that sends.
struct HTTPSender: ~Copyable {
    /// What a server said.
    struct Answer {
        let status: Int
        /// Whether it answers a POST; a redirect may have made a GET of it.
        let isToPost: Bool
        let retryAfter: Duration?

        /// The beginning of the body.
        let body: [UInt8]

        /// Whether that is all of it.
        let isWhole: Bool
    }

    /// Where a sender sends, and how.
    struct Setup {
        let address: ServerAddress
        let userAgent: String
        let tls: TLSOptions
        let proxy: ProxyOptions
        let followsRedirects: Bool
        let timeout: Duration
        let bodyBytesLimit: Int
        let interrupt: PushInterrupt
    }

    /// libcurl allocates the buffer for every request: this much comes from the heap, more would be mapped anew and
    /// cost a page fault for each 4 KiB of the body.
    private static let uploadBufferBytes = 128 * 1_024

    /// The Host header that the URL alone would not give; set when the URL holds the TLS server name instead.
    let hostHeader: String?

    private let handle: CurlHandle
    private let exchange: Exchange
    private let interrupt: PushInterrupt
    private let followsRedirects: Bool
    private var tls: TLSMaterial

    // libcurl reads these during transfers without copying them.
    private let connectTo: HeaderList
    private let connectHeaders: HeaderList

    init(_ setup: Setup) throws(ClientError) {
        let handle = try CurlHandle()
        let exchange = Exchange(bodyBytesLimit: setup.bodyBytesLimit, interrupt: setup.interrupt)
        let tls = try TLSMaterial(setup.tls, for: handle)
        try exchange.attach(to: handle)
        try Self.setBasics(setup, on: handle)

        var url = setup.address.url
        var hostHeader: String?
        var connectTo = HeaderList()
        if setup.address.isSecure, let name = setup.tls.serverName, !name.isEmpty, name != setup.address.host {
            // libcurl names and verifies the URL's host, so the URL takes the name and the connection goes elsewhere.
            guard let renamed = setup.address.url(atHost: name) else { throw .url(option: "server_name") }
            url = renamed
            hostHeader = setup.address.authority
            let port = setup.address.port
            connectTo.append("\(name):\(port):\(setup.address.host):\(port)")
            try handle.setList(CURLOPT_CONNECT_TO, connectTo)
        }
        try handle.set(CURLOPT_URL, url)

        let route = ProxyRoute(setup.proxy, isSecure: setup.address.isSecure)
        var connectHeaders = HeaderList()
        for header in route.connectHeaders {
            guard HeaderList.isName(header.name), HeaderList.isValue(header.value.revealed) else {
                throw .header(name: header.name)
            }
            connectHeaders.add(header.name, header.value.revealed)
        }
        try handle.set(CURLOPT_PROXY, route.url.revealed)
        try handle.set(CURLOPT_NOPROXY, route.noProxy)
        try handle.setList(CURLOPT_PROXYHEADER, connectHeaders)

        self.handle = handle
        self.exchange = exchange
        self.tls = tls
        self.hostHeader = hostHeader
        self.connectTo = connectTo
        self.connectHeaders = connectHeaders
        interrupt = setup.interrupt
        followsRedirects = setup.followsRedirects
    }

    /// Sends `body` and waits for the answer.
    ///
    /// Redirects go by libcurl's rules, which are Go's: user name, password and an Authorization header stay with the
    /// first host.
    mutating func post(
        _ body: Bytes,
        headers: borrowing HeaderList,
        username: String? = nil,
        password: String? = nil
    ) throws(TransportError) -> Answer {
        guard !interrupt.isSet else { throw Self.interrupted }
        try tls.refresh(on: handle)
        exchange.reset()
        do throws(ClientError) {
            try handle.setList(CURLOPT_HTTPHEADER, headers)
            try handle.set(CURLOPT_USERNAME, username)
            try handle.set(CURLOPT_PASSWORD, password)
            try handle.check(ccurl_set_body(handle.pointer, body.start, body.count))
        } catch {
            throw TransportError(.other, error.description)
        }
        let code = curl_easy_perform(handle.pointer)
        // The bytes are the caller's again: nothing may point at them.
        _ = ccurl_set_body(handle.pointer, nil, 0)
        return try answer(code)
    }

    private func answer(_ code: CURLcode) throws(TransportError) -> Answer {
        let status = ccurl_status(handle.pointer)
        // A status with a whole header counts even if the body broke off or went on for too long, but not if it sent
        // us on to where the failure was. Without a whole header it never counts, whatever libcurl says: a server that
        // dies while it answers has not promised anything.
        let isRedirect = followsRedirects && 300...399 ~= status
        guard exchange.isHeaderComplete, status >= 200, code == CURLE_OK || !isRedirect else {
            if interrupt.isSet { throw Self.interrupted }
            if code == CURLE_OK { throw TransportError(.reset, "the answer ended within its header") }
            throw TransportError(CurlFailure.kind(of: code), String(cString: curl_easy_strerror(code)))
        }
        let seconds = min(ccurl_retry_after(handle.pointer), 1_000_000)
        return Answer(
            status: status,
            isToPost: ccurl_was_post(handle.pointer) != 0,
            retryAfter: seconds > 0 ? .seconds(seconds) : nil,
            body: exchange.body,
            isWhole: code == CURLE_OK && exchange.bodyBytes == exchange.body.count
        )
    }

    private static let interrupted = TransportError(.interrupted, "interrupted")

    private static func setBasics(_ setup: Setup, on handle: borrowing CurlHandle) throws(ClientError) {
        let timeout = max(1, min(Int(setup.timeout / .milliseconds(1)), Int(Int32.max)))
        try handle.set(CURLOPT_TIMEOUT_MS, timeout)
        try handle.set(CURLOPT_CONNECTTIMEOUT_MS, min(timeout, 30_000))
        // Timeouts must not use SIGALRM: other threads run.
        try handle.set(CURLOPT_NOSIGNAL, true)
        try handle.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try handle.set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        // The path goes out as it is configured, dots included.
        try handle.set(CURLOPT_PATH_AS_IS, true)
        try handle.set(CURLOPT_FOLLOWLOCATION, setup.followsRedirects)
        try handle.set(CURLOPT_MAXREDIRS, 10)
        // With one way alone libcurl sends the password at once instead of waiting for a 401.
        try handle.set(CURLOPT_HTTPAUTH, ccurl_auth_basic())
        try handle.set(CURLOPT_USERAGENT, setup.userAgent)
        try handle.set(CURLOPT_UPLOAD_BUFFERSIZE, uploadBufferBytes)
        try handle.set(CURLOPT_TCP_KEEPALIVE, true)
        // Promtail keeps an idle connection for 5 min.
        try handle.set(CURLOPT_MAXAGE_CONN, 300)
        try handle.set(CURLOPT_MAXCONNECTS, 2)
        // Our headers are not the proxy's, and a proxy's answer to CONNECT is not the server's.
        try handle.set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        try handle.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
    }
}
