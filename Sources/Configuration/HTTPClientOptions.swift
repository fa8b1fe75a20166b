/// How an HTTP client connects and authenticates: the keys that Prometheus calls HTTP client options.
package struct HTTPClientOptions: Hashable, Sendable {
    package let authorization: AuthorizationOptions?
    package let tls: TLSOptions?
    package internal(set) var followsRedirects: Bool
    package let proxy: ProxyOptions
    /// `http_headers`: values and files by header name, in file order.
    package let headers: [String: [AuthorizationOptions.Value]]

    static let specs: [OptionSpec] =
        [
            .optional("basic_auth", .mapping, "User name and password."),
            .optional("authorization", .mapping, "Authorization header: type and credentials."),
            .optional("bearer_token", .secret, "Older form of authorization with type Bearer."),
            .optional("bearer_token_file", .string, "File of a bearer token."),
            .optional("oauth2", .mapping, "Client credentials flow."),
            .optional("tls_config", .mapping, "Certificates and names."),
            .optional("follow_redirects", .bool, default: "true", "Follows HTTP redirects."),
            .optional("http_headers", .mapping, "Headers of each request: values, secrets, files."),
        ] + ProxyOptions.specs + OptionSpec.ignored(.bool, "enable_http2")

    private static let basicSpecs: [OptionSpec] =
        [
            .optional("username", .string, "User name."),
            .optional("username_file", .string, "File of the user name."),
            .optional("password", .secret, "Password."),
            .optional("password_file", .string, "File of the password."),
        ] + OptionSpec.ignored(.string, "username_ref", "password_ref")

    private static let authorizationSpecs: [OptionSpec] =
        [
            .optional("type", .string, default: "Bearer", "First word of the header."),
            .optional("credentials", .secret, "Rest of the header."),
            .optional("credentials_file", .string, "File of the credentials."),
        ] + OptionSpec.ignored(.string, "credentials_ref")

    /// Reads the keys from options that hold more than these.
    init(_ options: Options, into diagnostics: inout Diagnostics) {
        authorization = Self.authorization(options, &diagnostics)
        tls = options.node("tls_config").map { TLSOptions($0, "tls_config", into: &diagnostics) }
        followsRedirects = options.isTrue("follow_redirects")
        proxy = ProxyOptions(options, into: &diagnostics)
        headers = Self.headers(options, &diagnostics)
    }

    private static func authorization(
        _ options: Options,
        _ diagnostics: inout Diagnostics
    ) -> AuthorizationOptions? {
        options.checkAtMostOne(
            ["basic_auth", "oauth2", "authorization", "bearer_token", "bearer_token_file"],
            &diagnostics
        )
        // Each block is read, also one too many: its own mistakes are wanted in the same run.
        let basic = options.node("basic_auth").map { Self.basic($0, &diagnostics) }
        let header = options.node("authorization").map { Self.header($0, &diagnostics) }
        let oauth2 = options.node("oauth2").map {
            AuthorizationOptions.oauth2(OAuth2Options($0, into: &diagnostics))
        }
        let token = options.authorizationValue("bearer_token", file: "bearer_token_file")
        return basic ?? header ?? oauth2 ?? token.map { .header(type: "Bearer", credentials: $0) }
    }

    private static func basic(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> AuthorizationOptions {
        let options = Options(section: node, "basic_auth", specs: basicSpecs, diagnostics: &diagnostics)
        options.checkAtMostOne(["username", "username_file", "username_ref"], &diagnostics)
        options.checkAtMostOne(["password", "password_file", "password_ref"], &diagnostics)
        options.refuseReferences(["username_ref", "password_ref"], &diagnostics)
        let username = options.authorizationValue("username", file: "username_file")
        let password = options.authorizationValue("password", file: "password_file")
        return .basic(username: username ?? .inline(Secret("")), password: password)
    }

    private static func header(_ node: YAMLNode, _ diagnostics: inout Diagnostics) -> AuthorizationOptions {
        let options = Options(section: node, "authorization", specs: authorizationSpecs, diagnostics: &diagnostics)
        options.checkAtMostOne(["credentials", "credentials_file", "credentials_ref"], &diagnostics)
        options.refuseReferences(["credentials_ref"], &diagnostics)
        if options.text("type").lowercased() == "basic" {
            diagnostics.add(options.mistake("type", "cannot be basic", help: "use basic_auth instead"))
        }
        return .header(
            type: options.text("type"),
            credentials: options.authorizationValue("credentials", file: "credentials_file")
        )
    }

    private static let headerSpecs: [OptionSpec] = [
        .optional("values", .stringList, "Values of the header."),
        .optional("secrets", .stringList, "Values of the header that are never shown."),
        .optional("files", .stringList, "Files to read values from."),
    ]
    /// Set by the client itself or by other options.
    private static let reservedHeaders: Set<String> = [
        "authorization", "host", "content-encoding", "content-length", "content-type", "user-agent", "connection",
        "keep-alive", "proxy-authenticate", "proxy-authorization", "www-authenticate", "accept-encoding",
        "x-prometheus-remote-write-version", "x-prometheus-remote-read-version",
        "x-prometheus-scrape-timeout-seconds",
    ]

    private static func headers(
        _ options: Options,
        _ diagnostics: inout Diagnostics
    ) -> [String: [AuthorizationOptions.Value]] {
        var headers: [String: [AuthorizationOptions.Value]] = [:]
        for pair in options.node("http_headers")?.pairs ?? [] {
            let name = pair.key.scalar?.text ?? ""
            if reservedHeaders.contains(name.lowercased()) {
                diagnostics.add(Diagnostic(at: pair.key, "http_headers: '\(name)' cannot be set here"))
            }
            let one = Options(section: pair.value, "http_headers", specs: headerSpecs, diagnostics: &diagnostics)
            let inline = (one.strings("values") ?? []) + (one.strings("secrets") ?? [])
            headers[name] = inline.map { .inline(Secret($0)) } + (one.strings("files") ?? []).map { .file($0) }
        }
        return headers
    }
}

extension Options {
    /// The text of `name`, or where `file` says that it is kept.
    func authorizationValue(_ name: String, file: String) -> AuthorizationOptions.Value? {
        secret(name).map { .inline($0) } ?? string(file).map { .file($0) }
    }

    /// References to a secret store, which Promtail declares and cannot resolve either.
    func refuseReferences(_ names: [String], _ diagnostics: inout Diagnostics) {
        for name in names where isGiven(name) {
            diagnostics.add(mistake(name, "refers to a secret store, and there is none", help: "use the _file form"))
        }
    }
}
