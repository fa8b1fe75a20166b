import Glibc
import TestSupport
import Testing

/// Syslog over real sockets, with senders that behave and others.
@Suite(.serialized)
struct SyslogTests {
    private func scene(_ more: String = "", transport: String = "tcp") throws -> AgentScene {
        let scene = try AgentScene()
        scene.options.source =
            "syslog: {listen_address: '127.0.0.1:0', listen_protocol: \(transport), labels: {job: syslog}\(more)}"
        scene.options.relabelRules = ["{source_labels: [__syslog_message_app_name], target_label: app}"]
        return scene
    }

    private func port(_ scene: AgentScene) throws -> UInt16 { try scene.receiverPort("syslog listening on address") }

    private func message(_ number: Int, app: String = "a", _ text: String = "") -> String {
        "<13>1 - - \(app) - - - \(number)\(text)"
    }

    @Test func everyMessageOfManyConnectionsArrivesInOrder() throws {
        let scene = try scene()
        try scene.start()
        let port = try port(scene)
        let clients = try (0..<8).map { _ in try LoopbackClient(port) }
        for part in 0..<50 {
            for (index, client) in clients.enumerated() {
                let texts = (0..<20).map { message(part * 20 + $0, app: "a\(index)") }
                let isCounted = index % 2 == 0
                try client.send(texts.map { isCounted ? "\($0.utf8.count) \($0)" : "\($0)\n" }.joined())
            }
        }
        for client in clients { client.finish() }
        try scene.waitForEntries(8_000)
        try scene.waitForMetric("promtail_syslog_target_entries_total") { $0 == 8_000 }
        #expect(try httpGet(port: scene.serverPort(), "/ready").status == 200)
        #expect(try scene.stop() == 0)
        for index in 0..<8 {
            let own = scene.receiver.entries.filter { $0.labels == "{app=\"a\(index)\", job=\"syslog\"}" }.map(\.text)
            #expect(own == (0..<1_000).map { "\($0)" })
        }
    }

    /// The output is blocked when a sender ends: its last messages, and one that nothing follows, wait as well.
    @Test(arguments: [false, true])
    func aSenderThatEndsWhileTheOutputIsBlockedLosesNothing(ends: Bool) throws {
        let scene = try scene()
        scene.options.limits = "max_in_flight: 100KB, shutdown_timeout: 5s"
        scene.options.client = "batchsize: 20000"
        scene.receiver.answer { _ in .status(503) }
        try scene.start()
        let filler = try LoopbackClient(port(scene))
        let padding = String(repeating: "x", count: 1_000)
        // More than the agent takes: the inlet's bound is 2 MiB.
        _ = try filler.sendSome(Array((0..<4_000).map { message($0, app: "f", padding) + "\n" }.joined().utf8))
        usleep(300_000)
        let clients = try (0..<5).map { _ in try LoopbackClient(port(scene)) }
        for (number, client) in clients.enumerated() {
            try client.send((0..<20).map { message($0, app: "c\(number)", padding) + "\n" }.joined())
            if ends { client.finish() }
        }
        // Longer than a last message is waited for.
        usleep(1_200_000)
        scene.receiver.answer { _ in nil }
        for number in 0..<5 {
            try waitUntil("all of c\(number)", deadline: .seconds(20)) {
                scene.receiver.entries.filter { $0.labels.contains("app=\"c\(number)\"") }.count == 20
            }
        }
        #expect(try scene.stop() == 0)
    }

    /// DNS is asked where a rule names it; over TCP before the first message is handed on.
    @Test func aConnectionHasTheNameOfItsHost() throws {
        let scene = try scene()
        scene.options.relabelRules = [
            "{source_labels: [__syslog_connection_hostname], target_label: host}",
            "{source_labels: [__syslog_connection_ip_address], target_label: address}",
        ]
        try scene.start()
        let client = try LoopbackClient(port(scene))
        try client.send(message(1) + "\n" + message(2) + "\n")
        client.finish()
        try scene.waitForEntries(2)
        #expect(try scene.stop() == 0)
        let names = try Subprocess.run(["getent", "hosts", "127.0.0.1"]).output
        let name = String(decoding: names, as: UTF8.self).split { $0 == " " || $0 == "\n" }.dropFirst().first ?? ""
        #expect(scene.receiver.entries[0].labels.contains("address=\"127.0.0.1\""))
        #expect(scene.receiver.entries[0].labels.contains("host=\"\(name)"), "\(scene.receiver.entries[0].labels)")
    }

