/// `tls_config`: whom to trust and what to show.
package struct TLSOptions: Equatable, Sendable {
    /// A version of the protocol; the raw value is the minor number plus 1.
    package enum Version: Int, Equatable, Sendable {
        case tls10 = 1
        case tls11
        case tls12
        case tls13
    }

    /// PEM text, given in the configuration or in a file that is read again when it changes.
    package enum PEM: Equatable, Sendable {
        case value(Secret)
        case file(String)
    }

    /// Who signs servers; nil means the certificates of the system, anything else only these.
    package var ca: PEM?

    /// What the client shows, the chain included; needs `key`.
    package var certificate: PEM?
    package var key: PEM?

    /// The name in the server's certificate, if it is not the host of the URL.
    package var serverName: String?

    /// Accepts any certificate.
    package var skipsVerification = false
    package var minimumVersion: Version = .tls12
    package var maximumVersion: Version?

    package init() {}
}
