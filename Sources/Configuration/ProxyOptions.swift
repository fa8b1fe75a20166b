/// Through which proxy a client connects.
package struct ProxyOptions: Hashable, Sendable {
    package let url: Secret?
    /// Hosts that are reached directly, separated by commas.
    package let exceptions: String?
    /// Takes HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
    package let isFromEnvironment: Bool
    package let connectHeaders: [String: [Secret]]

    static let specs: [OptionSpec] = [
        .optional("proxy_url", .secret, "Proxy for every request."),
        .optional("no_proxy", .string, "Hosts that are reached directly, separated by commas."),
        .optional("proxy_from_environment", .bool, default: "false", "Takes HTTP_PROXY, HTTPS_PROXY, NO_PROXY."),
        .optional("proxy_connect_header", .mapping, "Headers of the CONNECT request: name to list of values."),
    ]

    init(_ options: Options, into diagnostics: inout Diagnostics) {
        url = options.secret("proxy_url")
        exceptions = options.string("no_proxy")
        isFromEnvironment = options.isTrue("proxy_from_environment")
        var headers: [String: [Secret]] = [:]
        for pair in options.node("proxy_connect_header")?.pairs ?? [] {
            let values = pair.value.items?.compactMap(\.scalar) ?? [pair.value.scalar].compactMap(\.self)
            headers[pair.key.scalar?.text ?? ""] = values.map { Secret($0.text) }
        }
        connectHeaders = headers
        if isFromEnvironment {
            options.checkAtMostOne(["proxy_from_environment", "proxy_url"], &diagnostics)
            options.checkAtMostOne(["proxy_from_environment", "no_proxy"], &diagnostics)
        }
        if options.isGiven("no_proxy"), !options.isGiven("proxy_url") {
            diagnostics.add(options.mistake("no_proxy", "has no meaning without 'proxy_url'"))
        }
    }
}
