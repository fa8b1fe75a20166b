package import Entries
import Synchronization

/// Every line that came in and what became of it: read = delivered + dropped + in flight.
///
/// Shared by all threads; each adds up on its own and hands in sums, so that no line takes the lock.
package final class Ledger: Sendable {
    /// Sums of one worker since it last handed them in.
    struct ReadSums {
        var lines: UInt64 = 0
        var bytes: UInt64 = 0
        var redactions: UInt64 = 0
        var linesByPath: [String: UInt64] = [:]
        var drops: [DropReason: UInt64] = [:]
    }

    /// What one client did.
    package struct ClientSums: Sendable {
        package var sentEntries: UInt64 = 0
        package var sentBytes: UInt64 = 0
        package var encodedBytes: UInt64 = 0
        package var retries: UInt64 = 0
        package var droppedEntries: [String: UInt64] = [:]
        package var droppedBytes: [String: UInt64] = [:]
    }

    package struct Totals: Sendable {
        package var readLines: UInt64 = 0
        package var readBytes: UInt64 = 0
        package var redactedValues: UInt64 = 0
        package var linesByPath: [String: UInt64] = [:]
        package var drops: [DropReason: UInt64] = [:]
        /// By the host of the client's URL.
        package var clients: [String: ClientSums] = [:]
    }

    private let totals = Mutex(Totals())

    package init() {}

    /// All sums now.
    package var current: Totals { totals.withLock { $0 } }

    func add(_ sums: ReadSums) {
        totals.withLock { totals in
            totals.readLines += sums.lines
            totals.readBytes += sums.bytes
            totals.redactedValues += sums.redactions
            totals.linesByPath.merge(sums.linesByPath) { $0 + $1 }
            totals.drops.merge(sums.drops) { $0 + $1 }
        }
    }

    func update(client host: String, _ change: (inout ClientSums) -> Void) {
        totals.withLock { change(&$0.clients[host, default: ClientSums()]) }
    }

    /// A file is gone: its counter leaves with it.
    func forget(path: String) { totals.withLock { $0.linesByPath[path] = nil } }
}
