/// Which way requests leave.
package enum ProxyOptions: Equatable, Sendable {
    case none

    /// Through `url`, except to what `noProxy` lists (comma-separated names, domains, addresses, CIDR blocks).
    case fixed(url: Secret, noProxy: String?, connectHeaders: [NamedSecret])

    /// As `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, or their lower-case forms, say when the client is made.
    case environment(connectHeaders: [NamedSecret])
}
