import Delivery
import Synchronization

/// What a reader with a cursor shares with other threads: how far it is, and whether it is to stop.
package final class SourceProgress: Sendable {
    private let window: Mutex<CursorWindow>
    private let isStopping = Atomic(false)

    /// `cursor`: where reading goes on, from the positions file.
    package init(cursor: String?) { window = Mutex(CursorWindow(acknowledged: cursor)) }

    /// The cursor up to which everything was answered for.
    package var acknowledged: String? { window.withLock { $0.acknowledged } }

    /// Makes the reader return soon, once its wakeup is readable, too.
    package func requestStop() { isStopping.store(true, ordering: .releasing) }

    package var mustStop: Bool { isStopping.load(ordering: .acquiring) }

    /// A batch that ends at `cursor` goes on its way; gives its number.
    package func begin(_ cursor: String?) -> UInt64 { window.withLock { $0.begin(cursor) } }

    /// Nothing of the batch is open any more; `isKept` is false when it was not answered for.
    package func settle(_ number: UInt64, isKept: Bool) { window.withLock { $0.settle(number, isKept: isKept) } }
}
