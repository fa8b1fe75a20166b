package import Delivery
package import Entries

/// Pushes to one Loki, one request at a time, over one connection that is kept.
///
/// Not `Sendable`: made, used and ended by the thread that sends; a second sender thread makes its own. To end a running
/// push from outside, give a ``PushInterrupt``. Nothing it returns or throws holds what was pushed, but for the
/// server's own words in ``AnswerDetail``, which do not print.
package struct PushClient: ~Copyable {
    private enum Login {
        case none
        case basic(username: SecretReader, password: SecretReader?)
        case header(type: String, SecretReader)
        case oauth2(TokenSource)
    }

    /// What the header list in use was made for.
    private struct HeaderKey: Equatable {
        let contentType: ContentType
        let tenant: String?
        let authorization: String?
        let added: [String]
    }

    private var sender: HTTPSender
    private var login: Login
    private let customHeaders: [NamedSecret]
    private var addedHeaders: [(name: String, value: SecretReader)]
    private var headers = HeaderList()
    private var headersFor: HeaderKey?
    /// The status that the last push was answered with; nil when it got no answer.
    package private(set) var lastStatus: Int?

    /// Checks the options and reads certificates; connects to nothing.
    package init(_ options: ClientOptions, interrupt: PushInterrupt = PushInterrupt()) throws(ClientError) {
        guard let address = ServerAddress(options.url) else { throw .url(option: "url") }
        guard options.timeout > .zero else { throw .timeout }
        guard HeaderList.isValue(options.userAgent) else { throw .header(name: "User-Agent") }
        let customHeaders = try Self.usable(options.headers)
        let addedHeaders = try Self.usable(options.addedHeaders)
        let login = try Self.login(options, address: address, customHeaders: customHeaders, interrupt: interrupt)
        let setup = HTTPSender.Setup(
            address: address,
            userAgent: options.userAgent,
            tls: options.tls,
            proxy: options.proxy,
            followsRedirects: options.followsRedirects,
            timeout: options.timeout,
            bodyBytesLimit: AnswerDetail.bytesLimit,
            interrupt: interrupt
        )
        sender = try HTTPSender(setup)
        self.login = login
        self.customHeaders = customHeaders
        self.addedHeaders = addedHeaders
    }

    /// Sends `body` and waits for the answer, up to the timeout.
    ///
    /// `body` goes over the wire as it is and is lent for the call; `tenant` is for `X-Scope-OrgID`, where nil and empty
    /// send none.
    package mutating func push(_ body: Bytes, contentType: ContentType, tenant: String?) -> PushOutcome {
        lastStatus = nil
        let tenant = tenant?.isEmpty == true ? nil : tenant
        if let tenant, !HeaderList.isValue(tenant) {
            return .unsendable(reason: "the tenant holds a character that headers cannot hold")
        }
        do throws(TransportError) {
            var answer = try send(body, contentType, tenant)
            // A token may be taken back before its time: a fresh one decides.
            if answer.status == 401, case .oauth2(let tokens) = login, tokens.discard() {
                answer = try send(body, contentType, tenant)
            }
            // A login page answers 200 as well; nothing was pushed to it.
            if 200...299 ~= answer.status, !answer.isToPost {
                throw TransportError(.redirects, "a redirect made a GET of the push")
            }
            lastStatus = answer.status
            return PushOutcome(
                status: answer.status,
                retryAfter: answer.retryAfter,
                detail: AnswerDetail(answer.body, isWhole: answer.isWhole)
            )
        } catch {
            return PushOutcome(error.failure)
        }
    }

    private mutating func send(
        _ body: Bytes,
        _ contentType: ContentType,
        _ tenant: String?
    ) throws(TransportError) -> HTTPSender.Answer {
        var username: String?
        var password: String?
        var authorization: String?
        switch login {
        case .none: break
        case .basic(var name, var secret):
            username = try name.current()
            password = try secret?.current() ?? ""
            login = .basic(username: name, password: secret)
        case .header(let type, var credentials):
            authorization = "\(type) \(try credentials.current())"
            login = .header(type: type, credentials)
        case .oauth2(let tokens):
            authorization = try tokens.authorization()
        }
        if let authorization, !HeaderList.isValue(authorization) {
            throw TransportError(.credentials, "the credentials hold a character that headers cannot hold")
        }
        let added = try addedValues()
        useHeaders(
            for: HeaderKey(contentType: contentType, tenant: tenant, authorization: authorization, added: added)
        )
        return try sender.post(body, headers: headers, username: username, password: password)
    }

    /// The present values of the added headers, in their order.
    private mutating func addedValues() throws(TransportError) -> [String] {
        var values: [String] = []
        for index in addedHeaders.indices {
            let value = try addedHeaders[index].value.current()
            guard HeaderList.isValue(value) else {
                let name = addedHeaders[index].name
                throw TransportError(.credentials, "a file of the header \(name) holds what headers cannot hold")
            }
            values.append(value)
        }
        return values
    }

    /// Makes the header list anew unless it is the one of the push before.
    private mutating func useHeaders(for key: HeaderKey) {
        if key == headersFor { return }
        var list = HeaderList()
        list.add("Content-Type", key.contentType.rawValue)
        if let tenant = key.tenant { list.add("X-Scope-OrgID", tenant) }
        if let authorization = key.authorization { list.add("Authorization", authorization) }
        if let host = sender.hostHeader { list.add("Host", host) }
        let given = customHeaders.map { ($0.name, $0.value.revealed) } + zip(addedHeaders.map(\.name), key.added)
        for (name, value) in given where key.tenant == nil || name.lowercased() != "x-scope-orgid" {
            list.add(name, value)
        }
        // Or every body over 1 MiB waits a second for "100 Continue".
        list.suppress("Expect")
        if !given.contains(where: { $0.0.lowercased() == "accept" }) { list.suppress("Accept") }
        headers = list
        headersFor = key
    }

    /// Names of headers that describe the request itself.
    private static let ownNames: Set = [
        "content-type", "user-agent", "host", "content-length", "transfer-encoding", "trailer", "expect",
    ]

    private static func usable(
        _ headers: [AddedHeader]
    ) throws(ClientError) -> [(name: String, value: SecretReader)] {
        var usable: [(name: String, value: SecretReader)] = []
        for header in headers {
            guard HeaderList.isName(header.name) else { throw .header(name: header.name) }
            if case .value(let secret) = header.value, !HeaderList.isValue(secret.revealed) {
                throw .header(name: header.name)
            }
            if ownNames.contains(header.name.lowercased()) { continue }
            usable.append((header.name, SecretReader(header.value)))
        }
        return usable
    }

    /// The headers that a user may set: the first of each name, and none that describes the request itself.
    private static func usable(_ headers: [NamedSecret]) throws(ClientError) -> [NamedSecret] {
        var names = ownNames
        var usable: [NamedSecret] = []
        for header in headers {
            guard HeaderList.isName(header.name), HeaderList.isValue(header.value.revealed) else {
                throw .header(name: header.name)
            }
            if names.insert(header.name.lowercased()).inserted { usable.append(header) }
        }
        return usable
    }

    private static func login(
        _ options: ClientOptions,
        address: ServerAddress,
        customHeaders: [NamedSecret],
        interrupt: PushInterrupt
    ) throws(ClientError) -> Login {
        // As in Promtail, a header given by hand wins over every configured way.
        if customHeaders.contains(where: { $0.name.lowercased() == "authorization" }) { return .none }
        switch options.authentication {
        case .none:
            guard let username = address.username else { return .none }
            let password = SecretSource.value(Secret(address.password ?? ""))
            return .basic(username: SecretReader(.value(Secret(username))), password: SecretReader(password))
        case .basic(let username, let password):
            return .basic(username: SecretReader(username), password: password.map { SecretReader($0) })
        case .authorization(let type, let credentials):
            guard HeaderList.isName(type) else { throw .authorizationType }
            return .header(type: type, SecretReader(credentials))
        case .oauth2(let oauth2):
            return .oauth2(try TokenSource(oauth2, options: options, interrupt: interrupt))
        }
    }
}
