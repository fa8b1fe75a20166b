import Delivery
import Entries
import Languages
import Loki
import Stages

/// One worker's way to one client: which stream an entry belongs to there, and the open batches of its tenants.
///
/// Belongs to the worker's thread. What is asked per entry lies in plain tables; texts are looked at once per stream.
final class ClientLane {
    /// Whether an entry can be appended now.
    enum Admission {
        case ready
        /// The tenant's open batch must be closed first.
        case full
        /// The tenant has no open batch: one can be opened when ``hasRoom``.
        case needsBatch
    }

    /// A stream as this client sees it; label sets of several targets and pipelines may be the same stream.
    private struct Stream: BitwiseCopyable {
        let tenant: Int32
        /// Its number in the batch with that serial.
        var number: Int32 = 0
        var serial: UInt64 = 0
    }

    /// What tells streams apart.
    private struct StreamKey: Hashable {
        let text: [UInt8]
        let tenant: [UInt8]
    }

    /// Numbers of streams by label set number, for one pipeline; negative while unknown.
    private struct StreamTable: ~Copyable {
        var epoch = -1
        var streams = PlainTable<Int32>(capacity: 256)
    }

    /// Streams remembered at a time; beyond, all are forgotten and made again when they come.
    private static let streamLimit = 2 * LabelSets.limit
    /// Bytes of stream texts remembered at a time; the same happens beyond.
    private static let textLimit = 4 * 1024 * 1024
    /// Open batches at a time; beyond, the oldest goes early, so that many tenants cannot hold unbounded memory.
    private static let openLimit = 64

    let queue: BatchQueue
    /// Host and port of the client's URL, as metrics name it.
    let host: String
    private let policy: BatchPolicy
    private let worker: Int
    private let externalLabels: [(name: String, value: [UInt8])]
    private let defaultTenant: [UInt8]
    /// By pipeline.
    private let tables: UnsafeMutablePointer<StreamTable>
    private let tableCount: Int
    private var streams = PlainTable<Stream>()
    private var texts: [[UInt8]] = []
    private var textBytes = 0
    private var streamNumbers: [StreamKey: Int32] = [:]
    private var tenants: [[UInt8]] = []
    private var tenantNumbers: [[UInt8]: Int] = [:]
    /// By tenant; each retained here while it is open.
    private var open = PlainTable<Unmanaged<PushBatch>?>()
    /// Tenants with an open batch, the longest open first.
    private var openTenants: [Int] = []
    /// The stream that ``admission(of:_:_:size:)`` was asked about last.
    private var admitted = 0
    /// The pipeline it came from.
    private var admittedPipeline = 0
    /// Entries of batches that are closed.
    private var closedEntries: UInt64 = 0
    /// The same by pipeline.
    private var closedByPipeline: [UInt64]
    /// `max_streams`: streams in a batch; 0 for no limit.
    private let streamsPerBatch: Int
    /// Whether batches are compressed here when the sender is behind: both threads then share the work.
    private let compressesAhead: Bool
    private var gathered = BodyBuffer()
    /// Entries left out because their stream was one too many for its batch.
    private(set) var refusedEntries: UInt64 = 0

    init(
        queue: BatchQueue,
        host: String,
        policy: BatchPolicy,
        worker: Int,
        pipelines: Int,
        externalLabels: [String: String],
        tenant: String,
        streamsPerBatch: Int = 0,
        compressesAhead: Bool = true
    ) {
        self.compressesAhead = compressesAhead
        self.host = host
        self.streamsPerBatch = streamsPerBatch
        self.queue = queue
        self.policy = policy
        self.worker = worker
        self.externalLabels = externalLabels.map { ($0.key, Array($0.value.utf8)) }
        defaultTenant = Array(tenant.utf8)
        tableCount = pipelines
        closedByPipeline = Array(repeating: 0, count: pipelines)
        tables = .allocate(capacity: max(pipelines, 1))
        for index in 0..<pipelines { (tables + index).initialize(to: StreamTable()) }
    }

    deinit {
        for tenant in 0..<open.count { open[tenant]?.release() }
        gathered.deallocate()
        tables.deinitialize(count: tableCount)
        tables.deallocate()
    }

    // MARK: - Streams

