import Delivery
import TestSupport
import Testing

@testable import Loki

/// Requests and answers against a real nginx.
@Suite(.needs("nginx", NginxServer.isInstalled))
struct PushClientHTTPTests {
    /// Answers 400 with what it was sent.
    private static let echo = """
        location /echo {
          return 400 "$request_method|$content_type|$content_length|$http_user_agent|$http_x_scope_orgid|$http_host|\
        $http_expect|$http_accept|$http_accept_encoding|$http_transfer_encoding|$http_x_own|$http_authorization|\
        $args|$connection_requests";
        }
        """

    private struct Echo {
        let fields: [String]

        init(_ outcome: PushOutcome) throws {
            fields = outcome.words.split(separator: "|", omittingEmptySubsequences: false).map { String($0) }
            try #require(fields.count == 14, "\(outcome)")
        }

        var method: String { fields[0] }
        var contentType: String { fields[1] }
        var contentLength: String { fields[2] }
        var userAgent: String { fields[3] }
        var tenant: String { fields[4] }
        var host: String { fields[5] }
        var unwanted: [String] { Array(fields[6...9]) }
        var own: String { fields[10] }
        var authorization: String { fields[11] }
        var query: String { fields[12] }
        var requestOnConnection: String { fields[13] }
    }

    @Test(arguments: [200, 202, 204])
    func every2xxIsAccepted(_ status: Int) throws {
        let server = try NginxServer("location / { return \(status); }")
        #expect(try push(ClientOptions(to: server.url())) == .accepted)
    }

    @Test func sendsPromtailsHeadersAndNoOthers() throws {
        let server = try NginxServer(Self.echo)
        let echo = try Echo(push(ClientOptions(to: server.url("/echo?a=b&c=d")), tenant: "team-1"))
        #expect(echo.method == "POST")
        #expect(echo.contentType == "application/x-protobuf")
        #expect(echo.contentLength == "4")
        #expect(echo.userAgent == "sluice/test")
        #expect(echo.tenant == "team-1")
        #expect(echo.host == "127.0.0.1:\(server.port)")
        #expect(echo.query == "a=b&c=d")
        #expect(echo.unwanted == ["", "", "", ""])
        #expect(echo.authorization == "")
    }

    @Test(arguments: [nil, ""])
    func withoutTenantNoHeaderIsSent(_ tenant: String?) throws {
        let server = try NginxServer(Self.echo)
        #expect(try Echo(push(ClientOptions(to: server.url("/echo")), tenant: tenant)).tenant == "")
    }

    @Test func ownHeadersCannotReplaceOurs() throws {
        let server = try NginxServer(Self.echo)
        var options = ClientOptions(to: server.url("/echo"))
        options.headers = [
            .init("content-type", Secret("text/evil")), .init("USER-AGENT", Secret("evil")),
            .init("x-scope-orgid", Secret("own-tenant")), .init("Host", Secret("evil.test")),
            .init("Content-Length", Secret("1")), .init("X-Own", Secret("kept")), .init("x-own", Secret("later")),
        ]
        let echo = try Echo(push(options, tenant: "team-1"))
        #expect(echo.contentType == "application/x-protobuf")
        #expect(echo.userAgent == "sluice/test")
        #expect(echo.tenant == "team-1")
        #expect(echo.host == "127.0.0.1:\(server.port)")
        #expect(echo.contentLength == "4")
        #expect(echo.own == "kept")
        #expect(try Echo(push(options)).tenant == "own-tenant")
    }

    @Test func anAddedHeaderIsReadAgainWhenItsFileChanges() throws {
        let server = try NginxServer(Self.echo)
        let folder = try TemporaryFolder()
        var options = ClientOptions(to: server.url("/echo"))
        options.addedHeaders = [
            .init("Content-Type", .value(Secret("text/evil"))),
            .init("X-Own", .file(try folder.write("own", " one\n"))),
        ]
        var client = try PushClient(options)
        let echo = try Echo(client.push([1]))
        #expect(echo.own == "one" && echo.contentType == "application/x-protobuf")
        try folder.write("own", "another\n")
        #expect(try Echo(client.push([1])).own == "another")
        try folder.write("own", "a line\nand another\n")
        #expect(client.push([1]).failureKind == .credentials)
    }

