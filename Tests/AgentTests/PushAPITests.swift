import Glibc
import Loki
import TestSupport
import Testing

/// The push API: who is answered what, and when.
@Suite(.serialized)
struct PushAPITests {
    private func scene(_ more: String = "") throws -> AgentScene {
        let scene = try AgentScene()
        scene.options.source =
            "loki_push_api: {server: {http_listen_address: 127.0.0.1, http_listen_port: 0}, labels: {via: push}\(more)}"
        return scene
    }

    private func port(_ scene: AgentScene) throws -> UInt16 { try scene.receiverPort("push API listening on address") }

    private func post(
        _ scene: AgentScene,
        _ body: [UInt8],
        _ headers: [String] = ["Content-Type: application/json"]
    ) throws -> (status: Int, head: String, body: String) {
        try httpPost(port: port(scene), "/loki/api/v1/push", body, headers: headers)
    }

    private func json(_ lines: String...) -> [UInt8] {
        let values = lines.map { #"["1767225600000000001", "\#($0)"]"# }.joined(separator: ",")
        return Array(#"{"streams": [{"stream": {"app": "x"}, "values": [\#(values)]}]}"#.utf8)
    }

    /// The answer waits for Loki's, so that whoever has it may forget the lines.
    @Test func successIsSaidOnceLokiHasTheEntries() throws {
        let scene = try scene()
        scene.receiver.answer { _ in .late(milliseconds: 700) }
        try scene.start()
        _ = try port(scene)
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try post(scene, json("one", "two")).status == 204)
        #expect(clock.now - start >= .milliseconds(700))
        #expect(scene.receiver.lines == ["one", "two"])
        #expect(scene.receiver.entries[0].labels == "{app=\"x\", via=\"push\"}")
        #expect(try httpPost(port: port(scene), "/promtail/api/v1/raw", Array("a\r\n\nb".utf8)).status == 204)
        #expect(scene.receiver.lines == ["one", "two", "a", "b"])
        #expect(try scene.stop() == 0)
    }

    @Test func whatIsGivenUpIsNoSuccess() throws {
        let scene = try scene()
        scene.receiver.answer { _ in .status(400, "no") }
        try scene.start()
        #expect(try post(scene, json("one")).status == 500)
        // A retry that fails as often as is allowed.
        #expect(try scene.stop() == 0)
    }

    @Test func whatAStageDropsIsTaken() throws {
        let scene = try scene()
        scene.options.stages = "{drop: {expression: noise}}"
        try scene.start()
        #expect(try post(scene, json("noise")).status == 204)
        #expect(try post(scene, json("noise", "signal")).status == 204)
        #expect(scene.receiver.lines == ["signal"])
        #expect(try scene.stop() == 0)
    }

    @Test func aStopAnswersWhoWaits() throws {
        let scene = try scene()
        scene.options.limits = "shutdown_timeout: 1s"
        scene.receiver.answer { _ in .status(503) }
        try scene.start()
        let port = try port(scene)
        let client = try LoopbackClient(port)
        let body = json("one")
        try client.send("POST /loki/api/v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        try client.send("Connection: close\r\nContent-Length: \(body.count)\r\n\r\n")
        try client.send(body)
        try waitUntil("the push was tried", deadline: .seconds(20)) { scene.receiver.pushCount > 0 }
        #expect(try scene.stop() == 0)
        #expect(String(decoding: client.receiveAll(), as: UTF8.self).hasPrefix("HTTP/1.1 503 "))
    }

    @Test func aBlockedOutputIsTold() throws {
        let scene = try scene()
        scene.options.limits = "max_in_flight: 1MB, shutdown_timeout: 1s"
        scene.options.client = "batchsize: 100000"
        scene.receiver.answer { _ in .status(503) }
        try scene.start()
        let port = try port(scene)
        let body = json(String(repeating: "x", count: 200_000))
        var waiting: [LoopbackClient] = []
        var answer = (status: 0, head: "", body: "")
        try waitUntil("a sender is told to come later", deadline: .seconds(30)) {
            let client = try LoopbackClient(port)
            try client.send("POST /loki/api/v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
            try client.send("Content-Length: \(body.count)\r\n\r\n")
            try client.send(body)
            waiting.append(client)
            guard waiting.count > 15 else { return false }
            answer = try post(scene, Array("{}".utf8))
            return answer.status == 429
        }
        #expect(answer.head.contains("Retry-After: 1"))
        #expect(try scene.memory("RssAnon") < 60 * 1024)
        scene.receiver.answer { _ in nil }
        try waitUntil("it is taken again", deadline: .seconds(30)) { try post(scene, json("late")).status == 204 }
        #expect(try scene.stop() == 0)
    }

    @Test func badRequestsAreAnswered() throws {
        let scene = try scene(", max_send_msg_size: 100000")
        try scene.start()
        let port = try port(scene)
        let proto = ["Content-Type: application/x-protobuf"]
        let gzip = ["Content-Type: application/json", "Content-Encoding: gzip"]
        for (body, headers, status) in [
            (Array("{".utf8), ["Content-Type: application/json"], 400), ([], proto, 400), ([1, 2, 3], proto, 400),
            (json("x"), ["Content-Type: text/plain"], 400), (json("x"), gzip, 400),
            (json("x"), ["Content-Type: application/json", "Content-Encoding: br"], 400),
            ([UInt8](repeating: 0x20, count: 100_001), ["Content-Type: application/json"], 413),
        ] { #expect(try post(scene, body, headers).status == status, "\(headers)") }
        #expect(try httpGet(port: port, "/loki/api/v1/push").status == 405)
        #expect(try httpGet(port: port, "/other").status == 404)
        #expect(try httpGet(port: port, "/ready").body == "ready")
        let partly =
            #"{"streams": [{"stream": {"a b": "x"}, "values": [["1", "lost"]]}, {"stream": {"a": "x"}, "values": [["1", "kept"]]}]}"#
        #expect(try post(scene, Array(partly.utf8)).status == 400)
        #expect(scene.receiver.lines == ["kept"])
        #expect(try scene.stop() == 0)
    }

    /// 64 MiB and more of zeros, packed by the real gzip.
    @Test func aBodyThatSwellsIsRefusedWithinABound() throws {
        let scene = try scene()
        try scene.start()
        _ = try port(scene)
        let bomb = try Subprocess.run(["/bin/sh", "-c", "head -c 300000000 /dev/zero | gzip -1"]).output
        #expect(bomb.count < 4 << 20)
        let headers = ["Content-Type: application/json", "Content-Encoding: gzip"]
        #expect(try post(scene, bomb, headers).status == 413)
        #expect(try scene.memory("VmHWM") < 200 * 1024)
        let packed = try Subprocess.run(
            ["/bin/sh", "-c", "printf '%s' '\(String(decoding: json("packed"), as: UTF8.self))' | gzip"]
        ).output
        #expect(try post(scene, packed, headers).status == 204)
        #expect(scene.receiver.lines == ["packed"])
        #expect(try scene.stop() == 0)
    }

    /// 200 MB that say so, and 200 MB in chunks that do not; up to 100 MiB are taken, as by Promtail.
    @Test(arguments: [false, true])
    func aHugeBodyIsRefusedWithinABound(isChunked: Bool) throws {
        let scene = try scene()
        try scene.start()
        let client = try LoopbackClient(port(scene))
        let size = 200_000_000
        try client.send(
            "POST /loki/api/v1/push HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + (isChunked ? "Transfer-Encoding: chunked\r\n\r\n" : "Content-Length: \(size)\r\n\r\n")
        )
        let piece = Array("10000\r\n".utf8) + [UInt8](repeating: UInt8(ascii: " "), count: 65_536) + Array("\r\n".utf8)
        var sent = 0
        // The server closes before it has read it all.
        while sent < size, (try? client.send(piece)) != nil { sent += piece.count }
        #expect(sent < size)
        let peak = try scene.memory("VmHWM")
        #expect(peak < 250 * 1024, "\(peak) KiB")
        #expect(try post(scene, json("after it")).status == 204)
        #expect(scene.receiver.lines == ["after it"])
        #expect(try scene.stop() == 0)
    }
}
