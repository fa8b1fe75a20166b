import Entries
import Receivers

/// The log of one container: where it stands, and what is between the engine and the pipeline.
///
/// Belongs to the thread of its ``ContainerReader``.
final class Follower {
    enum State: Equatable {
        /// To be opened once this time has come, in monotonic nanoseconds.
        case waiting(until: Int64)
        case following
        /// The log has ended; whether the container has, too, is not known yet.
        case ended
        /// The container does not run, and all of its log was read.
        case stopped
        /// Its log cannot be read.
        case unreadable
    }

    var container: Container
    var state = State.waiting(until: 0)
    var transfer: EngineClient.Transfer?
    /// Up to where lines were given out.
    private(set) var position: LogPosition?
    /// A batch that was not taken.
    var blocked: (batch: MessageBatch, position: LogPosition)?
    var isPaused = false
    /// Its labels are not those that the engine lists: what it writes waits for them.
    var isProvisional: Bool
    var failures = 0
    var hasToldBreak = false
    /// The container has ended: its log is read once more to its end, for engines that let go of one they follow before
    /// they have given all of it.
    var isDraining = false
    /// The engine has removed the container.
    var isRemoved = false
    /// What has come is no log: the connection counts as broken.
    var hasGarbage = false
    /// What the engine says instead of a log.
    var refusal: [UInt8] = []

    private var decoder: LogDecoder
    private var resumption: Resumption
    private let limit: Int
    private var lines: [LogDecoder.Line] = []

    init(_ container: Container, position: LogPosition?, limit: Int, isProvisional: Bool = false) {
        self.container = container
        self.position = position
        self.limit = limit
        self.isProvisional = isProvisional
        decoder = LogDecoder(limit: limit)
        resumption = Resumption(position)
    }

    /// A log begins to come, from the position on.
    func begin() {
        decoder = LogDecoder(limit: limit)
        resumption = Resumption(position)
        refusal = []
    }

    /// Takes bytes of the log; gives a batch and where the log stands behind it, unless there is nothing to hand over.
    func take(
        _ bytes: Bytes,
        labels: inout MessageLabels,
        sums: inout ContainerSums
    ) throws(LogDecoder.Malformed) -> (batch: MessageBatch, position: LogPosition)? {
        let errors = decoder.errors
        lines.removeAll(keepingCapacity: true)
        try decoder.take(bytes, into: &lines)
        sums.errors += UInt64(decoder.errors - errors)
        return batch(&labels, &sums)
    }

    /// The container has ended: the last line is complete.
    func finish(
        labels: inout MessageLabels,
        sums: inout ContainerSums
    ) -> (batch: MessageBatch, position: LogPosition)? {
        lines.removeAll(keepingCapacity: true)
        decoder.finish(into: &lines)
        return batch(&labels, &sums)
    }

    private func batch(
        _ labels: inout MessageLabels,
        _ sums: inout ContainerSums
    ) -> (batch: MessageBatch, position: LogPosition)? {
        guard !lines.isEmpty else { return nil }
        var batch = MessageBatch()
        var sets: [LogDecoder.Stream: Int?] = [:]
        for line in lines where resumption.isNew(line.timestamp) {
            position = position?.after(line.timestamp) ?? LogPosition(timestamp: line.timestamp, count: 1)
            let set = sets[line.stream] ?? add(line.stream, to: &batch, &labels)
            sets[line.stream] = .some(set)
            guard let set else {
                sums.relabelled += 1
                continue
            }
            sums.lines += 1
            if line.cut > 0 { sums.cut += 1 }
            Bytes.with(line.text) { batch.add($0, timestamp: line.timestamp, labels: set) }
        }
        guard let position else { return nil }
        // A line that is not complete may have begun before the last one that is.
        if let open = decoder.openSince, open < position.timestamp {
            return (batch, LogPosition(timestamp: open, count: 0))
        }
        return (batch, position)
    }

    /// Nil when the rules drop what comes by this stream.
    private func add(
        _ stream: LogDecoder.Stream,
        to batch: inout MessageBatch,
        _ labels: inout MessageLabels
    ) -> Int? {
        var found = container.labels.map { (name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
        found.append((name: "__meta_docker_container_log_stream", value: stream.name))
        return labels.labels(of: found).map { batch.add(labels: $0) }
    }
}
