import Delivery
import Entries
import Languages
import Loki
import Stages

/// One worker's way to one client: which stream an entry belongs to there, and the open batches of its tenants.
///
/// Belongs to the worker's thread.
final class ClientLane {
    /// How a label set looks to this client; made once per label set.
    private struct Stream {
        let text: [UInt8]
        let tenant: Int
        /// The batch that knows the stream already, and its number there.
        var serial: UInt64 = 0
        var number = 0
    }

    /// Streams by label set number, for one pipeline.
    private final class StreamTable {
        var epoch = -1
        var streams: [Stream?] = []
    }

    /// Open batches at a time; beyond, the oldest goes early, so that many tenants cannot hold unbounded memory.
    private static let openLimit = 64

    let queue: BatchQueue
    private let policy: BatchPolicy
    private let worker: Int
    private let externalLabels: [(name: String, value: [UInt8])]
    private let defaultTenant: [UInt8]
    private var tables: [StreamTable]
    private var tenants: [[UInt8]?] = []
    private var tenantNumbers: [[UInt8]: Int] = [:]
    private var open: [PushBatch?] = []

    init(
        queue: BatchQueue, policy: BatchPolicy, worker: Int, pipelines: Int, externalLabels: [String: String],
        tenant: String
    ) {
        self.queue = queue
        self.policy = policy
        self.worker = worker
        self.externalLabels = externalLabels.map { ($0.key, Array($0.value.utf8)) }
        defaultTenant = Array(tenant.utf8)
        tables = (0..<pipelines).map { _ in StreamTable() }
    }

    /// Where an entry with this label set goes.
    @inline(__always)
    func tenant(of labelSet: Int, _ pipeline: Int, _ labelSets: LabelSets) -> Int {
        let table = tables[pipeline]
        if table.epoch != labelSets.epoch {
            table.streams.removeAll(keepingCapacity: true)
            table.epoch = labelSets.epoch
        }
        if labelSet < table.streams.count, let stream = table.streams[labelSet] { return stream.tenant }
        return makeStream(labelSet, table, labelSets).tenant
    }

    private func makeStream(_ labelSet: Int, _ table: StreamTable, _ labelSets: LabelSets) -> Stream {
        var labels = labelSets.labels(of: labelSet)
        for (name, value) in externalLabels where !labels.contains(where: { $0.name == name }) {
            labels.append((name, value))
        }
        let tenant = labels.first { $0.name == StreamText.tenantLabel }?.value ?? defaultTenant
        let stream = Stream(text: StreamText.render(labels), tenant: number(of: tenant))
        while table.streams.count <= labelSet { table.streams.append(nil) }
        table.streams[labelSet] = stream
        return stream
    }

    private func number(of tenant: [UInt8]) -> Int {
        if let known = tenantNumbers[tenant] { return known }
        tenants.append(tenant.isEmpty ? nil : tenant)
        open.append(nil)
        tenantNumbers[tenant] = tenants.count - 1
        return tenants.count - 1
    }

    // MARK: - Batches

    /// Whether an entry of `size` bytes needs a batch that is not open yet.
    @inline(__always)
    func needsBatch(tenant: Int) -> Bool { open[tenant] == nil }

    /// Whether the open batch must go before an entry of `size` bytes.
    @inline(__always)
    func isFull(tenant: Int, adding size: Int) -> Bool {
        guard let batch = open[tenant] else { return false }
        return policy.mustClose(size: batch.size, isEmpty: batch.isEmpty, adding: size)
    }

    /// Whether another batch may be filled now.
    var hasRoom: Bool { queue.hasRoom(for: policy.sizeLimit) }

    /// Sends the tenant's open batch off.
    func close(tenant: Int) {
        guard let batch = open[tenant] else { return }
        open[tenant] = nil
        queue.submit(batch, from: worker)
    }

    /// Adds an entry; true when `span` must be retained for it.
    @inline(__always)
    func append(
        _ entry: Entry, labelSet: Int, pipeline: Int, tenant: Int, size: Int, span: SpanID, now: Int64
    ) -> Bool {
        let batch = open[tenant] ?? openBatch(tenant, now: now)
        let table = tables[pipeline]
        let number = table.streams.withUnsafeMutableBufferPointer { streams in
            if let known = streams[labelSet], known.serial == batch.serial { return known.number }
            let added = batch.addStream(streams[labelSet]?.text ?? [])
            streams[labelSet]?.serial = batch.serial
            streams[labelSet]?.number = added
            return added
        }
        batch.append(
            stream: number, timestamp: entry.timestamp, line: entry.line, metadata: entry.metadata, size: size)
        return batch.addSpan(span)
    }

    /// Makes the tenant's open batch answer for `span` too; true when it must be retained.
    func addSpan(_ span: SpanID, tenant: Int) -> Bool { open[tenant]?.addSpan(span) ?? false }

    private func openBatch(_ tenant: Int, now: Int64) -> PushBatch {
        let batch = queue.makeBatch(tenant: tenants[tenant], now: now)
        open[tenant] = batch
        return batch
    }

    /// Whether so many tenants have open batches that the oldest must go.
    func closeOldestIfCrowded() -> Bool {
        let openTenants = open.indices.filter { open[$0] != nil }
        guard openTenants.count >= Self.openLimit else { return false }
        guard let oldest = openTenants.min(by: { (open[$0]?.openedAt ?? 0) < (open[$1]?.openedAt ?? 0) }) else {
            return false
        }
        close(tenant: oldest)
        return true
    }

    /// Sends off what has waited long enough (everything when `isEnding`); true if there was any.
    func closeDue(now: Int64, isEnding: Bool = false) -> Bool {
        var closed = false
        for tenant in open.indices {
            guard let batch = open[tenant], isEnding || policy.deadline(openedAt: batch.openedAt) <= now else { continue }
            close(tenant: tenant)
            closed = true
        }
        return closed
    }

    /// When the next batch is due; nil while none is open.
    var deadline: Int64? {
        open.compactMap { $0.map { policy.deadline(openedAt: $0.openedAt) } }.min()
    }
}
