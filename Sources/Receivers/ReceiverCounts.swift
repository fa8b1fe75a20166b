import Synchronization

/// What a kind of receiver counts, under Promtail's names; added up per read and not per message.
package final class ReceiverCounts: Sendable {
    package struct Sums: Sendable, Equatable {
        /// Messages that were handed over.
        package var entries: UInt64 = 0
        package var parseErrors: UInt64 = 0
        /// Messages without text.
        package var empty: UInt64 = 0
        /// Datagrams that came while the output was blocked.
        package var refused: UInt64 = 0

        package init(entries: UInt64 = 0, parseErrors: UInt64 = 0) {
            self.entries = entries
            self.parseErrors = parseErrors
        }

        package static func += (sums: inout Sums, more: Sums) {
            sums.entries += more.entries
            sums.parseErrors += more.parseErrors
            sums.empty += more.empty
            sums.refused += more.refused
        }
    }

    private let sums = Mutex(Sums())

    package init() {}

    package var current: Sums { sums.withLock { $0 } }
    func add(_ more: Sums) { sums.withLock { $0 += more } }
}
