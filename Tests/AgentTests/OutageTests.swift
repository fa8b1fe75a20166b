import Glibc
import TestSupport
import Testing

/// Loki away, slow, failing, breaking off: nothing is lost, memory stays bounded, the log speaks when the state changes.
@Suite(.serialized)
struct OutageTests {
    private func lines(_ count: Int) -> String { (0..<count).map { "line \($0)\n" }.joined() }

    /// The agent's words about a client that fails and recovers.
    private func expectOneOutageTold(_ scene: AgentScene, _ error: String) {
        #expect(scene.logged("error sending batch, will retry").count == 1)
        #expect(scene.logged("error sending batch, will retry").allSatisfy { $0.contains(error) }, "\(scene.log)")
        #expect(scene.logged("push accepted again").count == 1)
    }

    private func expectEverythingOnce(_ scene: AgentScene, _ count: Int) {
        #expect(scene.receiver.lines == (0..<count).map { "line \($0)" })
    }

    // MARK: - No Loki

    @Test func nothingIsLostWhileLokiIsAway() throws {
        let port = try freePort()
        let scene = try AgentScene(receiver: Receiver(port: nil))
        try scene.write("a.log", lines(1_000))
        try scene.start(url: "http://127.0.0.1:\(port)/loki/api/v1/push")
        try scene.waitForMetric("promtail_batch_retries_total{host=\"127.0.0.1:\(port)\",tenant=\"\"}") { $0 > 10 }
        try scene.append("a.log", (1_000..<1_500).map { "line \($0)\n" }.joined())
        try scene.receiver.listen(port: port)
        try scene.waitForEntries(1_500)
        #expect(try scene.stop() == 0)
        expectEverythingOnce(scene, 1_500)
        expectOneOutageTold(scene, "no answer: Couldn't connect to server")
    }

    // MARK: - A Loki that fails

    @Test(arguments: [
        (Receiver.Fault.status(500, "broken"), "server returned HTTP status 500: broken"),
        (.status(503), "server returned HTTP status 503"),
        (
            .status(429, "Ingestion rate limit exceeded"),
            "server returned HTTP status 429: Ingestion rate limit exceeded"
        ),
        (.reset, "no answer:"),
    ])
    func nothingIsLostWhileLokiFails(fault: Receiver.Fault, error: String) throws {
        let scene = try AgentScene()
        scene.receiver.answer { $0 <= 25 ? fault : nil }
        try scene.write("a.log", lines(1_000))
        try scene.start()
        try scene.waitForEntries(1_000)
        #expect(try scene.stop() == 0)
        expectEverythingOnce(scene, 1_000)
        expectOneOutageTold(scene, error)
    }

    @Test func faultsNowAndThenLoseAndRepeatNothing() throws {
        let scene = try AgentScene()
        scene.options.client = "batchsize: 2000"
        scene.receiver.answer { $0 % 3 == 0 ? .status($0 % 2 == 0 ? 500 : 429) : nil }
        try scene.write("a.log", lines(5_000))
        try scene.start()
        try scene.waitForEntries(5_000)
        #expect(try scene.stop() == 0)
        expectEverythingOnce(scene, 5_000)
    }

    @Test func retryAfterIsWaitedFor() throws {
        let scene = try AgentScene()
        scene.receiver.answer { $0 == 1 ? .status(429, headers: [("Retry-After", "2")]) : nil }
        try scene.write("a.log", lines(1))
        let start = ContinuousClock.now
        try scene.start()
        try scene.waitForEntries(1)
        #expect(ContinuousClock.now - start >= .seconds(2))
        #expect(scene.receiver.pushCount == 2)
        #expect(try scene.stop() == 0)
    }

    // MARK: - A Loki that breaks off, and one that talks nonsense

    @Test(arguments: [
        ("", MisbehavingServer.Ending.close), ("", .reset), ("HTTP/1.1 204 No", .close),
        ("HTTP/1.1 200 OK\r\nContent-Le", .reset), ("\u{0}\u{1}nonsense\r\n\r\n", .close),
        ("SSH-2.0-OpenSSH_9.2p1\r\n", .close), ("HTTP/1.1 9999 What\r\n\r\n", .close),
    ])
    func nothingIsLostByAnswersThatAreNone(answer: String, ending: MisbehavingServer.Ending) throws {
        let broken = try MisbehavingServer(answer, then: ending, port: freePort())
        let scene = try AgentScene(receiver: Receiver(port: nil))
        try scene.write("a.log", lines(200))
        try scene.start(url: "http://127.0.0.1:\(broken.port)/loki/api/v1/push")
        try waitUntil("several pushes were answered", deadline: .seconds(20)) { broken.served >= 5 }
        broken.stop()
        try scene.receiver.listen(port: broken.port)
        try scene.waitForEntries(200)
        #expect(try scene.stop() == 0)
        expectEverythingOnce(scene, 200)
        expectOneOutageTold(scene, "no answer:")
    }