    @Test func everyAddedHeaderIsSent() throws {
        // A header that nginx joins, of whatever version it is.
        let server = try NginxServer("location / { return 400 $http_x_forwarded_for; }")
        var options = ClientOptions(to: server.url())
        options.addedHeaders = ["a", "b"].map { .init("X-Forwarded-For", .value(Secret($0))) }
        #expect(try push(options).words == "a, b")
    }

    @Test func aMissingHeaderFileIsWorthAnotherAttempt() throws {
        var options = ClientOptions(to: "http://127.0.0.1:1/")
        options.addedHeaders = [.init("X-Own", .file("/nonexistent/CANARY"))]
        let outcome = try push(options)
        #expect(outcome.failureKind == .credentials && !"\(outcome)".contains("CANARY"))
    }

    @Test func oneConnectionServesManyPushesAndTenants() throws {
        let server = try NginxServer(Self.echo)
        var client = try PushClient(ClientOptions(to: server.url("/echo")))
        for number in 1...5 {
            let tenant = number % 2 == 0 ? "a" : "b"
            let echo = try Echo(client.push(Array("body".utf8), tenant: tenant))
            #expect(echo.requestOnConnection == "\(number)")
            #expect(echo.tenant == tenant)
        }
    }

    @Test func aServerThatWasRestartedIsReachedByTheNextPush() throws {
        let first = try NginxServer("location / { return 204; }")
        var client = try PushClient(ClientOptions(to: first.url()))
        #expect(client.push([1]) == .accepted)
        first.stop()
        #expect(client.push([1]).isWorthRetrying)
        let second = try NginxServer("location / { return 204; }", port: first.port)
        #expect(client.push([1]) == .accepted)
        second.stop()
    }

    @Test func theURLGoesOutAsItIsConfigured() throws {
        let server = try NginxServer("location / { return 400 $request_uri; }")
        let path = "/a/../b//c/?x=%20y&&z"
        #expect(try push(ClientOptions(to: server.url(path))).words == path)
    }

    @Test func bodiesOfSeveralMebibytesArriveWhole() throws {
        let server = try NginxServer(Self.echo)
        let body = [UInt8](repeating: 7, count: 5 * 1_024 * 1_024)
        #expect(try Echo(push(ClientOptions(to: server.url("/echo")), body: body)).contentLength == "\(body.count)")
    }

    @Test func tooManyRequestsBringsRetryAfter() throws {
        let server = try NginxServer("location / { add_header Retry-After 17 always; return 429 'slow down'; }")
        let outcome = try push(ClientOptions(to: server.url()))
        #expect(outcome == .rateLimited(retryAfter: .seconds(17), detail: .init("slow down".utf8, isWhole: true)))
    }

    @Test(arguments: [500, 502, 503])
    func serverErrorsAreWorthAnotherAttempt(_ status: Int) throws {
        let server = try NginxServer("location / { return \(status) 'broken'; }")
        let outcome = try push(ClientOptions(to: server.url()))
        #expect(outcome == .unavailable(.status(status, detail: .init("broken".utf8, isWhole: true)), retryAfter: nil))
    }

    @Test(arguments: [400, 403, 404, 413])
    func otherStatusesAreRefused(_ status: Int) throws {
        let server = try NginxServer("location / { return \(status) \"first\\nsecond\"; }")
        let outcome = try push(ClientOptions(to: server.url()))
        #expect(outcome.status == status && !outcome.isWorthRetrying)
        #expect(outcome.words == "first")
    }

    @Test(arguments: [(307, "POST", "4"), (308, "POST", "4"), (301, "GET", ""), (302, "GET", ""), (303, "GET", "")])
    func redirectsGoByTheirKind(_ status: Int, _ method: String, _ length: String) throws {
        let server = try NginxServer("location /old { return \(status) /echo; }\n\(Self.echo)")
        let echo = try Echo(push(ClientOptions(to: server.url("/old")), tenant: "t"))
        #expect(echo.method == method)
        #expect(echo.contentLength == length)
        #expect(echo.tenant == "t")
    }

