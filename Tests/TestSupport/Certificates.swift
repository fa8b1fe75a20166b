/// A certificate authority with what it signed, made by the openssl command.
package final class Certificates {
    package let folder: TemporaryFolder

    package struct CommandFailed: Error {
        package let output: String
    }

    package static let isInstalled = (try? Subprocess.run(["openssl", "version"]))?.code == 0

    /// Files of the folder: ca, server (for loki.test and 127.0.0.1), named (for loki.test only), client; each as
    /// `.pem` and `.key`.
    package init() throws {
        folder = try TemporaryFolder()
        try openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=Test CA", "-keyout", path("ca.key"), "-out", path("ca.pem")]
                + Self.newKey
        )
        try sign("server", names: "DNS:loki.test,IP:127.0.0.1")
        try sign("named", names: "DNS:loki.test")
        try sign("client", names: "DNS:client.test")
    }

    package func path(_ name: String) -> String { folder.path(name) }

    /// Makes `name.pem` and `name.key`; `days` below zero makes a certificate that has ended.
    package func sign(_ name: String, names: String, days: Int = 2) throws {
        let extensions = try folder.write("\(name).ext", "subjectAltName=\(names)\n")
        try openssl(
            ["req", "-subj", "/CN=\(name)", "-keyout", path("\(name).key"), "-out", path("\(name).csr")] + Self.newKey
        )
        try openssl([
            "x509", "-req", "-in", path("\(name).csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
            "-CAcreateserial", "-days", "\(days)", "-extfile", extensions, "-out", path("\(name).pem"),
        ])
    }

    /// The lines that make an nginx server show certificate `name`.
    package func server(_ name: String) -> String {
        "ssl_certificate \(path("\(name).pem")); ssl_certificate_key \(path("\(name).key"));"
    }

    private static let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    private func openssl(_ arguments: [String]) throws {
        let (code, output) = try Subprocess.run(["openssl"] + arguments)
        guard code == 0 else { throw CommandFailed(output: String(decoding: output, as: UTF8.self)) }
    }
}
