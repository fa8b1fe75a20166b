import Entries
import TestSupport

@testable import Loki

/// Entries of several streams, as they would be put into a batch, and what the push should hold.
struct RandomPush {
    struct Item {
        let stream: Int
        let timestamp: Timestamp
        let line: [UInt8]
        let metadata: [(name: [UInt8], value: [UInt8])]
    }

    var labels: [[UInt8]] = []
    var items: [Item] = []

    init(seed: UInt64, entries: Int, streams: Int, isText: Bool = false) {
        var random = SplitMix(state: seed)
        for number in 0..<streams {
            labels.append(Array("{app=\"app \(number)\", level=\"\(seed % 7)\"}".utf8))
        }
        let seconds: [Int64] = [
            0, 1, -1, 1_700_000_000, -62_135_596_800, 253_402_300_799, .random(in: 0...(1 << 33), using: &random),
        ]
        for _ in 0..<entries {
            let time = Timestamp(
                seconds: seconds.randomElement(using: &random) ?? 0,
                nanoseconds: [0, 1, 999_999_999, 123_000_000].randomElement(using: &random) ?? 0
            )
            let pairs = Int.random(in: 0..<4, using: &random)
            items.append(
                Item(
                    stream: .random(in: 0..<streams, using: &random),
                    timestamp: time,
                    line: Self.bytes([0, 1, 40, 127, 128, 300, 20_000], isText, &random),
                    metadata: (0..<pairs).map {
                        (Array("name\($0)".utf8), Self.bytes([0, 1, 30, 200], isText, &random))
                    }
                )
            )
        }
    }

    private static func bytes(_ lengths: [Int], _ isText: Bool, _ random: inout SplitMix) -> [UInt8] {
        let count = lengths.randomElement(using: &random) ?? 0
        if count > 1_000 { return [UInt8](repeating: .random(in: 0x20...0x7E, using: &random), count: count) }
        if !isText { return (0..<count).map { _ in .random(in: 0...255, using: &random) } }
        let text = (0..<count).map { _ in
            "ab\"\\\n\t\u{1}é😀\u{2028}<".unicodeScalars.randomElement(using: &random) ?? "a"
        }
        return Array(String(String.UnicodeScalarView(text)).utf8)
    }

    /// A batch with the entries in it.
    func batch() -> PushBatch {
        let batch = PushBatch()
        fill(batch)
        return batch
    }

    func fill(_ batch: PushBatch) {
        batch.begin(serial: 1, tenant: nil, now: 0, keeping: 1 << 20)
        var numbers: [Int: Int] = [:]
        let pairs = UnsafeMutablePointer<MetadataList.Pair>.allocate(capacity: MetadataList.limit)
        defer { pairs.deallocate() }
        let arena = ByteArena()
        defer { arena.deallocate() }
        for item in items {
            arena.reset()
            var metadata = MetadataList(pairs)
            for pair in item.metadata { _ = metadata.append(arena.copy(pair.name), arena.copy(pair.value)) }
            let number = numbers[item.stream] ?? batch.addStream(labels[item.stream])
            numbers[item.stream] = number
            let line = arena.copy(item.line)
            batch.append(
                stream: number,
                timestamp: item.timestamp,
                line: line,
                metadata: metadata,
                size: PushBatch.size(line: line, metadata: metadata)
            )
        }
    }

    /// What a receiver should get: streams in order of appearance, entries in order of arrival.
    var expected: DecodedPush {
        var order: [Int] = []
        for item in items where !order.contains(item.stream) { order.append(item.stream) }
        return DecodedPush(
            streams: order.map { stream in
                DecodedPush.Stream(
                    labels: labels[stream],
                    entries: items.filter { $0.stream == stream }.map { item in
                        DecodedPush.Entry(
                            timestamp: item.timestamp,
                            line: item.line,
                            metadata: item.metadata.map { DecodedPush.Pair(name: $0.name, value: $0.value) }
                        )
                    }
                )
            }
        )
    }
}
