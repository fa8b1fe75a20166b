import Delivery
import TestSupport
import Testing

@testable import Loki

/// Pushes through a real tinyproxy.
@Suite(.needs("nginx", NginxServer.isInstalled), .needs("tinyproxy", TinyProxy.isInstalled))
struct PushClientProxyTests {
    private static let echo = "location / { return 400 \"$request_method $http_via $content_length\"; }"

    @Test func aPushGoesThroughTheProxy() throws {
        let proxy = try TinyProxy()
        let server = try NginxServer(Self.echo)
        var options = ClientOptions(to: server.url())
        options.proxy = proxy.options()
        let words = try push(options).words
        #expect(words.hasPrefix("POST ") && words.contains("test-proxy") && words.hasSuffix(" 4"), "\(words)")
    }

    @Test func listedHostsAreReachedWithoutIt() throws {
        let proxy = try TinyProxy()
        let server = try NginxServer(Self.echo)
        var options = ClientOptions(to: server.url())
        options.proxy = proxy.options("127.0.0.0/8,example.test")
        #expect(try push(options).words == "POST  4")
        options.proxy = proxy.options("example.test")
        #expect(try push(options).words == "POST  4", "Go leaves the machine itself out as well")
    }

    @Test(.needs("openssl", Certificates.isInstalled))
    func tlsGoesThroughATunnelToTheServer() throws {
        let proxy = try TinyProxy()
        let certificates = try Certificates()
        let server = try NginxServer(
            "\(certificates.server("named"))\n\(Self.echo)",
            tls: true,
            folder: certificates.folder
        )
        var options = ClientOptions(to: server.url(scheme: "https"))
        options.proxy = proxy.options()
        options.tls.ca = .file(certificates.path("ca.pem"))
        options.tls.serverName = "loki.test"
        #expect(try push(options).words == "POST  4")
        #expect(try proxy.log().contains("CONNECT 127.0.0.1:\(server.port)"))
    }

    @Test func theProxysOwnLoginIsUsed() throws {
        let proxy = try TinyProxy("BasicAuth me right")
        let server = try NginxServer(Self.echo)
        var options = ClientOptions(to: server.url())
        options.proxy = proxy.options(user: "me:right@")
        #expect(try push(options).status == 400)
    }

    @Test func anUnreachableProxyIsWorthAnotherAttempt() throws {
        var options = ClientOptions(to: "http://loki.invalid/")
        options.proxy = .fixed(url: Secret("http://127.0.0.1:\(try freePort())"), noProxy: nil, connectHeaders: [])
        #expect(try push(options).failureKind == .connect)
    }

    @Test func theEnvironmentNamesTheProxy() {
        let environment = ["http_proxy": "http://a:1", "HTTPS_PROXY": "http://b:2", "NO_PROXY": "x.test"]
        let options = ProxyOptions.environment(connectHeaders: [])
        let plain = ProxyRoute(options, isSecure: false) { environment[$0] }
        let secure = ProxyRoute(options, isSecure: true) { environment[$0] }
        let unset = ProxyRoute(options, isSecure: true) { _ in nil }
        #expect(plain.url == Secret("http://a:1"))
        #expect(secure.url == Secret("http://b:2"))
        #expect(secure.noProxy == "x.test,localhost,127.0.0.0/8,::1")
        #expect(unset.url == Secret("") && unset.noProxy == "localhost,127.0.0.0/8,::1")
    }
}
