package import Receivers

/// What journals count, added up per batch.
package typealias JournalCounts = Tally<JournalSums>

package struct JournalSums: Sums, Equatable {
    /// Entries that were handed over.
    package var lines: UInt64 = 0
    /// Entries without MESSAGE.
    package var withoutMessage: UInt64 = 0
    /// Entries without a label.
    package var withoutLabels: UInt64 = 0
    /// Entries that relabel_configs dropped.
    package var relabelled: UInt64 = 0
    /// Entries that could not be read.
    package var damaged: UInt64 = 0
    /// Entries of which a value was longer than the bound, and cut.
    package var cut: UInt64 = 0
    /// Entries that journald counted and that are not there any more.
    package var missing: UInt64 = 0

    package init() {}

    init(damaged: UInt64 = 0, missing: UInt64 = 0) {
        self.damaged = damaged
        self.missing = missing
    }

    package static func += (sums: inout JournalSums, more: JournalSums) {
        sums.lines += more.lines
        sums.withoutMessage += more.withoutMessage
        sums.withoutLabels += more.withoutLabels
        sums.relabelled += more.relabelled
        sums.damaged += more.damaged
        sums.cut += more.cut
        sums.missing += more.missing
    }
}
