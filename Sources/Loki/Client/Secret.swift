/// A password, token or key: readable only through ``revealed``.
///
/// Its description, its interpolation and its reflection read `<secret>`, so that printing options cannot leak it.
package struct Secret: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself, for the request and nothing else.
    package let revealed: String

    package init(_ text: String) { revealed = text }

    package var description: String { "<secret>" }
    package var debugDescription: String { "<secret>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where a secret comes from.
package enum SecretSource: Equatable, Sendable {
    case value(Secret)

    /// A file whose text, without white space around it, is the secret; read again when it changes.
    case file(String)
}
