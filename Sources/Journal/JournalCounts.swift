import Synchronization

/// What journals count, added up per batch; every function may be called from any thread.
package final class JournalCounts: Sendable {
    package struct Sums: Sendable, Equatable {
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

        static func += (sums: inout Sums, more: Sums) {
            sums.lines += more.lines
            sums.withoutMessage += more.withoutMessage
            sums.withoutLabels += more.withoutLabels
            sums.relabelled += more.relabelled
            sums.damaged += more.damaged
            sums.cut += more.cut
            sums.missing += more.missing
        }
    }

    private let sums = Mutex(Sums())

    package init() {}

    package var current: Sums { sums.withLock { $0 } }
    func add(_ more: Sums) { sums.withLock { $0 += more } }
}
