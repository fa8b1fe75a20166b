package import Configuration
package import Receivers

/// What the reader of a journal needs to know, and whom it tells.
package struct JournalSource: Sendable {
    package let options: JournalOptions
    package let rules: [RelabelRule]
    /// Bytes of one entry's values together; longer ones are cut, and counted.
    package let longestEntry: Int
    package let sink: any MessageSink
    package let counts: JournalCounts
    package let tell: @Sendable (JournalNotice) -> Void

    /// - Precondition: the rules compile.
    package init(
        _ options: JournalOptions,
        rules: [RelabelRule],
        longestEntry: Int,
        sink: any MessageSink,
        counts: JournalCounts,
        tell: @escaping @Sendable (JournalNotice) -> Void
    ) {
        self.options = options
        self.rules = rules
        self.longestEntry = longestEntry
        self.sink = sink
        self.counts = counts
        self.tell = tell
    }
}
