/// One mistake in a configuration: where it is, what is wrong, and what to write instead.
package struct Diagnostic: Error, Equatable, Sendable {
    /// Errors stop the start; warnings mark what is accepted and has no effect, or not the effect it seems to have.
    package enum Severity: Sendable { case error, warning }

    package internal(set) var severity: Severity
    /// The file as the user named it.
    package let file: String
    /// Nil when the mistake has no place in the file: the file cannot be read, say.
    package let position: YAMLPosition?
    /// Unicode scalars to underline from `position` on; clamped to the end of the line when shown.
    package let length: Int
    /// One sentence that names option and value; never a value that may be secret.
    package let message: String
    package let help: String?

    package init(
        _ severity: Severity = .error,
        file: String,
        position: YAMLPosition?,
        length: Int = 1,
        message: String,
        help: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.position = position
        self.length = length
        self.message = message
        self.help = help
    }

    /// Place and message in one line, without anything of the file's text around them.
    package var line: String {
        guard let position else { return "\(file): \(message)" }
        return "\(file):\(position.line):\(position.column): \(message)"
    }

    /// The same as a warning: it is accepted.
    package var asWarning: Diagnostic {
        var warning = self
        warning.severity = .warning
        return warning
    }

    /// A mistake at the whole of `node`.
    package init(_ severity: Severity = .error, at node: YAMLNode, _ message: String, help: String? = nil) {
        self.init(
            severity,
            file: node.source.file,
            position: node.position,
            length: node.underline,
            message: message,
            help: help
        )
    }
}
