import Entries
import Languages

/// A regular expression for texts that come again and again, such as levels: it remembers its answers on short ones.
///
/// A remembered answer costs a few nanoseconds, a run of the expression tens. Belongs to one thread.
final class RememberedPattern {
    private let pattern: Pattern
    private let answers = KeyTable(unknown: false)

    init(_ pattern: Pattern) { self.pattern = pattern }

    deinit { answers.deallocate() }

    func matches(_ text: Bytes) -> Bool {
        answers.verdict(text, readableTo: text.end) { pattern.matches($0) }
    }
}
