import Synchronization

/// Ends a push from another thread: the one running now within about a second, and every later one at once.
///
/// For shutdown limits; there is no way back.
package final class PushInterrupt: Sendable {
    private let flag = Atomic<Bool>(false)

    package init() {}

    package var isSet: Bool { flag.load(ordering: .relaxed) }

    package func interrupt() { flag.store(true, ordering: .relaxed) }
}
