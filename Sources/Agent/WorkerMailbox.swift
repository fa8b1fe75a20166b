import Files
import Synchronization

/// What the main thread asks of a worker, and what the worker tells it; every function may be called from any thread.
final class WorkerMailbox: Sendable {
    /// What metrics tell about the files of a worker.
    struct FileNumbers {
        var active = 0
        var targets = 0
        var files: [(target: Int, path: String, readPosition: Int64, size: Int64)] = []
    }

    private struct State {
        var isStopping = false
        /// Monotonic nanoseconds after which unanswered batches are left for the next start.
        var stopDeadline = Int64.max
        var wantsSnapshot = false
        var needsSave = false
        var snapshot: PositionsSnapshot?
        var isDone = false
        var newTargets: Worker.TargetSet?
        var numbers = FileNumbers()
    }

    private let state = Mutex(State())
    /// Wakes the worker.
    let wakeup: Wakeup
    /// Wakes the main thread.
    let main: Wakeup

    init(main: Wakeup) throws(AgentError) {
        wakeup = try Wakeup()
        self.main = main
    }

    // MARK: - What the main thread asks

    func stop(deadline: Int64) {
        state.withLock { state in
            state.isStopping = true
            state.stopDeadline = deadline
        }
        wakeup.signal()
    }

    func requestSnapshot() {
        state.withLock { $0.wantsSnapshot = true }
        wakeup.signal()
    }

    /// From now on the worker reads these targets and no others.
    func replaceTargets(_ targets: Worker.TargetSet) {
        state.withLock { $0.newTargets = targets }
        wakeup.signal()
    }

    // MARK: - What the worker asks

    /// Targets that were asked for since the last call.
    func takeNewTargets() -> Worker.TargetSet? {
        state.withLock { state in
            guard state.newTargets != nil else { return nil }
            defer { state.newTargets = nil }
            return state.newTargets
        }
    }

    var isStopping: Bool { state.withLock { $0.isStopping } }
    var stopDeadline: Int64 { state.withLock { $0.stopDeadline } }
    var wantsSnapshot: Bool { state.withLock { $0.wantsSnapshot } }

    // MARK: - What the worker tells

    /// Positions and files as they are now.
    func publish(
        _ snapshot: PositionsSnapshot,
        _ files: [(target: Int, path: String, readPosition: Int64, size: Int64)]
    ) {
        state.withLock { state in
            state.snapshot = snapshot
            state.wantsSnapshot = false
            state.numbers.files = files
        }
        main.signal()
    }

    func publish(activeFiles: Int, targets: Int) {
        state.withLock { state in
            state.numbers.active = activeFiles
            state.numbers.targets = targets
        }
    }

    /// Files have come or gone: what tells them apart should be on disk soon.
    func askForSave() {
        state.withLock { $0.needsSave = true }
        main.signal()
    }

    /// The worker has nothing left to do.
    func end() {
        state.withLock { $0.isDone = true }
        main.signal()
    }

    // MARK: - What others look at

    var isDone: Bool { state.withLock { $0.isDone } }
    var numbers: FileNumbers { state.withLock { $0.numbers } }

    /// Whether the worker has asked for a save since the last call.
    func takeNeedOfSave() -> Bool {
        state.withLock { state in
            defer { state.needsSave = false }
            return state.needsSave
        }
    }

    /// What was published since the last call.
    func takeSnapshot() -> PositionsSnapshot? {
        state.withLock { state in
            defer { state.snapshot = nil }
            return state.snapshot
        }
    }
}
