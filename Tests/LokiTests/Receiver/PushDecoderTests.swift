import Entries
import TestSupport
import Testing

@testable import Loki

struct PushDecoderTests {
    private func body(_ push: RandomPush) -> [UInt8] {
        var buffer = BodyBuffer()
        defer { buffer.deallocate() }
        return push.batch().body(&buffer).array
    }

    private func decode(_ body: [UInt8]) -> DecodedPush? {
        Bytes.with(SnappyBlockTests.compressed(body)) { try? PushDecoder.decodeProtobuf($0) }
    }

    private func count(_ body: [UInt8]) -> (entries: Int, lineBytes: Int, streams: Int)? {
        Bytes.with(SnappyBlockTests.compressed(body)) { try? PushDecoder.count($0) }
    }

    @Test func countingAgreesWithDecoding() throws {
        for seed in 0..<20 as Range<UInt64> {
            let push = RandomPush(seed: seed, entries: Int(seed) * 3, streams: 3)
            let sums = try #require(count(body(push)))
            #expect(sums.entries == push.items.count)
            #expect(sums.lineBytes == push.items.reduce(0) { $0 + $1.line.count })
            #expect(sums.streams == push.expected.streams.count)
        }
    }

    @Test func noDamageCrashesEitherWayOfReading() {
        var small = RandomPush(seed: 9, entries: 6, streams: 2)
        small.items = small.items.filter { $0.line.count < 200 }
        let body = body(small)
        for end in body.indices { _ = (decode(Array(body[..<end])), count(Array(body[..<end]))) }
        var random = SplitMix(state: 4)
        for place in body.indices {
            for value in [0, 0x7F, 0x80, 0xFF, body[place] ^ 1, .random(in: 0...255, using: &random)] {
                var damaged = body
                damaged[place] = value
                if let push = decode(damaged), let sums = count(damaged) {
                    #expect(sums.entries == push.streams.reduce(0) { $0 + $1.entries.count })
                }
            }
        }
    }

    @Test func nonsenseIsRefusedWithoutWords() {
        for bytes in [[], [0xFF], Array("CANARY".utf8), [UInt8](repeating: 0xFF, count: 100)] {
            let decoded = Bytes.with(bytes) { bytes in
                Result { () throws(PushDecodingError) in try PushDecoder.decodeProtobuf(bytes) }
            }
            guard case .failure(let error) = decoded else {
                #expect(bytes == [])
                continue
            }
            #expect(!error.reason.contains("CANARY"))
        }
    }

    @Test func aMessageThatWouldTakeTooMuchMemoryIsRefused() {
        // Two bytes each on the wire, tens in memory.
        let streams = SnappyBlockTests.compressed([UInt8]((0..<20_000).flatMap { _ in [0x0A, 0x00] as [UInt8] }))
        #expect(throws: PushDecodingError.self) {
            try Bytes.with(streams) { try PushDecoder.decodeProtobuf($0, allocating: 1 << 20) }
        }
        #expect(throws: Never.self) {
            try Bytes.with(streams) { try PushDecoder.decodeProtobuf($0, allocating: 4 << 20) }
        }
    }

    @Test func aBlockOfTooMuchIsRefused() {
        let block = SnappyBlockTests.compressed([UInt8](repeating: 0, count: PushDecoder.bodyLimit + 1))
        #expect(throws: PushDecodingError(reason: "body is larger than 67108864 bytes uncompressed")) {
            try Bytes.with(block) { try PushDecoder.count($0) }
        }
    }

    @Test func aBlockThatClaimsTooMuchIsRefused() {
        // The length of 64 MiB and nothing behind it.
        #expect(throws: PushDecodingError(reason: "body is not a snappy block")) {
            try Bytes.with([0x80, 0x80, 0x80, 0x20]) { try PushDecoder.count($0) }
        }
    }

    @Test func everyCutOfAJSONPushIsRefused() throws {
        let text = Array(
            #"{"streams":[{"stream":{"a":"b"},"values":[["1700000000000000000","line",{"k":"v"}],["1","x"]]}]}"#.utf8
        )
        let whole = try Bytes.with(text) { try PushDecoder.decodeJSON($0) }
        #expect(whole.streams.map { String(decoding: $0.labels, as: UTF8.self) } == [#"{a="b"}"#])
        #expect(whole.streams[0].entries.map { $0.line } == [Array("line".utf8), Array("x".utf8)])
        for end in text.indices {
            #expect(throws: PushDecodingError.self) {
                try Bytes.with(Array(text[..<end])) { try PushDecoder.decodeJSON($0) }
            }
        }
    }

    @Test(arguments: [
        #"[]"#, #"{}"#, #"{"streams":{}}"#, #"{"streams":[1]}"#, #"{"streams":[{"stream":{"a":1},"values":[]}]}"#,
        #"{"streams":[{"stream":{},"values":[["1"]]}]}"#, #"{"streams":[{"stream":{},"values":[[1,"x"]]}]}"#,
        #"{"streams":[{"stream":{},"values":[["x","x"]]}]}"#,
        #"{"streams":[{"stream":{},"values":[["1","x",[]]]}]}"#, #"{"streams":[{"stream":[],"values":[]}]}"#,
        #"{"streams":[{"stream":{},"values":[["99999999999999999999","x"]]}]}"#,
    ])
    func otherJSONIsNoPush(text: String) {
        #expect(throws: PushDecodingError.self) {
            try Bytes.with(Array(text.utf8)) { try PushDecoder.decodeJSON($0) }
        }
    }
}