    /// Loki is away: the sender is made to wait, memory stays bounded, and in the end nothing is lost.
    @Test func aBlockedOutputMakesTheSenderWait() throws {
        let scene = try scene()
        scene.options.limits = "max_in_flight: 2MB, shutdown_timeout: 5s"
        scene.options.client = "batchsize: 200000"
        scene.receiver.answer { _ in .status(503) }
        try scene.start()
        let client = try LoopbackClient(port(scene))
        let padding = String(repeating: "x", count: 1_000)
        var sent = 0
        var rest: [UInt8] = []
        var quietLooks = 0
        // Until nothing has been taken for 50 looks, of which the next comes 20 ms later at the earliest.
        while quietLooks < 50 {
            if rest.isEmpty {
                let text = message(sent, padding)
                rest = Array("\(text.utf8.count) \(text)".utf8)
                sent += 1
            }
            try #require(sent < 60_000, "the sender need not wait")
            let count = try client.sendSome(rest)
            rest.removeFirst(count)
            quietLooks = count > 0 ? 0 : quietLooks + 1
            if count == 0 { usleep(20_000) }
        }
        #expect(sent > 2_000)
        #expect(try scene.memory("RssAnon") < 40 * 1024)
        scene.receiver.answer { _ in nil }
        try client.send(rest)
        client.finish()
        try scene.waitForEntries(sent)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == (0..<sent).map { "\($0)\(padding)" })
    }

    @Test func badSendersAreCountedAndCutOffAndDisturbNobody() throws {
        let scene = try scene(", idle_timeout: 1s, max_message_length: 100")
        try scene.start()
        let port = try port(scene)
        let good = try LoopbackClient(port)
        try good.send(message(1) + "\n")
        let bad = ["GET / HTTP/1.1\r\n", "99999999999 <1>", "101 <13>1", "5x", "\u{0}\u{1}\u{2}", "0 "]
        for text in bad {
            let client = try LoopbackClient(port)
            try client.send(text)
            try waitUntil("the connection is closed") { client.isClosed }
        }
        let half = try LoopbackClient(port)
        try half.send("50 <13>1 - - a - - - is never")
        let wrong = try LoopbackClient(port)
        try wrong.send("<13>1 - broken\n<999>1 - - - - - - x\n" + message(2) + "\n<13>1 - - - - - -\n")
        wrong.finish()
        try waitUntil("a quiet connection is closed", deadline: .seconds(10)) { half.isClosed }
        try scene.waitForEntries(2)
        try scene.waitForMetric("promtail_syslog_target_parsing_errors_total") { $0 == Double(bad.count + 2) }
        #expect(try scene.metrics()["promtail_syslog_empty_messages_total"] == 1)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines.sorted() == ["1", "2"])
        // What a sender wrote stands nowhere in the log.
        #expect(scene.logged("is never").isEmpty && scene.logged("HTTP/1.1").isEmpty)
    }

    @Test func theLastMessageOfAQuietConnectionIsNotHeldBack() throws {
        let scene = try scene()
        try scene.start()
        let client = try LoopbackClient(port(scene))
        try client.send(message(1) + "\n")
        try scene.waitForEntries(1, deadline: .seconds(5))
        #expect(!client.isClosed)
        try client.send(message(2) + "\n")
        try scene.waitForEntries(2, deadline: .seconds(5))
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["1", "2"])
    }

    @Test func aThousandConnectionsAreServedAndNoMore() throws {
        let scene = try scene()
        try scene.start()
        let port = try port(scene)
        let clients = try (0..<1_000).map { _ in try LoopbackClient(port) }
        for (number, client) in clients.enumerated() { try client.send(message(number) + "\n") }
        try scene.waitForEntries(1_000)
        let another = try LoopbackClient(port)
        try waitUntil("one too many is closed") { another.isClosed }
        #expect(try scene.memory("RssAnon") < 120 * 1024)
        #expect(try scene.stop() == 0)
    }

    @Test func datagramsThatNobodyTakesAreCounted() throws {
        let scene = try scene(", use_rfc5424_message: true", transport: "udp")
        scene.options.limits = "max_in_flight: 1MB, shutdown_timeout: 1s"
        scene.options.client = "batchsize: 100000"
        try scene.start()
        let port = try port(scene)
        try sendDatagram(Array("21 <13>1 - - a - - - one\n".utf8), to: port)
        try sendDatagram(Array("<13>1 - - a - - - two".utf8), to: port)
        try sendDatagram(Array("no syslog".utf8), to: port)
        try scene.waitForEntries(2)
        try scene.waitForMetric("promtail_syslog_target_parsing_errors_total") { $0 == 1 }
        #expect(scene.receiver.lines == ["<13>1 - - a - - - one", "<13>1 - - a - - - two"])
        scene.receiver.answer { _ in .status(503) }
        let large = Array(message(3, String(repeating: "x", count: 8_000)).utf8)
        try waitUntil("some were refused", deadline: .seconds(30)) {
            for _ in 0..<20 { try sendDatagram(large, to: port) }
            return try scene.metrics()["sluice_refused_datagrams_total{kind=\"syslog\"}"] ?? 0 > 0
        }
        #expect(try scene.stop() == 0)
    }

    @Test func aPortThatIsTakenEndsTheStart() throws {
        let first = try scene()
        try first.start()
        let other = try AgentScene()
        other.options.source = "syslog: {listen_address: '127.0.0.1:\(try port(first))'}"
        try other.start()
        #expect(other.process?.wait() == 1)
        #expect(!other.logged("Address already in use").isEmpty)
        #expect(try first.stop() == 0)
    }

    @Test func aReloadKeepsThePort() throws {
        let scene = try scene()
        try scene.start()
        let taken = try port(scene)
        scene.options.source = "syslog: {listen_address: '127.0.0.1:\(taken)', labels: {job: after}}"
        try scene.folder.write("agent.yaml", scene.configuration())
        try #require(scene.process).kill(SIGHUP)
        try scene.waitForMetric("promtail_config_reload_success_total") { $0 == 1 }
        let client = try LoopbackClient(taken)
        try client.send(message(1) + "\n")
        try scene.waitForEntries(1)
        #expect(scene.receiver.entries[0].labels.contains("job=\"after\""))
        #expect(try scene.stop() == 0)
    }
}
