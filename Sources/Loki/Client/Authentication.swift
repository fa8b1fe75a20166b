/// Who the client says it is.
package enum Authentication: Equatable, Sendable {
    case none
    case basic(username: SecretSource, password: SecretSource?)

    /// `Authorization: <type> <credentials>`; the type is `Bearer` unless configured.
    case authorization(type: String, credentials: SecretSource)
    case oauth2(OAuth2Options)
}