    /// The number of the stream that a label set is at this client; valid until the next call.
    @inline(__always)
    private func stream(of labelSet: Int, _ pipeline: Int, _ labelSets: LabelSets) -> Int {
        let table = tables + pipeline
        if table.pointee.epoch == labelSets.epoch, labelSet < table.pointee.streams.count {
            let known = table.pointee.streams[labelSet]
            if known >= 0 { return Int(known) }
        }
        return findStream(labelSet, table, labelSets)
    }

    private func findStream(
        _ labelSet: Int,
        _ table: UnsafeMutablePointer<StreamTable>,
        _ labelSets: LabelSets
    ) -> Int {
        if table.pointee.epoch != labelSets.epoch {
            table.pointee.streams.removeAll()
            table.pointee.epoch = labelSets.epoch
        }
        var labels = labelSets.labels(of: labelSet)
        for (name, value) in externalLabels where !labels.contains(where: { $0.name == name }) {
            labels.append((name, value))
        }
        let tenant = labels.first { $0.name == StreamText.tenantLabel }?.value ?? defaultTenant
        let key = StreamKey(text: StreamText.render(labels), tenant: tenant)
        let found = streamNumbers[key] ?? addStream(key)
        while table.pointee.streams.count <= labelSet { table.pointee.streams.append(-1) }
        table.pointee.streams[labelSet] = found
        return Int(found)
    }

    private func addStream(_ key: StreamKey) -> Int32 {
        if streams.count >= Self.streamLimit || textBytes > Self.textLimit { forgetStreams() }
        let number = Int32(streams.count)
        streams.append(Stream(tenant: Int32(self.number(of: key.tenant))))
        texts.append(key.text)
        textBytes += key.text.count
        streamNumbers[key] = number
        return number
    }

    private func number(of tenant: [UInt8]) -> Int {
        if let known = tenantNumbers[tenant] { return known }
        tenants.append(tenant)
        open.append(nil)
        tenantNumbers[tenant] = tenants.count - 1
        return tenants.count - 1
    }

    /// Forgets all streams, and the tenants that have no open batch.
    private func forgetStreams() {
        streams.removeAll()
        texts.removeAll()
        textBytes = 0
        streamNumbers.removeAll()
        for index in 0..<tableCount { tables[index].streams.removeAll() }
        let kept = openTenants.map { (name: tenants[$0], batch: open[$0]) }
        open.removeAll()
        tenants.removeAll()
        tenantNumbers.removeAll()
        openTenants = kept.map { number(of: $0.name) }
        for (tenant, item) in zip(openTenants, kept) { open[tenant] = item.batch }
    }

    // MARK: - Batches

    /// Whether an entry of `size` bytes can be appended now; what follows is about its stream.
    @inline(__always)
    func admission(of labelSet: Int, _ pipeline: Int, _ labelSets: LabelSets, size: Int) -> Admission {
        admitted = stream(of: labelSet, pipeline, labelSets)
        admittedPipeline = pipeline
        guard let batch = open[Int(streams[admitted].tenant)] else { return .needsBatch }
        return batch._withUnsafeGuaranteedRef { $0.hasRoom(for: size, policy) ? .ready : .full }
    }

    /// Whether another batch may be filled now.
    var hasRoom: Bool { queue.hasRoom(for: policy.sizeLimit) }

    /// Adds the entry asked about last, opening a batch when there is none; true when its span must be retained for it.
    ///
    /// An entry whose stream is one too many for the batch (`max_streams`) is left out and counted.
    @inline(__always)
    func append(_ entry: UnsafeMutablePointer<Entry>, size: Int, now: Int64) -> Bool {
        let record = streams.pointer(to: admitted)
        let batch = open[Int(record.pointee.tenant)] ?? openBatch(Int(record.pointee.tenant), now: now)
        return batch._withUnsafeGuaranteedRef { batch in
            if record.pointee.serial != batch.serial {
                if streamsPerBatch > 0, batch.streamCount >= streamsPerBatch {
                    refusedEntries += 1
                    return false
                }
                record.pointee.number = Int32(batch.addStream(texts[admitted]))
                record.pointee.serial = batch.serial
            }
            batch.countEntries(1, of: admittedPipeline)
            return batch.append(entry, stream: Int(record.pointee.number), size: size)
        }
    }

