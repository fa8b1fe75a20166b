package import Configuration
package import HTTPServer

extension ServerTLSOptions {
    /// The certificates that the options name, read; nil where connections are not encrypted.
    ///
    /// - Throws: what cannot be used, in one sentence.
    package func load() throws(HTTPServer.StartError) -> ServerTLS? {
        guard isEnabled, let certificate = Self.source(certificate, certificateFile),
            let key = Self.source(key?.revealed, keyFile)
        else { return nil }
        let authority = Self.source(clientAuthority, clientAuthorityFile)
        return try ServerTLS(
            certificate: certificate,
            key: key,
            clientAuthority: authority,
            // As in Go: an authority without a policy asks for certificates that it has signed.
            policy: ServerTLS.ClientPolicy(rawValue: clientAuthType) ?? (authority == nil ? .none : .verified)
        )
    }

    private static func source(_ text: String?, _ file: String?) -> ServerTLS.Source? {
        text.map { .text($0) } ?? file.map { .file($0) }
    }
}