    /// As the login page of a proxy in front of Loki does: nothing was pushed, so nothing was accepted.
    @Test(arguments: [301, 302, 303])
    func aPageBehindARedirectDoesNotAcceptAPush(_ status: Int) throws {
        let server = try NginxServer(
            "location /old { return \(status) /login; } location /login { return 200 'Please log in'; }"
        )
        #expect(try push(ClientOptions(to: server.url("/old"))).failureKind == .redirects)
    }

    @Test(arguments: [307, 308])
    func aPushThatIsSentOnWholeIsAccepted(_ status: Int) throws {
        let server = try NginxServer("location /old { return \(status) /new; } location /new { return 204; }")
        #expect(try push(ClientOptions(to: server.url("/old"))) == .accepted)
    }

    @Test func redirectsAreRefusedWhenNotFollowed() throws {
        let server = try NginxServer("location / { return 307 /echo; }\n\(Self.echo)")
        var options = ClientOptions(to: server.url())
        options.followsRedirects = false
        #expect(try push(options).status == 307)
    }

    @Test func redirectsInACircleEnd() throws {
        let server = try NginxServer("location / { return 307 /; }")
        #expect(try push(ClientOptions(to: server.url())).failureKind == .redirects)
    }

    @Test func credentialsStayWithTheFirstServer() throws {
        let other = try NginxServer(Self.echo)
        let first = try NginxServer("location / { return 307 \(other.url("/echo", host: "localhost")); }")
        var options = ClientOptions(to: first.url())
        options.authentication = .authorization(type: "Bearer", credentials: .value(Secret("CANARY")))
        #expect(try Echo(push(options)).authorization == "")
        options.authentication = .basic(username: .value(Secret("u")), password: .value(Secret("CANARY")))
        #expect(try Echo(push(options)).authorization == "")
    }

    @Test func basicAuthenticationIsCheckedByTheServer() throws {
        let folder = try TemporaryFolder()
        let users = try folder.write("users", "loki:{PLAIN}right\n")
        let server = try NginxServer(
            "location / { auth_basic x; auth_basic_user_file \(users); try_files /none @done; } location @done { return 204; }"
        )
        func outcome(_ password: SecretSource, at url: String? = nil) throws -> PushOutcome {
            var options = ClientOptions(to: url ?? server.url())
            options.authentication = .basic(username: .value(Secret("loki")), password: password)
            return try push(options)
        }
        #expect(try outcome(.value(Secret("right"))) == .accepted)
        #expect(try outcome(.value(Secret("wrong"))).status == 401)
        #expect(try push(ClientOptions(to: server.url())).status == 401)
        #expect(try push(ClientOptions(to: "http://loki:right@127.0.0.1:\(server.port)/")) == .accepted)
        #expect(try outcome(.value(Secret("right")), at: "http://loki:bad@127.0.0.1:\(server.port)/") == .accepted)

        let file = try folder.write("password", "  wrong\n")
        var options = ClientOptions(to: server.url())
        options.authentication = .basic(username: .value(Secret("loki")), password: .file(file))
        var client = try PushClient(options)
        #expect(client.push([1]).status == 401)
        try folder.write("password", "right\n")
        #expect(client.push([1]) == .accepted)
    }

    @Test func authorizationIsReadAgainWhenItsFileChanges() throws {
        let server = try NginxServer(Self.echo)
        let folder = try TemporaryFolder()
        var options = ClientOptions(to: server.url("/echo"))
        options.authentication = .authorization(type: "Token", credentials: .file(try folder.write("token", "one\n")))
        var client = try PushClient(options)
        #expect(try Echo(client.push([1])).authorization == "Token one")
        try folder.write("token", "another\n")
        #expect(try Echo(client.push([1])).authorization == "Token another")
    }