    @Test(arguments: ["HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\u{0}\u{1}gar"])
    func aWholeHeaderOfSuccessIsSuccessWhateverFollows(answer: String) throws {
        let server = try MisbehavingServer(answer, then: .close)
        defer { server.stop() }
        let scene = try AgentScene(receiver: Receiver(port: nil))
        try scene.write("a.log", lines(10))
        try scene.start(url: "http://127.0.0.1:\(server.port)/")
        try scene.waitForMetric("promtail_sent_entries_total{host=\"127.0.0.1:\(server.port)\"}") { $0 == 10 }
        #expect(try scene.stop() == 0)
        #expect(scene.logged("level=warn") == [])
        #expect(scene.positions.contains("a.log: \"\(lines(10).utf8.count)\""))
    }

    // MARK: - A slow Loki

    @Test func aSlowLokiSlowsReadingDownAndLosesNothing() throws {
        let scene = try AgentScene()
        scene.options.client = "batchsize: 4000"
        scene.receiver.answer { _ in .late(milliseconds: 60) }
        try scene.write("a.log", lines(4_000))
        try scene.start()
        try scene.waitForEntries(4_000)
        #expect(try scene.stop() == 0)
        expectEverythingOnce(scene, 4_000)
        #expect(scene.logged("level=warn") == [])
    }

    @Test func anAnswerBeyondTheTimeoutRepeatsAndLosesNothing() throws {
        let scene = try AgentScene()
        scene.options.client = "timeout: 300ms"
        scene.receiver.answer { $0 <= 2 ? .late(milliseconds: 900) : nil }
        try scene.write("a.log", lines(100))
        try scene.start()
        try waitUntil("the third push has come", deadline: .seconds(20)) { scene.receiver.acceptedCount >= 3 }
        #expect(try scene.stop() == 0)
        #expect(Set(scene.receiver.lines) == Set((0..<100).map { "line \($0)" }))
        expectOneOutageTold(scene, "no answer: Timeout was reached")
    }

    // MARK: - Backpressure

    @Test func memoryDoesNotGrowWithTheLengthOfAnOutage() throws {
        let scene = try AgentScene(receiver: Receiver(keepsEntries: false))
        scene.options.client = "batchsize: 262144"
        scene.options.limits = "max_in_flight: 2MB, shutdown_timeout: 5s"
        scene.receiver.answer { _ in .status(503) }
        let line = String(repeating: "x", count: 199) + "\n"
        try scene.write("a.log", String(repeating: line, count: 200_000))
        try scene.start()
        let host = "{host=\"127.0.0.1:\(scene.receiver.port)\",tenant=\"\"}"
        try scene.waitForMetric("promtail_batch_retries_total\(host)") { $0 > 5 }
        let blocked = try scene.metrics()
        let memory = try scene.memory("RssAnon")
        // The bound, one chunk, and the batch that is being filled.
        #expect((blocked["sluice_read_bytes_total"] ?? 0) < 3_000_000)
        #expect((blocked["sluice_in_flight_bytes"] ?? 0) <= 2_500_000)
        #expect(memory < 40_000, "RssAnon \(memory) KiB")
        try scene.waitForMetric("promtail_batch_retries_total\(host)") { $0 > 40 }
        let later = try scene.metrics()
        #expect(later["sluice_read_bytes_total"] == blocked["sluice_read_bytes_total"])
        #expect(try scene.memory("RssAnon") < memory + 2_000)
        scene.receiver.answer { _ in nil }
        try scene.waitForEntries(200_000, deadline: .seconds(60))
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.entryCount == 200_000)
    }

    @Test func filesThatRotateDuringAnOutageAreReadAfterIt() throws {
        let scene = try AgentScene()
        scene.options.client = "batchsize: 1000"
        scene.options.limits = "max_in_flight: 3000, shutdown_timeout: 5s"
        scene.receiver.answer { _ in .status(503) }
        try scene.write("a.log", lines(2_000))
        try scene.start()
        try scene.waitForLog("error sending batch, will retry")
        var next = 2_000
        for generation in 1...4 {
            let isCopied = generation % 2 == 0
            try rotate(scene, generation, isCopied: isCopied)
            try scene.append("a.log", (next..<(next + 500)).map { "line \($0)\n" }.joined())
            next += 500
            usleepUntilLooked(scene)
        }
        scene.receiver.answer { _ in nil }
        try scene.waitForEntries(next)
        #expect(try scene.stop() == 0)
        let missing = Set((0..<next).map { "line \($0)" }).subtracting(scene.receiver.lines)
        #expect(missing.isEmpty)
        #expect(scene.receiver.entryCount == next)
    }

    private func rotate(_ scene: AgentScene, _ generation: Int, isCopied: Bool) throws {
        for number in stride(from: generation, through: 2, by: -1) {
            try #require(rename(scene.path("a.log.\(number - 1)"), scene.path("a.log.\(number)")) == 0)
        }
        if isCopied {
            try scene.write("a.log.1", TemporaryFolder.read(absolute: scene.path("a.log")))
            try #require(truncate(scene.path("a.log"), 0) == 0)
        } else {
            try #require(rename(scene.path("a.log"), scene.path("a.log.1")) == 0)
        }
    }

    /// Lets the agent notice a rotation by itself, or not: both are fine.
    private func usleepUntilLooked(_ scene: AgentScene) { usleep(30_000) }
}
