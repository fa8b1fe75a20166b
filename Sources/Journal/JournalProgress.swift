import Synchronization

/// What the reader of a journal shares with other threads: how far it is, and whether it is to stop.
package final class JournalProgress: Sendable {
    private let window: Mutex<CursorWindow>
    private let isStopping = Atomic(false)

    /// `cursor`: the entry that was read last, from the positions file.
    package init(cursor: String?) { window = Mutex(CursorWindow(acknowledged: cursor)) }

    /// The entry up to which everything was answered for.
    package var acknowledged: String? { window.withLock { $0.acknowledged } }

    /// Makes the reader return soon, once its wakeup is readable, too.
    package func requestStop() { isStopping.store(true, ordering: .releasing) }

    var mustStop: Bool { isStopping.load(ordering: .acquiring) }

    func begin(_ cursor: String?) -> UInt64 { window.withLock { $0.begin(cursor) } }

    func settle(_ number: UInt64, isKept: Bool) { window.withLock { $0.settle(number, isKept: isKept) } }
}
