import CBytes
import Configuration
import Delivery
import Entries
import Files
import Glibc
import Loki
import Stages
import Synchronization
import TestSupport
import Testing

@testable import Agent

/// A pipeline of the stages that a YAML list names.
func compiledPipeline(_ stages: String) throws -> Pipeline {
    var diagnostics = Diagnostics(file: "test.yaml")
    let root = YAMLParser.parse(YAMLSource(stages, file: "test.yaml"), into: &diagnostics)
    let compiler = PipelineCompiler(diagnostics: diagnostics)
    let pipeline = compiler.compile(root?.items ?? [])
    try #require(!compiler.diagnostics.hasErrors, "\(compiler.diagnostics.render(source: stages))")
    return pipeline
}

/// Sources whose chunks the test has written down; remembers what was acknowledged.
final class ScriptedSource: LineSource {
    struct Piece {
        let source: UInt32
        let bytes: [UInt8]
        let start: Int64
        var advance = Chunk.Advance.perByte
        var end: Int64 { advance == .perByte ? start + Int64(bytes.count) : start + 1 }
    }

    private var pieces: [Piece]
    private var events: [TailEvent]
    private var memory: UnsafeMutablePointer<UInt8>?
    private(set) var acknowledged: [UInt32: Int64] = [:]
    private(set) var observations = 0
    private(set) var looks = 0
    let waitDescriptor: Int32
    let isNotified: Bool
    let endsByItself: Bool

    /// Gives out `pieces`, and ends when `endsByItself` once that is done; the worker may wait for `descriptor`.
    init(_ pieces: [Piece], descriptor: Int32 = -1, isNotified: Bool = true, endsByItself: Bool = true) {
        self.pieces = pieces
        waitDescriptor = descriptor
        self.isNotified = isNotified
        self.endsByItself = endsByItself
        events = Set(pieces.map(\.source)).sorted().map {
            .opened(SourceID(rawValue: $0), target: 0, path: "/\($0).log", startPosition: 0)
        }
    }

    deinit { memory?.deallocate() }

    /// One source with these lines, each chunk as long as `lines` says.
    convenience init(chunks: [[String]]) {
        var start: Int64 = 0
        var pieces: [Piece] = []
        for lines in chunks {
            pieces.append(Piece(source: 1, bytes: Array(lines.map { $0 + "\n" }.joined().utf8), start: start))
            start = pieces[pieces.count - 1].end
        }
        self.init(pieces)
    }

    var keepsLineEnds: Bool { true }
    var isExhausted: Bool { endsByItself && pieces.isEmpty }
    func observe(now: Int64) { observations += 1 }
    func nextDeadline(now: Int64) -> Int64? { nil }
    func finishAll() {}
    func positionsSnapshot() -> PositionsSnapshot { PositionsSnapshot() }

    func takeEvents() -> [TailEvent] {
        defer { events = [] }
        return events
    }

    func nextChunk(now: Int64) -> Chunk? {
        looks += 1
        guard !pieces.isEmpty else { return nil }
        let piece = pieces.removeFirst()
        memory?.deallocate()
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: piece.bytes.count + 64)
        copy.update(from: piece.bytes, count: piece.bytes.count)
        memory = copy
        return Chunk(
            source: SourceID(rawValue: piece.source),
            bytes: Bytes(copy, count: piece.bytes.count),
            startPosition: piece.start,
            advance: piece.advance,
            endPosition: piece.end
        )
    }

    func acknowledge(_ source: SourceID, position: Int64) { acknowledged[source.rawValue] = position }
}

/// Takes batches off a queue and ends each as the test decides, on a thread of its own.
final class ScriptedSender: Sendable {
    private final class Record: Sendable {
        let batches = Mutex<[[String]]>([])
        let endedEntries = Mutex(0)
    }

    private let record = Record()
    private let thread: JoinedThread
    private let queue: BatchQueue

