import TestSupport
import Testing

/// TLS of everything that listens, asked by the real openssl.
@Suite(.serialized)
struct ServerTLSTests {
    /// What a server answers to `text`; `more` are further arguments, such as the client's certificate.
    private func ask(_ port: UInt16, _ text: String, _ certificates: Certificates, _ more: [String] = []) throws
        -> String
    {
        let client =
            [
                "openssl", "s_client", "-quiet", "-no_ign_eof", "-verify_return_error", "-CAfile",
                certificates.path("ca.pem"),
            ]
            + ["-verify_hostname", "loki.test", "-connect", "127.0.0.1:\(port)"] + more
        let script = "(printf '\(text)'; sleep 1) | \(client.joined(separator: " ")) 2>/dev/null"
        return String(decoding: try Subprocess.run(["/bin/sh", "-c", script]).output, as: UTF8.self)
    }

    @Test func syslogAsksForCertificatesOfItsAuthority() throws {
        let certificates = try Certificates()
        let scene = try AgentScene()
        scene.options.source =
            "syslog: {listen_address: '127.0.0.1:0', labels: {job: syslog}, tls_config: {cert_file: \(certificates.path("server.pem")), key_file: \(certificates.path("server.key")), ca_file: \(certificates.path("ca.pem"))}}"
        try scene.start()
        let port = try scene.receiverPort("syslog listening on address")
        let own = ["-cert", certificates.path("client.pem"), "-key", certificates.path("client.key")]
        _ = try ask(port, "<13>1 - - a - - - without a certificate\\n", certificates)
        _ = try ask(port, "<13>1 - - a - - - with one\\n", certificates, own)
        try scene.waitForEntries(1)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["with one"])
    }

    @Test func theAgentsOwnServerAndThePushAPIAreEncrypted() throws {
        let certificates = try Certificates()
        let tls =
            "http_tls_config: {cert_file: \(certificates.path("server.pem")), key_file: \(certificates.path("server.key"))}"
        let scene = try AgentScene()
        scene.options.server = tls
        scene.options.source =
            "loki_push_api: {server: {http_listen_address: 127.0.0.1, http_listen_port: 0, \(tls)}, labels: {via: push}}"
        try scene.start()
        let request = "GET /ready HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n"
        #expect(try ask(scene.serverPort(), request, certificates).hasSuffix("Ready"))
        #expect(try ask(scene.receiverPort("push API listening on address"), request, certificates).hasSuffix("ready"))
        #expect(try scene.stop() == 0)
    }

    @Test func certificatesThatCannotBeReadEndTheStart() throws {
        let scene = try AgentScene()
        scene.options.server = "http_tls_config: {cert_file: /nowhere.pem, key_file: /nowhere.key}"
        try scene.start()
        #expect(scene.process?.wait() == 1)
        #expect(scene.logged("'/nowhere.pem' cannot be read as a certificate").count == 1)
    }
}
