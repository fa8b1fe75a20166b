import Receivers
import Synchronization

/// Batches of messages on their way from receivers to one worker, within a bound.
///
/// Every function may be called from any thread.
final class MessageInlet: Sendable {
    /// A batch and the pipeline it is for.
    struct Item {
        let batch: MessageBatch
        let pipeline: Int
    }

    private struct State {
        var waiting: [Item] = []
        var bytes = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let worker: Wakeup

    /// Bytes that wait at most, beside one batch that may be larger: 2 MiB.
    private static let limit = 2 << 20

    init(worker: Wakeup) { self.worker = worker }

    /// Whether a batch would be taken now.
    var hasRoom: Bool { state.withLock { !$0.isClosed && $0.bytes < Self.limit } }

    fileprivate func offer(_ batch: MessageBatch, _ pipeline: Int) -> Bool {
        let isTaken = state.withLock { state in
            guard !state.isClosed, state.bytes < Self.limit else { return false }
            state.bytes += batch.weight
            state.waiting.append(Item(batch: batch, pipeline: pipeline))
            return true
        }
        if isTaken { worker.signal() }
        return isTaken
    }

    /// The batch that has waited longest.
    func take() -> Item? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            let item = state.waiting.removeFirst()
            state.bytes -= item.batch.weight
            return item
        }
    }

    /// Whether a batch waits.
    var isEmpty: Bool { state.withLock { $0.waiting.isEmpty } }

    /// Takes no more; what waits is left to whoever calls ``take()``.
    func close() { state.withLock { $0.isClosed = true } }
}

/// The way of one job's messages into the inlet of its worker.
struct InletSink: MessageSink {
    let inlet: MessageInlet
    let pipeline: Int

    var hasRoom: Bool { inlet.hasRoom }
    func offer(_ batch: MessageBatch) -> Bool { inlet.offer(batch, pipeline) }
}