    /// `end` gives nil for an answer that never comes.
    init(_ queue: BatchQueue, _ end: @escaping @Sendable (_ batch: Int, [String]) -> BatchQueue.Ending?) {
        self.queue = queue
        let record = record
        thread = JoinedThread {
            var number = 0
            while true {
                guard let batch = queue.next() else {
                    if queue.isClosed { return }
                    queue.wakeup.wait(until: nil)
                    continue
                }
                let lines = Self.lines(of: batch)
                record.batches.withLock { $0.append(lines) }
                if let ending = end(number, lines) { queue.end(batch, ending) }
                record.endedEntries.withLock { $0 += lines.count }
                number += 1
            }
        }
    }

    /// The lines of each batch, in the order in which they were closed.
    var batches: [[String]] { record.batches.withLock { $0 } }

    var endedEntries: Int { record.endedEntries.withLock { $0 } }

    func stop() {
        queue.close()
        thread.join()
    }

    private static func lines(of batch: PushBatch) -> [String] {
        var buffer = BodyBuffer()
        defer { buffer.deallocate() }
        let push = try? PushDecoder.decodeJSON(batch.jsonBody(&buffer))
        return push?.streams.flatMap { $0.entries.map { String(decoding: $0.line, as: UTF8.self) } } ?? []
    }
}

/// One worker with its queues and senders, run to its end.
final class WorkerRun {
    let source: ScriptedSource
    let worker: Worker
    let ledger = Ledger()
    let mailbox: WorkerMailbox
    let queues: [BatchQueue]

    init(
        _ source: ScriptedSource,
        stages: String = "[]",
        batchBytes: [Int] = [1_000],
        inFlight: Int = 1 << 20,
        batchLimit: Int = 3,
        tenant: String = "",
        streamsPerBatch: Int = 0,
        limits: LineLimits? = nil,
        batchWait: Int64 = 50_000_000
    ) throws {
        self.source = source
        let mailbox = try WorkerMailbox(main: Wakeup())
        self.mailbox = mailbox
        queues = try batchBytes.map { bytes in
            try BatchQueue(
                flow: FlowControl(limit: inFlight, batchLimit: batchLimit),
                workers: [mailbox.wakeup],
                batchBytes: bytes
            )
        }
        let lanes = zip(queues, batchBytes).enumerated().map { index, lane in
            ClientLane(
                queue: lane.0,
                host: "client \(index)",
                policy: BatchPolicy(sizeLimit: lane.1, wait: batchWait),
                worker: 0,
                pipelines: 1,
                externalLabels: [:],
                tenant: tenant,
                streamsPerBatch: streamsPerBatch
            )
        }
        worker = Worker(
            number: 0,
            source: source,
            pipelines: [try compiledPipeline(stages)],
            jobNames: ["test"],
            targets: [0: Worker.Target(pipeline: 0, labels: [("job", Array("test".utf8))], addsFilename: false)],
            lanes: lanes,
            mailbox: mailbox,
            ledger: ledger,
            log: AgentLog(level: .error),
            limits: limits ?? LineLimits(maximumBytes: 0, truncates: false),
            readRate: nil,
            printer: nil
        )
    }

    /// Runs the worker; the lines of the batches by client.
    ///
    /// `end` decides how each batch of each client ends. `stopping`: the worker is stopped once so many lines were read
    /// and every batch has its ending.
    @discardableResult
    func run(
        stopping lines: UInt64? = nil,
        _ end: @escaping @Sendable (_ client: Int, _ batch: Int, [String]) -> BatchQueue.Ending? = { _, _, _ in
            .accepted
        }
    ) -> [[[String]]] {
        let senders = queues.enumerated().map { index, queue in ScriptedSender(queue) { end(index, $0, $1) } }
        let stopper = lines.map { lines in
            JoinedThread { [ledger, mailbox] in
                try? waitUntil("every batch has its ending") {
                    let totals = ledger.current
                    let ended = senders.enumerated().allSatisfy { index, sender in
                        UInt64(sender.endedEntries) == totals.clients["client \(index)"]?.takenEntries
                    }
                    return totals.readLines >= lines && ended
                }
                mailbox.stop(deadline: Clock.monotonic())
            }
        }
        worker.run()
        stopper?.join()
        for sender in senders { sender.stop() }
        return senders.map(\.batches)
    }
}
