import Glibc
import Synchronization
import TestSupport
import Testing

/// A changed configuration without a new start: SIGHUP, `/reload`, and mistakes in it.
@Suite(.serialized)
struct ReloadTests {
    private static let success = "promtail_config_reload_success_total"
    private static let failure = "promtail_config_reload_fail_total"

    /// Replaces the configuration file and has it loaded.
    private func reload(_ scene: AgentScene) throws {
        try scene.folder.write("agent.yaml", scene.configuration())
        try #require(scene.process).kill(SIGHUP)
    }

    @Test func labelsAndStagesAreTakenAndNoLineComesTwice() throws {
        let scene = try AgentScene()
        try scene.write("a.log", "one\n")
        try scene.start()
        try scene.waitForEntries(1)
        scene.options.groups = ["{labels: {job: after, __path__: 'FOLDER/logs/*.log'}}"]
        scene.options.stages = "{replace: {expression: '(two)', replace: TWO}}"
        try reload(scene)
        try scene.waitForMetric(Self.success) { $0 == 1 }
        try scene.append("a.log", "two\n")
        try scene.waitForEntries(2)
        #expect(scene.receiver.lines == ["one", "TWO"])
        #expect(scene.receiver.entries[0].labels.contains("job=\"test\""))
        #expect(scene.receiver.entries[1].labels.contains("job=\"after\""))
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.entryCount == 2)
    }

    /// One writer, 30 reloads with another configuration each, files that rotate: every line once, in order.
    @Test func nothingIsLostOrRepeatedHoweverOftenItIsReloaded() throws {
        let scene = try AgentScene()
        try scene.write("a.log", "")
        try scene.start()
        try scene.waitForMetric("promtail_files_active_total") { $0 == 1 }
        var written = 0
        for round in 1...30 {
            for part in 0..<10 {
                try scene.append("a.log", (0..<100).map { "\(written + $0)\n" }.joined())
                written += 100
                if part == 5 {
                    scene.options.groups = ["{labels: {job: 'job \(round)', __path__: 'FOLDER/logs/*.log'}}"]
                    try reload(scene)
                }
            }
            if round % 5 == 0 {
                rename(scene.path("a.log"), scene.path("a.log.\(round)"))
                try scene.append("a.log", "\(written)\n")
                written += 1
            }
            try scene.waitForMetric(Self.success) { $0 == Double(round) }
        }
        try scene.waitForEntries(written)
        #expect(try scene.stop() == 0)
        let isComplete = scene.receiver.lines == (0..<written).map { "\($0)" }
        #expect(isComplete, "\(scene.receiver.entryCount) entries for \(written) lines")
    }

    @Test func aMistakeLeavesTheOldConfigurationRunning() throws {
        let scene = try AgentScene()
        scene.options.server = "enable_runtime_reload: true"
        try scene.write("a.log", "one\n")
        try scene.start()
        try scene.waitForEntries(1)
        let file = scene.folder.path("agent.yaml")
        try scene.folder.write("agent.yaml", scene.configuration().replacing("static_configs", with: "static_config"))
        let answer = try httpGet(port: scene.serverPort(), "/reload")
        #expect(answer.status == 500)
        #expect(answer.body.hasPrefix("failed to reload config: error new Config: unable to parse config: \(file):"))
        #expect(answer.body.contains("static_config"))
        try scene.waitForLog("reload failed, the old configuration goes on")
        try scene.append("a.log", "two\n")
        try scene.waitForEntries(2)
        #expect(try scene.metrics()[Self.failure] == 1)
        #expect(try scene.metrics()[Self.success] == 0)
        // What is right but cannot be had is a mistake too.
        scene.options.client = "tls_config: {ca_file: /nowhere}"
        try scene.folder.write("agent.yaml", scene.configuration())
        #expect(try httpGet(port: scene.serverPort(), "/reload").status == 500)
        scene.options.client = ""
        try scene.folder.write("agent.yaml", scene.configuration())
        #expect(try httpGet(port: scene.serverPort(), "/reload").status == 200)
        try scene.append("a.log", "three\n")
        try scene.waitForEntries(3)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["one", "two", "three"])
    }

    @Test func reloadByHTTPMustBeAllowed() throws {
        let scene = try AgentScene()
        try scene.start()
        #expect(try httpGet(port: scene.serverPort(), "/reload").status == 404)
        #expect(try scene.stop() == 0)
    }

    /// Loki is away; a file is rotated, removed, and the configuration reloaded: its lines are in the open file only.
    @Test func linesOfARemovedFileSurviveAReload() throws {
        let scene = try AgentScene()
        scene.options.limits = "shutdown_timeout: 5s, max_in_flight: 1MB"
        scene.options.client = "batchsize: 100000"
        scene.receiver.answer { _ in .status(503) }
        let lines = (0..<40_000).map { "line \($0) \(String(repeating: "x", count: 80))" }
        try scene.write("a.log", lines.map { "\($0)\n" }.joined())
        try scene.start()
        try waitUntil("the output is blocked", deadline: .seconds(20)) { scene.receiver.pushCount > 3 }
        rename(scene.path("a.log"), scene.path("gone"))
        try scene.write("a.log", "the next file\n")
        try scene.waitForMetric("promtail_files_active_total") { $0 == 2 }
        unlink(scene.path("gone"))
        scene.options.groups = ["{labels: {job: after, __path__: 'FOLDER/logs/*.log'}}"]
        try reload(scene)
        try scene.waitForMetric(Self.success) { $0 == 1 }
        scene.receiver.answer { _ in nil }
        try scene.waitForEntries(lines.count + 1)
        #expect(try scene.stop() == 0)
        let isComplete = scene.receiver.lines == lines + ["the next file"]
        #expect(isComplete, "\(scene.receiver.entryCount) entries")
    }

    @Test func theClientMayChangeWhileTheOldOneHangs() throws {
        let scene = try AgentScene()
        let other = try Receiver()
        scene.receiver.answer { _ in .status(503) }
        try scene.write("a.log", "one\ntwo\n")
        try scene.start()
        try waitUntil("a push was tried", deadline: .seconds(20)) { scene.receiver.pushCount > 0 }
        try scene.folder.write("agent.yaml", scene.configuration(url: other.url))
        try #require(scene.process).kill(SIGHUP)
        try waitUntil("the lines have come to the other", deadline: .seconds(20)) { other.entryCount == 2 }
        #expect(other.lines == ["one", "two"])
        let host = "host=\"127.0.0.1:\(scene.receiver.port)\""
        #expect(try scene.metrics()["sluice_returned_entries_total{\(host)}"] == 2)
        #expect(try scene.metrics()["sluice_in_flight_entries{\(host)}"] == 0)
        #expect(try scene.stop() == 0)
    }

    @Test func aSignalDuringAReloadEndsTheAgent() throws {
        let scene = try AgentScene()
        scene.receiver.answer { _ in .status(503) }
        try scene.write("a.log", "one\n")
        try scene.start()
        try waitUntil("a push was tried", deadline: .seconds(20)) { scene.receiver.pushCount > 0 }
        try reload(scene)
        try scene.waitForLog("waiting for Loki's answers")
        #expect(try scene.stop() == 0)
        #expect(scene.positions.contains("a.log: \"0\""))
    }

    @Test func thePositionsFileMayChange() throws {
        let scene = try AgentScene()
        try scene.write("a.log", "one\n")
        try scene.start()
        try scene.waitForEntries(1)
        scene.positionsFile = scene.folder.path("other.yaml")
        try reload(scene)
        try scene.waitForMetric(Self.success) { $0 == 1 }
        try scene.append("a.log", "two\n")
        try scene.waitForEntries(2)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["one", "two"])
        let positions = String(decoding: try scene.folder.read("other.yaml"), as: UTF8.self)
        #expect(positions.contains("a.log: \"8\""))
    }

    @Test func aHangUpWithoutAServerReloadsToo() throws {
        let scene = try AgentScene()
        scene.options.server = "disable: true"
        try scene.write("a.log", "one\n")
        try scene.start()
        try scene.waitForEntries(1)
        scene.options.stages = "{replace: {expression: '(.+)', replace: after}}"
        try reload(scene)
        try scene.waitForLog("Reloading configuration file")
        try waitUntil("a line came with the new stages", deadline: .seconds(20)) {
            try scene.append("a.log", "line\n")
            usleep(50_000)
            return scene.receiver.lines.last == "after"
        }
        #expect(try scene.stop() == 0)
    }
}
