/// A command line that cannot be understood, or that asks for help.
package struct UsageError: Error, Equatable, Sendable {
    /// One sentence; never the value of a flag, which may be secret.
    package let message: String
    package let isHelpRequested: Bool

    init(_ message: String, isHelpRequested: Bool = false) {
        self.message = message
        self.isHelpRequested = isHelpRequested
    }
}
