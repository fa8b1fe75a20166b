/// A text that must not be shown: a password, a token, a header.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The text itself; only for sending it where it belongs.
    package let revealed: String

    package init(_ text: String) { revealed = text }

    package var description: String { "<secret>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
