/// What a client shows the server to prove who it is; at most one kind.
package enum AuthorizationOptions: Hashable, Sendable {
    /// A text given in the configuration, or read from a file before each use.
    package enum Value: Hashable, Sendable {
        case inline(Secret)
        case file(String)
    }

    case basic(username: Value, password: Value?)
    /// `Authorization: <type> <credentials>`.
    case header(type: String, credentials: Value?)
    case oauth2(OAuth2Options)
}
