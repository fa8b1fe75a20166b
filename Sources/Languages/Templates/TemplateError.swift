/// Why the execution of a template failed; names types and functions, never values.
package struct TemplateError: Error, Equatable, Sendable {
    package let message: String
    /// Byte offset in the template; nil where no single place is to blame.
    package let offset: Int?

    init(_ message: String, at offset: Int? = nil) {
        self.message = message
        self.offset = offset
    }
}
