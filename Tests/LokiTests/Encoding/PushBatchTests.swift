import CLokiPush
import Delivery
import Entries
import Testing

@testable import Loki

struct PushBatchTests {
    private func body(_ batch: PushBatch) -> [UInt8] {
        var buffer = BodyBuffer()
        defer { buffer.deallocate() }
        return batch.body(&buffer).array
    }

    /// What protobuf-c makes of `body` when it packs again what it has unpacked.
    private func repacked(_ body: [UInt8]) -> [UInt8]? {
        guard let request = logproto__push_request__unpack(nil, body.count, body) else { return nil }
        defer { logproto__push_request__free_unpacked(request, nil) }
        return [UInt8](unsafeUninitializedCapacity: logproto__push_request__get_packed_size(request)) { buffer, count in
            count = buffer.baseAddress.map { logproto__push_request__pack(request, $0) } ?? 0
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func bytesAreThoseThatProtobufWouldWrite(seed: UInt64) throws {
        let push = RandomPush(seed: seed, entries: 1 + Int(seed) * 3, streams: 1 + Int(seed % 5))
        let body = body(push.batch())
        #expect(repacked(body) == body)
        let block = SnappyBlockTests.compressed(body)
        #expect(try Bytes.with(block) { try PushDecoder.decodeProtobuf($0) } == push.expected)
    }

    @Test func theEpochAndTheEmptyLineTakeTheFewestBytes() {
        let batch = PushBatch()
        batch.begin(serial: 1, tenant: nil, now: 0, keeping: 1 << 20)
        let stream = batch.addStream(Array("{}".utf8))
        let none = MetadataList(UnsafeMutablePointer<MetadataList.Pair>.allocate(capacity: 1))
        defer { none.pairs.deallocate() }
        batch.append(stream: stream, timestamp: Timestamp(seconds: 0), line: .empty, metadata: none, size: 0)
        // streams (10) { labels "{}", entries (2) { timestamp (1) {} } }
        #expect(body(batch) == [0x0A, 8, 0x0A, 2, 0x7B, 0x7D, 0x12, 2, 0x0A, 0])
    }

    @Test func aLabelTextLongerThanTheHeadRoomIsGathered() throws {
        var push = RandomPush(seed: 3, entries: 20, streams: 1)
        push.labels[0] = Array("{a=\"\(String(repeating: "x", count: 20_000))\"}".utf8)
        let body = body(push.batch())
        #expect(repacked(body) == body)
    }

    @Test(arguments: [1, 3])
    func anEmptyLabelTextIsLeftOutAsProtobufDoes(streams: Int) throws {
        var push = RandomPush(seed: 7, entries: 20, streams: streams)
        push.labels[0] = []
        let body = body(push.batch())
        #expect(repacked(body) == body)
        let block = SnappyBlockTests.compressed(body)
        #expect(try Bytes.with(block) { try PushDecoder.decodeProtobuf($0) } == push.expected)
    }

    @Test func aBatchIsUsedAgainWithoutATraceOfItsPast() {
        let batch = PushBatch()
        for seed in 0..<6 as Range<UInt64> {
            let push = RandomPush(seed: seed, entries: 200 - Int(seed) * 30, streams: 1 + Int(5 - seed))
            push.fill(batch)
            #expect(body(batch) == body(push.batch()))
            #expect(batch.count == push.items.count)
        }
    }

    /// Lines, whether line ends are kept, the most bytes of one, and how many are taken in a run.
    @Test(arguments: [
        ("one\ntwo\n", true, 100, 2), ("one\n\ntwo\r\n", true, 100, 3), ("one\n\r\ntwo\r\n", false, 100, 3),
        ("one\nno newline", true, 100, 1), ("one\nlonger\ntwo\n", true, 5, 1), ("", true, 100, 0),
        (String(repeating: "0123456789\n", count: 400), true, 100, 299),
    ])
    func aRunOfLinesIsWhatTheLinesOneByOneAre(text: String, keepsLineEnds: Bool, longest: Int, taken: Int) {
        let (run, single) = (PushBatch(), PushBatch())
        let none = MetadataList(UnsafeMutablePointer<MetadataList.Pair>.allocate(capacity: 1))
        defer { none.pairs.deallocate() }
        for batch in [run, single] {
            batch.begin(serial: 1, tenant: nil, now: 0, keeping: 1 << 20)
            _ = batch.addStream(Array("{a=\"b\"}".utf8))
            Bytes.with(Array("0123456789".utf8)) {
                batch.append(stream: 0, timestamp: Timestamp(seconds: 1), line: $0, metadata: none, size: 10)
            }
        }
        var stamp = Timestamp(seconds: 1, nanoseconds: 999_999_990)
        let policy = BatchPolicy(sizeLimit: 3_000, wait: 0)
        Bytes.with(Array(text.utf8)) { bytes in
            var singleStamp = stamp
            let result = run.appendLines(
                from: bytes.start,
                to: bytes.end,
                stream: 0,
                after: &stamp,
                longest: longest,
                keepsLineEnds: keepsLineEnds,
                policy
            )
            #expect(result.lineCount == UInt64(taken))
            var start = 0
            var blankCount: UInt64 = 0
            for _ in 0..<taken {
                let newline = bytes.firstIndex(of: 0x0A, from: start) ?? bytes.count
                var end = newline
                while !keepsLineEnds, end > start, bytes[end - 1] == 0x0D { end -= 1 }
                if keepsLineEnds || end > start {
                    singleStamp = singleStamp.adding(nanoseconds: 1)
                    let line = bytes[start..<end]
                    single.append(stream: 0, timestamp: singleStamp, line: line, metadata: none, size: line.count)
                } else {
                    blankCount += 1
                }
                start = newline + 1
            }
            #expect(result.end - bytes.start == min(start, bytes.count))
            #expect(result.blankCount == blankCount)
            #expect(stamp == singleStamp)
        }
        #expect(run.count == single.count)
        #expect(run.size == single.size)
        #expect(body(run) == body(single))
    }

    @Test(arguments: [1, 3])
    func whatIsCompressedAheadIsWhatTheSenderWouldMake(streams: Int) throws {
        let push = RandomPush(seed: 11, entries: 300, streams: streams)
        var (gathered, output) = (BodyBuffer(), BodyBuffer())
        defer {
            gathered.deallocate()
            output.deallocate()
        }
        let batch = push.batch()
        let made = batch.compressedBody(gathering: &gathered, into: &output).array
        batch.compressAhead(gathering: &gathered)
        #expect(batch.compressedBody(gathering: &gathered, into: &output).array == made)
        #expect(try Bytes.with(made) { try PushDecoder.decodeProtobuf($0) } == push.expected)
        batch.begin(serial: 2, tenant: nil, now: 0, keeping: 1 << 20)
        let next = RandomPush(seed: 12, entries: 3, streams: streams)
        next.fill(batch)
        let block = batch.compressedBody(gathering: &gathered, into: &output).array
        #expect(try Bytes.with(block) { try PushDecoder.decodeProtobuf($0) } == next.expected)
    }

    @Test func sizeCountsLinesAndMetadataAsPromtailDoes() {
        let arena = ByteArena()
        let pairs = UnsafeMutablePointer<MetadataList.Pair>.allocate(capacity: 2)
        defer {
            arena.deallocate()
            pairs.deallocate()
        }
        var metadata = MetadataList(pairs)
        _ = metadata.append(arena.copy(Array("a".utf8)), arena.copy(Array("b".utf8)))
        _ = metadata.append(arena.copy(Array("cc".utf8)), arena.copy(Array("dd".utf8)))
        let line = arena.copy(Array("line".utf8))
        #expect(PushBatch.size(line: line, metadata: metadata) == 4 + 6 + 8)
        metadata.count = 0
        #expect(PushBatch.size(line: line, metadata: metadata) == 4)
    }

    @Test func weightCountsWhatSizeDoesNot() {
        let batch = PushBatch()
        batch.begin(serial: 1, tenant: nil, now: 0, keeping: 1 << 20)
        let none = MetadataList(UnsafeMutablePointer<MetadataList.Pair>.allocate(capacity: 1))
        defer { none.pairs.deallocate() }
        for number in 0..<1_000 {
            let stream = batch.addStream(Array("{a=\"\(number)\(String(repeating: "x", count: 100))\"}".utf8))
            batch.append(stream: stream, timestamp: Timestamp(seconds: 1), line: .empty, metadata: none, size: 0)
        }
        #expect(batch.size == 0)
        #expect(batch.weight > 100_000)
        #expect(batch.footprint >= batch.weight)
        batch.begin(serial: 2, tenant: nil, now: 0, keeping: 1 << 20)
        #expect(batch.weight == 0)
    }

    @Test func memoryOfAnUnusuallyLargeBatchIsGivenBack() {
        let batch = PushBatch()
        RandomPush(seed: 1, entries: 2_000, streams: 50).fill(batch)
        let large = batch.footprint
        #expect(large > 4 << 20)
        batch.begin(serial: 2, tenant: nil, now: 0, keeping: 1 << 20)
        #expect(batch.footprint < 256 << 10)
        RandomPush(seed: 2, entries: 10, streams: 2).fill(batch)
        #expect(body(batch) == body(RandomPush(seed: 2, entries: 10, streams: 2).batch()))
    }

    @Test func aSpanIsRetainedOnceForEachRun() {
        let batch = PushBatch()
        batch.begin(serial: 1, tenant: nil, now: 0, keeping: 1 << 20)
        let first = SpanID(source: 1, number: 1)
        let second = SpanID(source: 2, number: 1)
        let retained = [first, first, second, second, first].map { batch.addSpan($0) }
        #expect(retained == [true, false, true, false, true])
        #expect(batch.spans == [first, second, first])
    }

    // MARK: - JSON

    private func json(_ batch: PushBatch) -> [UInt8] {
        var buffer = BodyBuffer()
        defer { buffer.deallocate() }
        return batch.jsonBody(&buffer).array
    }

    /// Nanoseconds that JSON carries; what 64 bits do not reach is cut.
    private func inReach(_ push: DecodedPush) -> DecodedPush {
        var push = push
        for stream in push.streams.indices {
            for entry in push.streams[stream].entries.indices {
                let time = push.streams[stream].entries[entry].timestamp
                if abs(time.seconds) >= 9_223_372_036 {
                    push.streams[stream].entries[entry].timestamp =
                        Timestamp(unixNanoseconds: time.seconds < 0 ? .min : .max)
                }
            }
        }
        return push
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func jsonHoldsTheSame(seed: UInt64) throws {
        let push = RandomPush(seed: seed, entries: 1 + Int(seed) * 2, streams: 1 + Int(seed % 4), isText: true)
        let text = json(push.batch())
        #expect(try Bytes.with(text) { try PushDecoder.decodeJSON($0) } == inReach(push.expected))
    }

    @Test func bytesThatAreNoTextBecomeReplacementCharacters() throws {
        func text(_ push: DecodedPush) -> [[Unicode.Scalar]] {
            // How many stand for a run of bad bytes differs between languages.
            push.streams.flatMap { stream in
                stream.entries.map {
                    String(decoding: $0.line, as: UTF8.self).unicodeScalars.filter { $0 != "\u{FFFD}" }
                }
            }
        }
        let push = RandomPush(seed: 5, entries: 50, streams: 3)
        let decoded = try Bytes.with(json(push.batch())) { try PushDecoder.decodeJSON($0) }
        let isSame = text(decoded) == text(push.expected)
        #expect(isSame)
    }
}
