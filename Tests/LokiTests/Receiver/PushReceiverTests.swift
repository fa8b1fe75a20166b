import Delivery
import Entries
import Glibc
import TestSupport
import Testing

@testable import HTTPServer
@testable import Loki

struct PushReceiverTests {
    private func block(_ push: RandomPush) -> [UInt8] {
        var buffer = BodyBuffer()
        defer { buffer.deallocate() }
        return SnappyBlockTests.compressed(push.batch().body(&buffer).array)
    }

    private func request(
        _ method: String = "POST",
        _ path: String = "/loki/api/v1/push",
        body: [UInt8] = [],
        type: String = "application/x-protobuf",
        tenant: String? = nil
    ) -> HTTPRequest {
        HTTPRequest(
            method: method,
            path: path,
            query: "",
            headers: [("Content-Type", type)] + (tenant.map { [("X-Scope-OrgID", $0)] } ?? []),
            body: body
        )
    }

    private func store(_ folder: TemporaryFolder, script: AnswerScript = AnswerScript()) throws -> (PushReceiver, Int32)
    {
        let file = open(folder.path("store"), O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try #require(file >= 0)
        return (PushReceiver(mode: .store(file), script: script), file)
    }

    @Test(arguments: [
        ("GET", "/ready", 200), ("HEAD", "/ready", 200), ("GET", "/stats", 200), ("GET", "/loki/api/v1/push", 405),
        ("POST", "/ready", 405), ("GET", "/", 404), ("POST", "/loki/api/v1/pushes", 404),
    ])
    func otherRequestsAreAnswered(method: String, path: String, status: Int) {
        #expect(PushReceiver(mode: .discard).answer(request(method, path)).status == status)
    }

    @Test func whatComesInIsStored() throws {
        let folder = try TemporaryFolder()
        let (receiver, file) = try store(folder)
        defer { close(file) }
        var push = RandomPush(seed: 1, entries: 0, streams: 1)
        push.items = [
            .init(
                stream: 0,
                timestamp: Timestamp(seconds: 1_700_000_000, nanoseconds: 5),
                line: Array("a \"line\"\n\u{7}".utf8),
                metadata: [(Array("k".utf8), Array("v".utf8))]
            ),
            .init(stream: 0, timestamp: Timestamp(seconds: 0), line: [0x61, 0xFF], metadata: []),
        ]
        #expect(receiver.answer(request(body: block(push), tenant: "t")).status == 204)
        #expect(
            String(decoding: try folder.read("store"), as: UTF8.self) == #"""
                {"labels":"{app=\"app 0\", level=\"1\"}","line":"a \"line\"\n\u0007","ts":"2023-11-14T22:13:20.000000005Z","metadata":{"k":"v"},"tenant":"t"}
                {"labels":"{app=\"app 0\", level=\"1\"}","line":"a\ufffd","ts":"1970-01-01T00:00:00Z","tenant":"t"}

                """#
        )
        #expect(
            receiver.stats == .init(requests: 1, entries: 2, lineBytes: 12, wireBytes: block(push).count, streams: 1)
        )
    }

    @Test func bothFormsAreCounted() throws {
        for mode in [PushReceiver.Mode.discard, .store(open("/dev/null", O_WRONLY))] {
            let receiver = PushReceiver(mode: mode)
            let push = RandomPush(seed: 2, entries: 30, streams: 3, isText: true)
            #expect(receiver.answer(request(body: block(push))).status == 204)
            var buffer = BodyBuffer()
            let json = push.batch().jsonBody(&buffer).array
            buffer.deallocate()
            #expect(receiver.answer(request(body: json, type: "application/json; charset=utf-8")).status == 204)
            #expect(receiver.stats.entries == 60)
            #expect(receiver.stats.streams == 2 * push.expected.streams.count)
        }
    }

    @Test func whatCannotBeDecodedIsRefusedAndNotCounted() throws {
        let folder = try TemporaryFolder()
        let (receiver, file) = try store(folder)
        defer { close(file) }
        for body in [[0xFF, 0x00], Array("{".utf8)] as [[UInt8]] {
            #expect(receiver.answer(request(body: body)).status == 400)
            #expect(receiver.answer(request(body: body, type: "application/json")).status == 400)
        }
        #expect(receiver.stats == .init(requests: 4, rejected: 4))
        #expect(try folder.read("store") == [])
    }

    @Test func whatCannotBeStoredIsNotAcknowledged() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        let receiver = PushReceiver(mode: .store(full))
        #expect(receiver.answer(request(body: block(RandomPush(seed: 1, entries: 3, streams: 1)))).status == 500)
        #expect(receiver.stats == .init(requests: 1))
    }

    @Test func faultsOfTheScriptKeepNothingButTheLostAnswer() throws {
        let folder = try TemporaryFolder()
        let (receiver, file) = try store(folder, script: AnswerScript("500,429@3,reset,lost,204"))
        defer { close(file) }
        let body = block(RandomPush(seed: 1, entries: 1, streams: 1, isText: true))
        var answers: [HTTPResponse] = []
        var stored: [Int] = []
        for _ in 0..<5 {
            answers.append(receiver.answer(request(body: body)))
            stored.append(try folder.read("store").count { $0 == 0x0A })
        }
        #expect(answers.prefix(2).map(\.status) == [500, 429])
        #expect(answers[1].headers.contains { $0.name == "Retry-After" && $0.value == "3" })
        #expect(answers.map { $0.ending == .cut } == [false, false, true, true, false])
        #expect(stored == [0, 0, 0, 1, 2])
        #expect(receiver.stats.faults == 4 && receiver.stats.entries == 2)
    }

    /// The whole way: batch, snappy, libcurl, HTTP server, protobuf-c.
    @Test(arguments: [ContentType.protobuf, .json])
    func aPushArrivesAsItWas(type: ContentType) throws {
        let folder = try TemporaryFolder()
        let (receiver, file) = try store(folder)
        defer { close(file) }
        let server = try HTTPServer(address: "127.0.0.1", port: 0) { receiver.answer($0) }
        defer { server.stop() }
        let push = RandomPush(seed: 11, entries: 200, streams: 4, isText: true)
        var buffer = BodyBuffer()
        defer { buffer.deallocate() }
        let batch = push.batch()
        let body =
            type == .json ? batch.jsonBody(&buffer).array : SnappyBlockTests.compressed(batch.body(&buffer).array)
        var client = try PushClient(ClientOptions(to: "http://127.0.0.1:\(server.port)/loki/api/v1/push"))
        var outcomes: [PushOutcome] = []
        for _ in 0..<2 {
            body.withUnsafeBufferPointer { bytes in
                guard let start = bytes.baseAddress else { return }
                outcomes.append(client.push(Bytes(start, count: bytes.count), contentType: type, tenant: "t"))
            }
        }
        #expect(outcomes == [.accepted, .accepted])
        #expect(receiver.stats.entries == 400)
        #expect(receiver.stats.lineBytes == 2 * push.items.reduce(0) { $0 + $1.line.count })
    }
}
