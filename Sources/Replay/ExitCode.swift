/// How a command ends, as `--help` says.
package enum ExitCode {
    package static let fine: Int32 = 0
    /// Mistakes found, a test failed, or an input could not be read.
    package static let mistakes: Int32 = 1
    package static let wrongUsage: Int32 = 2
}
