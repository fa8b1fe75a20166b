/// How a client speaks TLS: `tls_config`.
///
/// Each of authority, certificate and key is given inline or as a file.
package struct TLSOptions: Hashable, Sendable {
    package let authority: String?
    package let authorityFile: String?
    package let certificate: String?
    package let certificateFile: String?
    package let key: Secret?
    package let keyFile: String?
    package let serverName: String?
    package let skipsVerification: Bool
    /// `TLS10` to `TLS13`.
    package let minimumVersion: String?
    package let maximumVersion: String?

    static let specs: [OptionSpec] = [
        .optional("ca", .string, "Certificate authority, PEM."),
        .optional("ca_file", .string, "File of the certificate authority."),
        .optional("cert", .string, "Client certificate, PEM."),
        .optional("cert_file", .string, "File of the client certificate."),
        .optional("key", .secret, "Key of the client certificate, PEM."),
        .optional("key_file", .string, "File of the key."),
        .optional("server_name", .string, "Name that the server's certificate must bear."),
        .optional("insecure_skip_verify", .bool, default: "false", "Takes any server certificate."),
        .optional("min_version", .string, "TLS10, TLS11, TLS12 or TLS13."),
        .optional("max_version", .string, "TLS10, TLS11, TLS12 or TLS13."),
    ]
    private static let versions = ["TLS10", "TLS11", "TLS12", "TLS13"]

    init(_ node: YAMLNode?, _ name: String, into diagnostics: inout Diagnostics) {
        self.init(Options(section: node, name, specs: Self.specs, diagnostics: &diagnostics), into: &diagnostics)
    }

    /// Reads the keys from options that hold more than these.
    init(_ options: Options, into diagnostics: inout Diagnostics) {
        authority = options.string("ca")
        authorityFile = options.string("ca_file")
        certificate = options.string("cert")
        certificateFile = options.string("cert_file")
        key = options.secret("key")
        keyFile = options.string("key_file")
        serverName = options.string("server_name")
        skipsVerification = options.isTrue("insecure_skip_verify")
        minimumVersion = options.string("min_version")
        maximumVersion = options.string("max_version")
        options.checkAtMostOne(["ca", "ca_file"], &diagnostics)
        options.checkAtMostOne(["cert", "cert_file"], &diagnostics)
        options.checkAtMostOne(["key", "key_file"], &diagnostics)
        let hasCertificate = options.isGiven("cert") || options.isGiven("cert_file")
        let hasKey = options.isGiven("key") || options.isGiven("key_file")
        if hasCertificate, !hasKey { diagnostics.add(options.mistake("a certificate needs 'key' or 'key_file' too")) }
        if hasKey, !hasCertificate { diagnostics.add(options.mistake("a key needs 'cert' or 'cert_file' too")) }
        options.check("min_version", isOneOf: Self.versions, &diagnostics)
        options.check("max_version", isOneOf: Self.versions, &diagnostics)
    }
}
