/// How one test ended.
enum TestOutcome: Equatable {
    case passed
    /// The first difference, or why it could not run: one line.
    case failed(String)
    /// The expected entries were written anew.
    case updated
}
