/// Why a text in one of the small languages of a configuration (pattern, template, JMESPath, selector) does not compile.
///
/// The text is the user's configuration, so it may be quoted in `message`; log content never is.
package struct LanguageError: Error, Equatable, Sendable {
    /// One sentence without a full stop, starting in lower case.
    package let message: String
    /// Where the mistake begins, in bytes from the start of the text; nil where the language does not say.
    package let offset: Int?
    /// What to write instead, when that is known.
    package let help: String?

    package init(_ message: String, at offset: Int? = nil, help: String? = nil) {
        self.message = message
        self.offset = offset
        self.help = help
    }
}