    @Test func aMissingPasswordFileIsWorthAnotherAttempt() throws {
        var options = ClientOptions(to: "http://127.0.0.1:1/")
        options.authentication = .authorization(type: "Bearer", credentials: .file("/nonexistent/CANARY"))
        let outcome = try push(options)
        #expect(outcome.failureKind == .credentials)
        #expect(!"\(outcome)".contains("CANARY"))
    }

    @Test func aTokenIsFetchedOnceAndUsed() throws {
        let server = try NginxServer(
            """
            location /token { return 200 '{"access_token":"t-$http_authorization","token_type":"bearer","expires_in":3600}'; }
            \(Self.echo)
            """
        )
        var options = ClientOptions(to: server.url("/echo"))
        options.authentication = .oauth2(
            OAuth2Options(tokenURL: server.url("/token"), clientID: "me", clientSecret: .value(Secret("s")))
        )
        var client = try PushClient(options)
        // "me:s" in base64.
        #expect(try Echo(client.push([1])).authorization == "Bearer t-Basic bWU6cw==")
        #expect(try Echo(client.push([1])).requestOnConnection == "2")
    }

    /// The token server below numbers its tokens: t1, t2, ...
    private func tokens(_ more: String) throws -> (server: NginxServer, options: ClientOptions) {
        let server = try NginxServer(
            """
            location /form { if ($http_authorization) { return 401; } return 200 '{"access_token":"form"}'; }
            location /long { return 200 '{"access_token":"t$connection_requests","expires_in":3600}'; }
            location /short { return 200 '{"access_token":"t$connection_requests","expires_in":9}'; }
            \(more)
            """
        )
        return (server, ClientOptions(to: server.url("/echo")))
    }

    @Test func aTokenServerMayWantTheNameInTheForm() throws {
        var (server, options) = try tokens(Self.echo)
        options.authentication = .oauth2(
            OAuth2Options(tokenURL: server.url("/form"), clientID: "me", clientSecret: .value(Secret("s")))
        )
        #expect(try Echo(push(options)).authorization == "Bearer form")
    }

    @Test func aTokenIsFetchedAnewShortlyBeforeItsEnd() throws {
        var (server, options) = try tokens(Self.echo)
        options.authentication = .oauth2(
            OAuth2Options(tokenURL: server.url("/short"), clientID: "me", clientSecret: .value(Secret("s")))
        )
        var client = try PushClient(options)
        #expect(try Echo(client.push([1])).authorization == "Bearer t1")
        #expect(try Echo(client.push([1])).authorization == "Bearer t2")
    }

    @Test func aTokenThatIsTakenBackIsReplacedOnce() throws {
        var (server, options) = try tokens(
            "location /echo { if ($http_authorization = 'Bearer t2') { return 204; } return 401 'no'; }"
        )
        options.authentication = .oauth2(
            OAuth2Options(tokenURL: server.url("/long"), clientID: "me", clientSecret: .value(Secret("s")))
        )
        #expect(try push(options) == .accepted)
        options.url = server.url("/nowhere")
        #expect(try push(options).status == 404)
    }

    @Test func anotherSecretInItsFileMakesAnotherToken() throws {
        var (server, options) = try tokens(Self.echo)
        let folder = try TemporaryFolder()
        let file = try folder.write("secret", "one\n")
        options.authentication = .oauth2(
            OAuth2Options(tokenURL: server.url("/long"), clientID: "me", clientSecret: .file(file))
        )
        var client = try PushClient(options)
        for expected in ["Bearer t1", "Bearer t1"] {
            #expect(try Echo(client.push([1])).authorization == expected)
        }
        try folder.write("secret", "another\n")
        #expect(try Echo(client.push([1])).authorization == "Bearer t2")
    }

    @Test func aTokenServerThatRefusesIsWorthAnotherAttempt() throws {
        let server = try NginxServer("location /token { return 403 'CANARY'; }\n\(Self.echo)")
        var options = ClientOptions(to: server.url("/echo"))
        options.authentication = .oauth2(
            OAuth2Options(tokenURL: server.url("/token"), clientID: "me", clientSecret: .value(Secret("s")))
        )
        let outcome = try push(options)
        #expect(outcome.description == "no answer: the token server returned HTTP status 403")
    }
}
