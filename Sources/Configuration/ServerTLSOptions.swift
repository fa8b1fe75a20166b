/// Certificates of a server: `http_tls_config`.
package struct ServerTLSOptions: Hashable, Sendable {
    package internal(set) var certificate: String?
    package internal(set) var certificateFile: String?
    package internal(set) var key: Secret?
    package internal(set) var keyFile: String?
    /// As Go names it: `NoClientCert`, `RequireAndVerifyClientCert`...; empty: not asked for.
    package internal(set) var clientAuthType: String
    package internal(set) var clientAuthority: String?
    package internal(set) var clientAuthorityFile: String?

    private static let specs: [OptionSpec] = [
        .optional("cert", .string, "Certificate, PEM."),
        .optional("key", .secret, "Key, PEM."),
        .optional("client_ca", .string, "Authority of client certificates, PEM."),
        .optional("cert_file", .string, "File of the certificate."),
        .optional("key_file", .string, "File of the key."),
        .optional("client_auth_type", .string, default: "", "Whether clients must show a certificate."),
        .optional("client_ca_file", .string, "File of the authority of client certificates."),
    ]

    init(_ node: YAMLNode?, _ name: String = "http_tls_config", into diagnostics: inout Diagnostics) {
        let options = Options(section: node, name, specs: Self.specs, diagnostics: &diagnostics)
        certificate = options.string("cert")
        certificateFile = options.string("cert_file")
        key = options.secret("key")
        keyFile = options.string("key_file")
        clientAuthType = options.text("client_auth_type")
        clientAuthority = options.string("client_ca")
        clientAuthorityFile = options.string("client_ca_file")
        options.checkAtMostOne(["cert", "cert_file"], &diagnostics)
        options.checkAtMostOne(["key", "key_file"], &diagnostics)
        options.check("client_auth_type", isOneOf: Self.clientAuthTypes, &diagnostics)
    }

    private static let clientAuthTypes = [
        "NoClientCert", "RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven",
        "RequireAndVerifyClientCert",
    ]

    /// Whether connections are encrypted at all.
    package var isEnabled: Bool { (certificate ?? certificateFile) != nil && (key != nil || keyFile != nil) }
}
