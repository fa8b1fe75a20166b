/// The client credentials flow of OAuth 2: `oauth2`.
package struct OAuth2Options: Hashable, Sendable {
    package let clientID: String
    package let clientSecret: AuthorizationOptions.Value?
    package let scopes: [String]
    package let tokenURL: String
    package let endpointParameters: [String: Secret]
    package let tls: TLSOptions?
    package let proxy: ProxyOptions

    private static let specs: [OptionSpec] =
        [
            .required("client_id", .string, "Client identifier at the token server."),
            .optional("client_secret", .secret, "Client secret."),
            .optional("client_secret_file", .string, "File of the client secret."),
            .optional("scopes", .stringList, "Scopes to ask for."),
            .required("token_url", .string, "Where tokens are fetched."),
            .optional("endpoint_params", .stringMap, "Further form fields of the token request."),
            .optional("tls_config", .mapping, "TLS towards the token server."),
        ] + ProxyOptions.specs
        + OptionSpec.ignored(
            .string,
            "client_secret_ref",
            "grant_type",
            "client_certificate_key",
            "client_certificate_key_file",
            "client_certificate_key_ref",
            "client_certificate_key_id",
            "signature_algorithm",
            "iss",
            "audience"
        ) + OptionSpec.ignored(.node, "claims")

    init(_ node: YAMLNode?, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "oauth2", specs: Self.specs, diagnostics: &diagnostics)
        clientID = options.text("client_id")
        clientSecret = options.authorizationValue("client_secret", file: "client_secret_file")
        scopes = options.strings("scopes") ?? []
        tokenURL = options.text("token_url")
        endpointParameters = options.labels("endpoint_params").mapValues(Secret.init)
        tls = options.node("tls_config").map { TLSOptions($0, "oauth2.tls_config", into: &diagnostics) }
        proxy = ProxyOptions(options, into: &diagnostics)
        options.checkAtMostOne(["client_secret", "client_secret_file"], &diagnostics)
        options.checkIsNotEmpty("client_id", &diagnostics)
        options.checkIsNotEmpty("token_url", &diagnostics)
        if options.isGiven("grant_type"), !["", "client_credentials"].contains(options.text("grant_type")) {
            diagnostics.add(options.mistake("grant_type", "can only be client_credentials"))
        }
    }
}
