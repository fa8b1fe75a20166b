import Delivery
import Entries
import Languages
import Loki
import Stages

/// One worker's way to one client: which stream an entry belongs to there, and the open batches of its tenants.
///
/// Belongs to the worker's thread.
final class ClientLane {
    /// A stream as this client sees it; label sets of several targets and pipelines may be the same stream.
    private struct Stream {
        let text: [UInt8]
        let tenant: Int
        /// The batch that knows the stream already, and its number there.
        var serial: UInt64 = 0
        var number = 0
    }

    /// What tells streams apart.
    private struct StreamKey: Hashable {
        let text: [UInt8]
        let tenant: [UInt8]
    }

    /// Indices of streams by label set number, for one pipeline; negative while unknown.
    private final class StreamTable {
        var epoch = -1
        var streams: [Int32] = []
    }

    /// Streams remembered at a time; beyond, all are forgotten and made again when they come.
    private static let streamLimit = 2 * LabelSets.limit
    /// Open batches at a time; beyond, the oldest goes early, so that many tenants cannot hold unbounded memory.
    private static let openLimit = 64

    let queue: BatchQueue
    private let policy: BatchPolicy
    private let worker: Int
    private let externalLabels: [(name: String, value: [UInt8])]
    private let defaultTenant: [UInt8]
    private var tables: [StreamTable]
    private var streams: [Stream] = []
    private var streamNumbers: [StreamKey: Int32] = [:]
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
        if labelSet < table.streams.count, table.streams[labelSet] >= 0 {
            return streams[Int(table.streams[labelSet])].tenant
        }
        return streams[Int(findStream(labelSet, table, labelSets))].tenant
    }

    private func findStream(_ labelSet: Int, _ table: StreamTable, _ labelSets: LabelSets) -> Int32 {
        var labels = labelSets.labels(of: labelSet)
        for (name, value) in externalLabels where !labels.contains(where: { $0.name == name }) {
            labels.append((name, value))
        }
        let tenant = labels.first { $0.name == StreamText.tenantLabel }?.value ?? defaultTenant
        let key = StreamKey(text: StreamText.render(labels), tenant: tenant)
        let found = streamNumbers[key] ?? addStream(key)
        while table.streams.count <= labelSet { table.streams.append(-1) }
        table.streams[labelSet] = found
        return found
    }

    private func addStream(_ key: StreamKey) -> Int32 {
        if streams.count >= Self.streamLimit { forgetStreams() }
        let number = Int32(streams.count)
        streams.append(Stream(text: key.text, tenant: self.number(of: key.tenant)))
        streamNumbers[key] = number
        return number
    }

    /// Forgets all streams, and the tenants that have no open batch.
    private func forgetStreams() {
        streams.removeAll()
        streamNumbers.removeAll()
        for table in tables { table.streams.removeAll() }
        let kept = open.indices.filter { open[$0] != nil }
        tenants = kept.map { tenants[$0] }
        open = kept.map { open[$0] }
        tenantNumbers = [:]
        for (number, tenant) in tenants.enumerated() { tenantNumbers[tenant ?? []] = number }
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
        let stream = Int(tables[pipeline].streams[labelSet])
        let number = streams.withUnsafeMutableBufferPointer { streams in
            if streams[stream].serial == batch.serial { return streams[stream].number }
            let added = batch.addStream(streams[stream].text)
            streams[stream].serial = batch.serial
            streams[stream].number = added
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
