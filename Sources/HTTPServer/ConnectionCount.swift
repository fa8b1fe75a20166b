import Synchronization

/// How many connections are open; any thread may ask.
package final class ConnectionCount: Sendable {
    private let count = Mutex(0)
    private let limit: Int

    package init(limit: Int) { self.limit = limit }

    /// Counts a connection in; false at the limit.
    package func enter() -> Bool {
        count.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    package func leave() { count.withLock { $0 -= 1 } }
}
