import Delivery
import Synchronization

/// How far the logs of an engine's containers were answered for; from any thread.
package final class ContainerProgress: Sendable {
    private struct State {
        var windows: [String: CursorWindow] = [:]
        /// Containers that are gone, since the positions were asked for last.
        var gone: Set<String> = []
    }

    private let state: Mutex<State>
    private let isStopping = Atomic(false)

    /// `positions`: by container id, as ``positions`` gave them.
    package init(_ positions: [String: String]) {
        state = Mutex(State(windows: positions.mapValues { CursorWindow(acknowledged: $0) }))
    }

    /// By container id, for those of which something was answered for; empty for those that are gone since the last call.
    package func takePositions() -> [String: String] {
        state.withLock { state in
            var positions = state.windows.compactMapValues(\.acknowledged)
            for container in state.gone where positions[container] == nil { positions[container] = "" }
            state.gone = []
            return positions
        }
    }

    /// Makes the reader return soon, once its wakeup is readable, too.
    package func requestStop() { isStopping.store(true, ordering: .releasing) }
    var mustStop: Bool { isStopping.load(ordering: .acquiring) }

    func position(of container: String) -> LogPosition? {
        state.withLock { $0.windows[container]?.acknowledged }.flatMap { LogPosition($0) }
    }

    /// Containers whose logs were read, now or in an earlier run.
    var containers: Set<String> { Set(state.withLock { $0.windows.keys }) }

    /// The container is gone for good.
    func forget(_ container: String) {
        state.withLock { state in
            state.windows[container] = nil
            state.gone.insert(container)
        }
    }

    func begin(_ container: String, _ position: LogPosition) -> UInt64 {
        state.withLock { $0.windows[container, default: CursorWindow(acknowledged: nil)].begin(position.text) }
    }

    func settle(_ container: String, _ number: UInt64, isKept: Bool) {
        state.withLock { $0.windows[container]?.settle(number, isKept: isKept) }
    }
}
