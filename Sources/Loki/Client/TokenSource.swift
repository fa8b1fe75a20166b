import Delivery
import Entries

/// Fetches OAuth 2 tokens by the client-credentials grant (RFC 6749, 4.4) and keeps each until shortly before its end.
///
/// Not `Sendable`: part of one ``PushClient``.
final class TokenSource {
    private struct Token {
        let authorization: String

        /// Nil if the server named no end.
        let end: ContinuousClock.Instant?

        /// What it was fetched with.
        let secret: String
    }

    /// A token is fetched anew this long before its end, as Go does, so that it does not end on the way.
    private static let margin = Duration.seconds(10)
    private static let answerBytesLimit = 64 * 1_024

    private var sender: HTTPSender
    private let headers: HeaderList
    private let options: OAuth2Options
    private var secret: SecretReader
    private var token: Token?

    /// Whether the token server wants the client's name in the form, not as basic authentication; found out by trying.
    private var isNamedInForm = false

    init(
        _ oauth2: OAuth2Options,
        options: ClientOptions,
        interrupt: PushInterrupt
    ) throws(ClientError) {
        guard let address = ServerAddress(oauth2.tokenURL) else { throw .url(option: "token_url") }
        let setup = HTTPSender.Setup(
            address: address,
            userAgent: options.userAgent,
            tls: oauth2.tls,
            proxy: oauth2.proxy,
            followsRedirects: options.followsRedirects,
            timeout: options.timeout,
            bodyBytesLimit: Self.answerBytesLimit,
            interrupt: interrupt
        )
        let sender = try HTTPSender(setup)
        var headers = HeaderList()
        headers.add("Content-Type", "application/x-www-form-urlencoded")
        headers.add("Accept", "application/json")
        if let host = sender.hostHeader { headers.add("Host", host) }
        self.sender = sender
        self.headers = headers
        self.options = oauth2
        secret = SecretReader(oauth2.clientSecret)
    }

    /// The Authorization header of the token in force, fetched if there is none.
    func authorization() throws(TransportError) -> String {
        let secret = try secret.current()
        if let token, token.secret == secret, token.end.map({ ContinuousClock.now + Self.margin < $0 }) ?? true {
            return token.authorization
        }
        token = nil
        let fetched = try fetch(secret)
        token = fetched
        return fetched.authorization
    }

    /// Forgets the token, as the server does not take it; false if there was none to forget.
    func discard() -> Bool {
        defer { token = nil }
        return token != nil
    }

    private func fetch(_ secret: String) throws(TransportError) -> Token {
        let asked = ContinuousClock.now
        var answer = try request(secret)
        if !(200...299 ~= answer.status), !isNamedInForm {
            isNamedInForm = true
            answer = try request(secret)
            if !(200...299 ~= answer.status) { isNamedInForm = false }
        }
        guard 200...299 ~= answer.status else {
            throw TransportError(.credentials, "the token server returned HTTP status \(answer.status)")
        }
        guard let fields = TokenAnswer(answer.body) else {
            throw TransportError(.credentials, "the token server's answer holds no token")
        }
        return Token(
            authorization: "\(fields.type) \(fields.token)",
            end: fields.lifetime.map { asked + $0 },
            secret: secret
        )
    }

    private func request(_ secret: String) throws(TransportError) -> HTTPSender.Answer {
        var fields = [("grant_type", "client_credentials")]
        if !options.scopes.isEmpty { fields.append(("scope", options.scopes.joined(separator: " "))) }
        fields += options.endpointParameters.map { ($0.name, $0.value.revealed) }
        if isNamedInForm { fields += [("client_id", options.clientID), ("client_secret", secret)] }
        let form = FormEncoding.encode(fields)
        return try Bytes.with(Array(form.utf8)) { body throws(TransportError) in
            try sender.post(
                body,
                headers: headers,
                username: isNamedInForm ? nil : FormEncoding.encode(options.clientID),
                password: isNamedInForm ? nil : FormEncoding.encode(secret)
            )
        }
    }
}
