/// Puts chunks of GELF messages together again (GELF over UDP: magic 1e 0f, eight bytes of id, number, count).
///
/// A message that is not complete within 5 s is given up, as Graylog does; so is the oldest when there are too many, or too
/// many bytes. A value: datagrams and times come in, messages come out.
package struct GELFAssembly {
    private struct Parts {
        let began: Int64
        var chunks: [[UInt8]?]
        var missing: Int
        var byteCount = 0
    }

    /// Nanoseconds from the first chunk of a message to the last.
    package static let patience: Int64 = 5_000_000_000
    /// Chunks of a message at most.
    private static let mostChunks = 128
    /// Messages that wait for chunks, and their bytes: 8 MiB.
    private static let mostMessages = 1_024
    private static let mostBytes = 8 << 20

    private var waiting: [UInt64: Parts] = [:]
    /// Ids in the order of their first chunk.
    private var order: [UInt64] = []
    private var byteCount = 0
    /// Messages that were given up, and datagrams that cannot be a part of one.
    package private(set) var lost: UInt64 = 0

    package init() {}

    /// Messages that are not complete yet.
    package var waitingCount: Int { waiting.count }

    /// The message that a datagram is, or completes; nil when more has to come.
    package mutating func take(_ datagram: [UInt8], now: Int64) -> [UInt8]? {
        expire(now: now)
        guard datagram.count >= 2, datagram[0] == 0x1E, datagram[1] == 0x0F else { return datagram }
        guard datagram.count > 12 else {
            lost += 1
            return nil
        }
        let id = datagram[2..<10].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let number = Int(datagram[10])
        let count = Int(datagram[11])
        let isOfMessage = waiting[id].map { $0.chunks.count == count } ?? true
        guard count >= 1, count <= Self.mostChunks, number < count, isOfMessage else {
            lost += 1
            return nil
        }
        if waiting[id] == nil {
            waiting[id] = Parts(began: now, chunks: Array(repeating: nil, count: count), missing: count)
            order.append(id)
        }
        add(Array(datagram[12...]), number: number, to: id)
        if let parts = waiting[id], parts.missing == 0 {
            remove(id)
            return parts.chunks.flatMap { $0 ?? [] }
        }
        makeRoom(keeping: id)
        return nil
    }

    private mutating func add(_ chunk: [UInt8], number: Int, to id: UInt64) {
        guard var parts = waiting[id], parts.chunks[number] == nil else { return }
        waiting[id] = nil
        parts.chunks[number] = chunk
        parts.missing -= 1
        parts.byteCount += chunk.count
        byteCount += chunk.count
        waiting[id] = parts
    }

    /// Gives up messages whose last chunk has not come in time.
    package mutating func expire(now: Int64) {
        while let oldest = order.first, let parts = waiting[oldest], now - parts.began > Self.patience {
            remove(oldest)
            lost += 1
        }
    }

    private mutating func makeRoom(keeping newest: UInt64) {
        while waiting.count > Self.mostMessages || byteCount > Self.mostBytes {
            guard let oldest = order.first, oldest != newest else { return }
            remove(oldest)
            lost += 1
        }
    }

    private mutating func remove(_ id: UInt64) {
        if let parts = waiting.removeValue(forKey: id) { byteCount -= parts.byteCount }
        if order.first == id { order.removeFirst() } else { order.removeAll { $0 == id } }
    }

    /// What was lost since the last call.
    package mutating func takeLost() -> UInt64 {
        defer { lost = 0 }
        return lost
    }
}
