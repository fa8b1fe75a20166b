/// What a kind of receiver counts, under Promtail's names.
package typealias ReceiverCounts = Tally<ReceiverSums>

package struct ReceiverSums: Sums, Equatable {
    /// Messages that were handed over.
    package var entries: UInt64 = 0
    package var parseErrors: UInt64 = 0
    /// Messages without text.
    package var empty: UInt64 = 0
    /// Datagrams that came while the output was blocked.
    package var refused: UInt64 = 0

    package init() {}

    package init(entries: UInt64 = 0, parseErrors: UInt64 = 0) {
        self.entries = entries
        self.parseErrors = parseErrors
    }

    package static func += (sums: inout ReceiverSums, more: ReceiverSums) {
        sums.entries += more.entries
        sums.parseErrors += more.parseErrors
        sums.empty += more.empty
        sums.refused += more.refused
    }
}
