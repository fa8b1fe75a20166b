import Delivery
import Entries
import Loki
import Synchronization

/// Closed batches on their way from workers to one sender, and the answers on their way back.
///
/// The bound on what is in flight stands here: ``hasRoom`` tells a worker whether it may fill another batch. Batches
/// come from a pool and return to it. Every function may be called from any thread.
final class BatchQueue: Sendable {
    /// How a batch ended.
    enum Ending {
        /// Loki has the entries: positions may move past them.
        case accepted
        /// They were given up on purpose, and counted: positions may move past them, too.
        case givenUp
        /// Shutdown came first: the entries are read again at the next start.
        case abandoned
    }

    private struct State {
        var flow: FlowControl
        var waiting: [PushBatch] = []
        var pool: [PushBatch] = []
        var ended: [[(batch: PushBatch, ending: Ending)]]
        var isClosed = false
        var serial: UInt64 = 0
    }

    private let state: Mutex<State>
    /// Signalled when a batch was submitted or the queue closed.
    let wakeup: Wakeup
    private let workers: [Wakeup]
    /// Batches larger than this are shrunk when they return.
    private let footprintLimit: Int

    init(flow: FlowControl, workers: [Wakeup], batchBytes: Int) throws(AgentError) {
        state = Mutex(State(flow: flow, ended: Array(repeating: [], count: workers.count)))
        wakeup = try Wakeup()
        self.workers = workers
        footprintLimit = min(batchBytes, Int.max / 8) * 4 + (1 << 20)
    }

    /// Whether another batch of up to `size` bytes may be filled.
    func hasRoom(for size: Int) -> Bool { state.withLock { $0.flow.hasRoom(for: size) } }

    /// An empty batch for `tenant`, which counts entries of so many jobs.
    func makeBatch(tenant: [UInt8]?, now: Int64, jobs: Int = 1) -> PushBatch {
        let (pooled, serial) = state.withLock { state in
            state.serial += 1
            return (state.pool.popLast(), state.serial)
        }
        let batch = pooled ?? PushBatch()
        batch.begin(serial: serial, tenant: tenant, now: now, keeping: footprintLimit, jobs: jobs)
        return batch
    }

    /// Hands a filled batch of worker number `worker` to the sender.
    func submit(_ batch: PushBatch, from worker: Int) {
        batch.owner = worker
        batch.charge = batch.footprint
        state.withLock { state in
            state.flow.add(batch.charge)
            state.waiting.append(batch)
        }
        wakeup.signal()
    }

    /// Whether the sender has more to do than to wait for the next batch.
    var hasBacklog: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// The oldest waiting batch; nil when there is none now.
    func next() -> PushBatch? {
        state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
    }

    /// Reports how a batch ended to the worker it came from.
    func end(_ batch: PushBatch, _ ending: Ending) {
        state.withLock { state in
            state.flow.remove(batch.charge)
            state.ended[batch.owner].append((batch, ending))
        }
        workers[batch.owner].signal()
    }

    /// Batches of `worker` that ended since the last call; each goes back by ``recycle(_:)``.
    func takeEnded(_ worker: Int) -> [(batch: PushBatch, ending: Ending)] {
        state.withLock { state in
            guard !state.ended[worker].isEmpty else { return [] }
            defer { state.ended[worker] = [] }
            return state.ended[worker]
        }
    }

    /// Gives a batch back to the pool.
    func recycle(_ batch: PushBatch) {
        state.withLock { state in
            if state.pool.count <= state.flow.batchLimit { state.pool.append(batch) }
        }
    }

    /// No more batches will come.
    func close() {
        state.withLock { $0.isClosed = true }
        wakeup.signal()
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Bytes of batches that are not answered for.
    var bytesInFlight: Int { state.withLock { $0.flow.bytes } }
}
