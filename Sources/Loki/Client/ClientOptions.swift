/// How to reach one Loki, as `clients:` of a Promtail configuration says it.
///
/// A plain value; nothing is opened or read.
package struct ClientOptions: Equatable, Sendable {
    /// Where to push, used as it is.
    ///
    /// A user part becomes basic authentication unless another one is configured.
    package var url: String

    /// Sent with every push unless a name is one of ours, or was given before (whatever its case).
    package var headers: [NamedSecret] = []

    /// Sent with every push after `headers`, each of them, unless a name is one of ours; files are read as they change.
    package var addedHeaders: [AddedHeader] = []

    package var userAgent: String
    package var authentication: Authentication = .none
    package var tls = TLSOptions()
    package var proxy = ProxyOptions.none

    /// Whether 307 and 308 repeat the push elsewhere and 301, 302 and 303 turn it into a GET, at most 10 in a row.
    package var followsRedirects = true

    /// For a whole push with its answer and its redirects; fetching an OAuth 2 token has as long again.
    package var timeout: Duration = .seconds(10)

    package init(url: String, userAgent: String) {
        self.url = url
        self.userAgent = userAgent
    }
}

extension ClientOptions: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    // The URL may hold a password.
    package var description: String { "ClientOptions(<secret>)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