    /// Adds the lines at `start` to the stream and the open batch of the entry that was added last, while they fit; see
    /// ``PushBatch/appendLines(from:to:stream:after:longest:keepsLineEnds:_:)``.
    func appendLines(
        from start: UnsafePointer<UInt8>,
        to end: UnsafePointer<UInt8>,
        after stamp: inout Timestamp,
        longest: Int,
        keepsLineEnds: Bool
    ) -> PushBatch.Run {
        let record = streams.pointer(to: admitted)
        // An entry that was left out has opened no stream.
        guard let batch = open[Int(record.pointee.tenant)],
            batch._withUnsafeGuaranteedRef({ $0.serial }) == record.pointee.serial
        else { return PushBatch.Run(end: start) }
        let number = Int(record.pointee.number)
        return batch._withUnsafeGuaranteedRef { batch in
            let run = batch.appendLines(
                from: start,
                to: end,
                stream: number,
                after: &stamp,
                longest: longest,
                keepsLineEnds: keepsLineEnds,
                policy
            )
            batch.countEntries(Int(run.lineCount - run.blankCount), of: admittedPipeline)
            return run
        }
    }

    /// Makes the open batch that took the entry answer for `span` too; true when it must be retained.
    func addSpan(_ span: SpanID) -> Bool {
        open[Int(streams[admitted].tenant)]?._withUnsafeGuaranteedRef { $0.addSpan(span) } ?? false
    }

    private func openBatch(_ tenant: Int, now: Int64) -> Unmanaged<PushBatch> {
        let name = tenants[tenant]
        let batch = Unmanaged.passRetained(
            queue.makeBatch(tenant: name.isEmpty ? nil : name, now: now, jobs: tableCount)
        )
        open[tenant] = batch
        openTenants.append(tenant)
        return batch
    }

    /// Sends off the open batch that has no room for the entry asked about last.
    func closeAdmitted() { close(tenant: Int(streams[admitted].tenant)) }

    private func close(tenant: Int) {
        guard let batch = open[tenant] else { return }
        open[tenant] = nil
        openTenants.removeAll { $0 == tenant }
        let closed = batch.takeRetainedValue()
        closedEntries += UInt64(closed.count)
        for index in closedByPipeline.indices { closedByPipeline[index] += UInt64(closed.entries(of: index)) }
        if compressesAhead, queue.hasBacklog { closed.compressAhead(gathering: &gathered) }
        queue.submit(closed, from: worker)
    }

    /// Sends off the longest open batches while tenants have too many of them, or too large ones together; true if
    /// there were any.
    func closeOldestIfCrowded() -> Bool {
        var closed = false
        while openTenants.count >= Self.openLimit || (openTenants.count > 1 && openBytes > 2 * policy.weightLimit) {
            close(tenant: openTenants[0])
            closed = true
        }
        return closed
    }

    private var openBytes: Int { sum(of: \.footprint) }

    private func sum(of part: (PushBatch) -> Int) -> Int {
        openTenants.reduce(0) { $0 + (open[$1]?._withUnsafeGuaranteedRef(part) ?? 0) }
    }

    /// Sends off what has waited long enough (everything when `isEnding`); true if there was any.
    func closeDue(now: Int64, isEnding: Bool = false) -> Bool {
        var closed = false
        while let first = openTenants.first, isEnding || dueTime(first) <= now {
            close(tenant: first)
            closed = true
        }
        return closed
    }

    private func dueTime(_ tenant: Int) -> Int64 {
        open[tenant].map { policy.deadline(openedAt: $0._withUnsafeGuaranteedRef { $0.openedAt }) } ?? .max
    }

    /// When the next batch is due; nil while none is open.
    var deadline: Int64? { openTenants.first.map { dueTime($0) } }

    /// Entries of a pipeline that were appended since the start.
    func entryCount(of pipeline: Int) -> UInt64 {
        closedByPipeline[pipeline] + UInt64(sum { $0.entries(of: pipeline) })
    }

    /// Entries that were appended since the start.
    var entryCount: UInt64 { closedEntries + UInt64(sum(of: \.count)) }
}
