import TestSupport
import Testing

/// Pushes that Loki refuses for good: dropped with its reason, counted, and the rest goes on.
@Suite(.serialized)
struct RefusalTests {
    @Test func aRefusedPushIsDroppedWithLokisReasonAndTheRestGoesOn() throws {
        let scene = try AgentScene()
        scene.options.client = "batchsize: 15"
        scene.receiver.answer { push in
            guard push == 2 else { return nil }
            return .status(
                400,
                "entry with timestamp 2020-01-01 00:00:00 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: 2020-01-01',\nuser 'fake', total ignored: 2 out of 2 for stream: {job=\"test\"}"
            )
        }
        try scene.write("a.log", (0..<8).map { "line \($0) ...\n" }.joined())
        try scene.start()
        let host = "127.0.0.1:\(scene.receiver.port)"
        try scene.waitForMetric("promtail_sent_entries_total{host=\"\(host)\"}") { $0 >= 7 }
        let metrics = try scene.metrics()
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == [0, 2, 3, 4, 5, 6, 7].map { "line \($0) ..." })
        #expect(
            metrics["promtail_dropped_entries_total{host=\"\(host)\",reason=\"ingester_error\",tenant=\"\"}"] == 1
        )
        #expect(metrics["promtail_batch_retries_total{host=\"\(host)\",tenant=\"\"}"] == 0)
        #expect(scene.positions.contains("a.log: \"88\""))
        let told = scene.logged("final error sending batch")
        #expect(told.count == 1)
        #expect(
            told.allSatisfy {
                $0.contains("status=400") && $0.contains("entry too far behind") && $0.contains("entries=1")
            }
        )
    }

    @Test(arguments: [400, 401, 403, 404, 413, 422])
    func refusalsAreNotTriedAgain(status: Int) throws {
        let scene = try AgentScene()
        scene.receiver.answer { $0 == 1 ? .status(status, "no") : nil }
        try scene.write("a.log", "refused\n")
        try scene.start()
        try scene.waitForLog("final error sending batch")
        try scene.append("a.log", "taken\n")
        try scene.waitForEntries(1)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["taken"])
        #expect(scene.receiver.pushCount == 2)
    }

    @Test func maxRetriesIsObeyedWhereItIsGiven() throws {
        let scene = try AgentScene()
        scene.options.backoff = "min_period: 5ms, max_period: 10ms, max_retries: 3"
        scene.receiver.answer { $0 <= 3 ? .status(500) : nil }
        try scene.write("a.log", "given up\n")
        try scene.start(url: scene.receiver.url)
        try scene.waitForLog("final error sending batch")
        try scene.append("a.log", "taken\n")
        try scene.waitForEntries(1)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["taken"])
        #expect(scene.receiver.pushCount == 4)
        #expect(scene.logged("will retry").count == 1)
    }

    @Test func rateLimitedBatchesAreDroppedWhereThatIsAskedFor() throws {
        let scene = try AgentScene()
        scene.options.client = "drop_rate_limited_batches: true"
        scene.receiver.answer { $0 == 1 ? .status(429, "slow down") : nil }
        try scene.write("a.log", "dropped\n")
        try scene.start()
        try scene.waitForLog("final error sending batch")
        try scene.append("a.log", "taken\n")
        try scene.waitForEntries(1)
        let dropped = try scene.metrics()[
            "promtail_dropped_entries_total{host=\"127.0.0.1:\(scene.receiver.port)\",reason=\"rate_limited\",tenant=\"\"}"
        ]
        #expect(dropped == 1)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["taken"])
    }
}
