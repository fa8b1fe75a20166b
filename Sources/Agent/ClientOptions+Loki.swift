import Configuration
import Delivery
import Loki

/// What the configuration says about a client, in the words of the module that talks to it.
extension Loki.ClientOptions {
    init(_ configured: Configuration.ClientOptions, version: String) {
        self.init(url: configured.url?.text ?? "", userAgent: "sluice/\(version)")
        headers = configured.headers.map { NamedSecret($0.name, Loki.Secret($0.value.revealed)) }
        addedHeaders = configured.http.headers.sorted { $0.key < $1.key }.flatMap { name, values in
            values.map { AddedHeader(name, SecretSource($0)) }
        }
        timeout = configured.timeout
        followsRedirects = configured.http.followsRedirects
        proxy = Loki.ProxyOptions(configured.http.proxy)
        if let configuredTLS = configured.http.tls { tls = Loki.TLSOptions(configuredTLS) }
        authentication = Loki.Authentication(configured.http.authorization)
    }
}

extension Loki.Authentication {
    init(_ configured: AuthorizationOptions?) {
        switch configured {
        case .basic(let username, let password):
            self = .basic(username: SecretSource(username), password: password.map { SecretSource($0) })
        case .header(let type, let credentials?):
            self = .authorization(type: type, credentials: SecretSource(credentials))
        case .oauth2(let options):
            guard let secret = options.clientSecret else {
                self = .none
                return
            }
            var made = Loki.OAuth2Options(
                tokenURL: options.tokenURL,
                clientID: options.clientID,
                clientSecret: SecretSource(secret)
            )
            made.scopes = options.scopes
            made.endpointParameters = options.endpointParameters.sorted { $0.key < $1.key }.map {
                NamedSecret($0.key, Loki.Secret($0.value.revealed))
            }
            if let tls = options.tls { made.tls = Loki.TLSOptions(tls) }
            made.proxy = Loki.ProxyOptions(options.proxy)
            self = .oauth2(made)
        case .header, nil: self = .none
        }
    }
}

extension SecretSource {
    init(_ configured: AuthorizationOptions.Value) {
        switch configured {
        case .inline(let secret): self = .value(Loki.Secret(secret.revealed))
        case .file(let path): self = .file(path)
        }
    }
}

extension Loki.TLSOptions {
    init(_ configured: Configuration.TLSOptions) {
        self.init()
        ca = Self.pem(configured.authority, configured.authorityFile)
        certificate = Self.pem(configured.certificate, configured.certificateFile)
        key = Self.pem(configured.key?.revealed, configured.keyFile)
        serverName = configured.serverName
        skipsVerification = configured.skipsVerification
        minimumVersion = configured.minimumVersion.flatMap { Self.version($0) } ?? .tls12
        maximumVersion = configured.maximumVersion.flatMap { Self.version($0) }
    }

    private static func pem(_ text: String?, _ file: String?) -> PEM? {
        if let text, !text.isEmpty { return .value(Loki.Secret(text)) }
        if let file, !file.isEmpty { return .file(file) }
        return nil
    }

    private static func version(_ name: String) -> Version? {
        switch name {
        case "TLS10": .tls10
        case "TLS11": .tls11
        case "TLS12": .tls12
        case "TLS13": .tls13
        default: nil
        }
    }
}

extension Loki.ProxyOptions {
    init(_ configured: Configuration.ProxyOptions) {
        let headers = configured.connectHeaders.sorted { $0.key < $1.key }.flatMap { name, values in
            values.map { NamedSecret(name, Loki.Secret($0.revealed)) }
        }
        if let url = configured.url {
            self = .fixed(url: Loki.Secret(url.revealed), noProxy: configured.exceptions, connectHeaders: headers)
        } else if configured.isFromEnvironment {
            self = .environment(connectHeaders: headers)
        } else {
            self = .none
        }
    }
}
