import Glibc
import TestSupport
import Testing

/// Delivery over TLS, by the real client to a real server.
@Suite(.serialized, .needs("nginx", NginxServer.isInstalled), .needs("openssl", Certificates.isInstalled))
struct SecureDeliveryTests {
    private func server(_ certificates: Certificates, for receiver: Receiver, _ more: String = "") throws -> NginxServer
    {
        try NginxServer(
            "\(certificates.server("server")) \(more) location / { proxy_pass http://127.0.0.1:\(receiver.port); }",
            tls: true
        )
    }

    @Test func linesArriveOverTLSWithAClientCertificate() throws {
        let certificates = try Certificates()
        let scene = try AgentScene()
        let server = try server(
            certificates,
            for: scene.receiver,
            "ssl_client_certificate \(certificates.path("ca.pem")); ssl_verify_client on;"
        )
        scene.options.client =
            "tls_config: {ca_file: \"\(certificates.path("ca.pem"))\", cert_file: \"\(certificates.path("client.pem"))\", key_file: \"\(certificates.path("client.key"))\"}"
        try scene.write("a.log", "1\n2\n")
        try scene.start(url: server.url(scheme: "https"))
        try scene.waitForEntries(2)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["1", "2"])
    }

    @Test func aCertificateThatIsNotTrustedLosesNothingAndIsToldOnce() throws {
        let certificates = try Certificates()
        let others = try Certificates()
        let scene = try AgentScene()
        let server = try server(certificates, for: scene.receiver)
        let trusted = try scene.folder.write("ca.pem", TemporaryFolder.read(absolute: others.path("ca.pem")))
        scene.options.client = "tls_config: {ca_file: \"\(trusted)\"}"
        try scene.write("a.log", "1\n2\n")
        try scene.start(url: server.url(scheme: "https"))
        let labels = "{host=\"127.0.0.1:\(server.port)\",tenant=\"\"}"
        try scene.waitForMetric("promtail_batch_retries_total\(labels)") { $0 > 5 }
        #expect(scene.receiver.pushCount == 0)
        #expect(scene.logged("will retry").count == 1)
        try scene.folder.write("ca.pem", TemporaryFolder.read(absolute: certificates.path("ca.pem")))
        try scene.waitForEntries(2)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["1", "2"])
    }
}
