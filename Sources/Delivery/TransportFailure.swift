/// Why a push got no answer, in fixed texts only: safe to log.
package struct TransportFailure: Equatable, Sendable, CustomStringConvertible {
    /// What went wrong, for callers that count or test.
    package enum Kind: String, Equatable, Sendable, CaseIterable {
        /// The name of the server or proxy has no address.
        case resolve
        /// Nobody accepted the connection.
        case connect
        /// The handshake failed, or a certificate was not accepted by one side.
        case tls
        /// The proxy refused to pass the request on.
        case proxy
        /// The connection ended before a whole answer had come.
        case reset
        /// What came is not HTTP.
        case malformed
        /// The time limit of the request.
        case timeout
        /// A password, token or TLS file, or the token server, did not give what the request needs.
        case credentials
        /// More redirects than are followed.
        case redirects
        /// The caller's own interrupt.
        case interrupted
        /// Anything else that the HTTP library reports.
        case other
    }

    package let kind: Kind

    /// A short sentence without anything from the request, the answer or the configuration.
    package let reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    package var description: String { reason }
}
