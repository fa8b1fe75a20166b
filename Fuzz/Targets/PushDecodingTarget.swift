import Entries
import Languages
import Loki

/// Decoding of pushes, with any bytes as a snappy block, as the protobuf message inside one, and as JSON.
///
/// Holds: both ways of reading protobuf agree; and what was decoded comes back the same when our encoder has written it.
final class PushDecodingTarget: FuzzTarget {
    static let name = "push-decoding"

    private var buffer = BodyBuffer()
    private let batch = PushBatch()
    private let arena = ByteArena()
    private let pairs = UnsafeMutablePointer<MetadataList.Pair>.allocate(capacity: MetadataList.limit)

    init() {}

    deinit {
        buffer.deallocate()
        arena.deallocate()
        pairs.deallocate()
    }

    func run(_ input: Bytes) throws(Finding) {
        if let push = try decoded(input) { try checkRoundTrip(push) }
        if let push = try decoded(block(of: input)) { try checkRoundTrip(push) }
        if let push = try? PushDecoder.decodeJSON(input) { try checkRoundTrip(push) }
    }

    private func block(of message: Bytes) -> Bytes {
        arena.reset()
        let capacity = SnappyBlock.maximumLength(of: message.count)
        let room = arena.allocate(capacity)
        return Bytes(room, count: SnappyBlock.compress(message, into: room, capacity: capacity))
    }

    /// What is in a block; nil where it is refused.
    private func decoded(_ block: Bytes) throws(Finding) -> DecodedPush? {
        let push = try? PushDecoder.decodeProtobuf(block)
        guard let push, let sums = try? PushDecoder.count(block) else { return push }
        let entries = push.streams.flatMap(\.entries)
        // A line that is given twice counts twice where nothing is decoded.
        guard sums.streams == push.streams.count, sums.entries == entries.count,
            sums.lineBytes >= entries.reduce(0, { $0 + $1.line.count })
        else { throw Finding("counting and decoding differ") }
        return push
    }

    private func checkRoundTrip(_ push: DecodedPush) throws(Finding) {
        let isInReach = push.streams.allSatisfy { stream in
            stream.entries.allSatisfy { $0.metadata.count <= MetadataList.limit }
        }
        guard isInReach else { return }
        fill(push)
        let body = batch.body(&buffer).array
        let again = Bytes.with(body) { try? PushDecoder.decodeProtobuf(block(of: $0)) }
        guard again == push else { throw Finding("a push changes when it is encoded and decoded") }
    }

    private func fill(_ push: DecodedPush) {
        batch.begin(serial: 1, tenant: nil, now: 0, keeping: 1 << 20)
        for stream in push.streams {
            let number = batch.addStream(stream.labels)
            for entry in stream.entries {
                arena.reset()
                var metadata = MetadataList(pairs)
                for pair in entry.metadata { _ = metadata.append(arena.copy(pair.name), arena.copy(pair.value)) }
                let line = arena.copy(entry.line)
                batch.append(
                    stream: number,
                    timestamp: entry.timestamp,
                    line: line,
                    metadata: metadata,
                    size: PushBatch.size(line: line, metadata: metadata)
                )
            }
        }
    }
}
