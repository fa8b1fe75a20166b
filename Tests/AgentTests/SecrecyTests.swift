import TestSupport
import Testing

/// Nothing that a user logs and no secret shows in what the agent itself says: its log, its output, its metrics.
@Suite(.serialized)
struct SecrecyTests {
    private static let canary = "CANARY"

    private func scene(_ receiver: Receiver? = nil) throws -> AgentScene {
        let scene = try AgentScene(receiver: receiver)
        scene.options.server = "log_level: debug"
        scene.options.client =
            "basic_auth: {username: u, password: CANARY-password}, headers: {X-Key: CANARY-header}, tenant_id: CANARY-tenant, external_labels: {external: CANARY-label}"
        scene.options.stages =
            "{json: {expressions: {user: , password: }}}, {labels: {user: }}, {redact: {}}"
        scene.options.limits = "max_line_size: 1KB, shutdown_timeout: 1s"
        return scene
    }

    private func write(_ scene: AgentScene) throws {
        var lines = ["{\"user\":\"CANARY-1\",\"password\":\"CANARY-2\"}", "CANARY no json", "{\"user\":\"CANARY\u{0}"]
        lines.append("CANARY" + String(repeating: "x", count: 2_000))
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8) + Array("CANARY ".utf8) + [0xFF, 0x0A]
        try scene.write("a.log", bytes)
    }

    /// Everything that the agent itself has said.
    ///
    /// The tenant, which Promtail's metrics name, may stand there.
    private func expectSilence(_ scene: AgentScene, _ metrics: String) {
        let others = metrics.replacing("tenant=\"CANARY-tenant\"", with: "tenant")
        for text in [scene.log, scene.output, others] { #expect(!text.contains(Self.canary), "\(text)") }
    }

    private func metrics(_ scene: AgentScene) throws -> String {
        try httpGet(port: scene.serverPort(), "/metrics").body
    }

    @Test(arguments: [
        nil,
        Receiver.Fault.status(500, "boom {user=\"CANARY-1\"}"),
        .status(429, "limit for user 'CANARY-tenant' {user=\"CANARY-1\"}"),
        .status(400, "entry for stream '{user=\"CANARY-1\"}' has timestamp too old: CANARY"),
        .status(401, "<html>CANARY-password</html>"),
        .status(422, "I got CANARY, and (CANARY-1): CANARY!"),
        .reset,
    ])
    func nothingShowsWhateverLokiAnswers(fault: Receiver.Fault?) throws {
        let scene = try scene()
        scene.receiver.answer { $0 <= 5 ? fault : nil }
        try write(scene)
        try scene.start()
        try scene.waitForMetric("sluice_read_lines_total") { $0 == 5 }
        if fault != nil {
            try waitUntil("the fault was told") {
                !scene.logged("level=warn").isEmpty || !scene.logged("level=error").isEmpty
            }
        }
        let metrics = try metrics(scene)
        #expect(try scene.stop() == 0)
        expectSilence(scene, metrics)
        // The test would be of no use if the canary had not been there at all.
        if fault == nil { #expect(scene.receiver.entries.contains { $0.labels.contains(Self.canary) }) }
    }

    @Test func nothingShowsWhenLokiIsAway() throws {
        let port = try freePort()
        let scene = try scene(Receiver(port: nil))
        try write(scene)
        try scene.start(url: "http://u:CANARY-password@127.0.0.1:\(port)/push?key=CANARY-query")
        try scene.waitForLog("error sending batch, will retry")
        let metrics = try metrics(scene)
        #expect(try scene.stop() == 0)
        expectSilence(scene, metrics)
    }

    @Test func nothingShowsWhenThePositionsFileIsDamaged() throws {
        let scene = try scene()
        try scene.folder.write("positions.yaml", "positions:\n  CANARY: [CANARY\n")
        try scene.start()
        #expect(scene.process?.wait() == 1)
        expectSilence(scene, "")
    }

    @Test func nothingShowsWhenTheConfigurationHasMistakes() throws {
        let scene = try scene()
        for mistake in ["tenant: x", "bearer_token: CANARY-token", "timeout: fast", "headers: CANARY"] {
            let client = scene.options.client
            scene.options.client += ", \(mistake)"
            try scene.start(url: "http://u:CANARY-password@127.0.0.1:1/push")
            #expect(scene.process?.wait() == 1, "\(mistake)")
            scene.options.client = client
        }
        #expect(!scene.log.isEmpty)
        expectSilence(scene, "")
    }
}
