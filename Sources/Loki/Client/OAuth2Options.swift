/// The client-credentials grant (RFC 6749, 4.4).
package struct OAuth2Options: Equatable, Sendable {
    package var tokenURL: String
    package var clientID: String
    package var clientSecret: SecretSource
    package var scopes: [String] = []

    /// More form fields for the token server, in this order.
    package var endpointParameters: [NamedSecret] = []

    /// For connections to the token server.
    package var tls = TLSOptions()
    package var proxy = ProxyOptions.none

    package init(tokenURL: String, clientID: String, clientSecret: SecretSource) {
        self.tokenURL = tokenURL
        self.clientID = clientID
        self.clientSecret = clientSecret
    }
}
