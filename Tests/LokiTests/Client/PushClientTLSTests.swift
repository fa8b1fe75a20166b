import Delivery
import TestSupport
import Testing

@testable import Loki

/// Handshakes with a real nginx and certificates made for the test.
@Suite(.needs("nginx", NginxServer.isInstalled), .needs("openssl", Certificates.isInstalled))
struct PushClientTLSTests {
    private let certificates: Certificates

    init() throws { certificates = try Certificates() }

    private func server(_ certificate: String, _ more: String = "location / { return 204; }") throws -> NginxServer {
        try NginxServer("\(certificates.server(certificate))\n\(more)", tls: true, folder: certificates.folder)
    }

    private func options(_ server: NginxServer, path: String = "/", host: String = "127.0.0.1") -> ClientOptions {
        var options = ClientOptions(to: server.url(path, scheme: "https", host: host))
        options.tls.ca = .file(certificates.path("ca.pem"))
        return options
    }

    @Test func aServerOfTheGivenAuthorityIsTrusted() throws {
        let server = try server("server")
        #expect(try push(options(server)) == .accepted)
        var inline = options(server)
        inline.tls.ca = .value(Secret(String(decoding: try certificates.folder.read("ca.pem"), as: UTF8.self)))
        #expect(try push(inline) == .accepted)
    }

    @Test func withoutTheAuthorityTheServerIsNotTrusted() throws {
        let server = try server("server")
        var system = options(server)
        system.tls.ca = nil
        var empty = options(server)
        empty.tls.ca = .value(Secret(""))
        for options in [system, empty] {
            #expect(try push(options).failureKind == .tls)
        }
        system.tls.skipsVerification = true
        #expect(try push(system) == .accepted)
    }

    @Test func aStrangersAuthorityIsNotTrusted() throws {
        let server = try server("server")
        let other = try Certificates()
        var options = options(server)
        options.tls.ca = .file(other.path("ca.pem"))
        #expect(try push(options).failureKind == .tls)
    }

    @Test func anEndedCertificateIsNotTrusted() throws {
        try certificates.sign("ended", names: "IP:127.0.0.1", days: -1)
        let server = try server("ended")
        let outcome = try push(options(server))
        #expect(outcome.failureKind == .tls, "\(outcome)")
    }

    @Test func theCertificateMustNameTheHost() throws {
        let server = try server("named")
        #expect(try push(options(server)).failureKind == .tls)
    }

    @Test func serverNameStandsInForTheHost() throws {
        let server = try server("named", "location / { return 400 \"$ssl_server_name $http_host\"; }")
        var options = options(server, host: "localhost")
        options.tls.serverName = "loki.test"
        #expect(try push(options).words == "loki.test localhost:\(server.port)")
        options.tls.serverName = "other.test"
        #expect(try push(options).failureKind == .tls)
    }

    @Test func aClientCertificateIsShown() throws {
        let server = try server(
            "server",
            """
            ssl_client_certificate \(certificates.path("ca.pem")); ssl_verify_client on;
            location / { return 400 "$ssl_client_s_dn"; }
            """
        )
        var shown = options(server)
        shown.tls.certificate = .file(certificates.path("client.pem"))
        shown.tls.key = .file(certificates.path("client.key"))
        #expect(try push(shown).words == "CN=client")
        #expect(try push(options(server)).words != "CN=client")
    }

    @Test func aReplacedCertificateIsUsedFromTheNextPushOn() throws {
        let server = try server(
            "server",
            """
            ssl_client_certificate \(certificates.path("ca.pem")); ssl_verify_client on;
            location / { return 400 "$ssl_client_s_dn"; }
            """
        )
        let folder = certificates.folder
        try folder.write("used.pem", folder.read("client.pem"))
        try folder.write("used.key", folder.read("client.key"))
        var shown = options(server)
        shown.tls.certificate = .file(folder.path("used.pem"))
        shown.tls.key = .file(folder.path("used.key"))
        var client = try PushClient(shown)
        #expect(client.push([1]).words == "CN=client")
        try certificates.sign("renewed", names: "DNS:client.test")
        try folder.write("used.pem", folder.read("renewed.pem"))
        try folder.write("used.key", folder.read("renewed.key"))
        #expect(client.push([1]).words == "CN=renewed")
    }

    @Test func protocolVersionsAreBounded() throws {
        let server = try server("server", "ssl_protocols TLSv1.2; location / { return 400 \"$ssl_protocol\"; }")
        var options = options(server)
        #expect(try push(options).words == "TLSv1.2")
        options.tls.maximumVersion = .tls12
        #expect(try push(options).words == "TLSv1.2")
        options.tls.maximumVersion = nil
        options.tls.minimumVersion = .tls13
        #expect(try push(options).failureKind == .tls)
    }

    @Test func mistakesAreFoundWhenTheClientIsMade() throws {
        var missing = ClientOptions(to: "https://127.0.0.1/")
        missing.tls.ca = .file("/nonexistent/ca.pem")
        #expect(throws: ClientError.unreadableFile(option: "ca_file", path: "/nonexistent/ca.pem", code: 2)) {
            _ = try PushClient(missing)
        }
        var alone = ClientOptions(to: "https://127.0.0.1/")
        alone.tls.certificate = .file(certificates.path("client.pem"))
        #expect(throws: ClientError.certificateWithoutKey) { _ = try PushClient(alone) }
        alone.tls.certificate = nil
        alone.tls.key = .file(certificates.path("client.key"))
        #expect(throws: ClientError.keyWithoutCertificate) { _ = try PushClient(alone) }
    }
}
