import Glibc
import TestSupport
import Testing

/// The agent beside real container engines.
@Suite(.serialized, .needs("root, docker, podman and busybox-static", ContainerEngine.areThere))
struct ContainerTests {
    private func scene(_ engine: ContainerEngine, _ more: String = "") throws -> AgentScene {
        let scene = try AgentScene()
        scene.options.source =
            "docker_sd_configs: [{host: \"unix://\(engine.socket)\", refresh_interval: 2s\(more)}]"
        scene.options.relabelRules = [
            "{source_labels: [__meta_docker_container_name], regex: '/(.*)', target_label: container}",
            "{source_labels: [__meta_docker_container_log_stream], target_label: stream}",
            "{source_labels: [__meta_docker_container_label_app_tier], target_label: tier}",
        ]
        return scene
    }

    private func texts(_ scene: AgentScene) -> Set<String> {
        Set(scene.receiver.entries.map { "\($0.labels) \(String(decoding: $0.line, as: UTF8.self))" })
    }

    @Test(arguments: ContainerEngine.Kind.allCases)
    func streamsLabelsTerminalsAndLongLines(kind: ContainerEngine.Kind) throws {
        let engine = try ContainerEngine(kind)
        let scene = try scene(engine)
        try engine.run(
            "web.one_2-x",
            "sleep 1; echo out; echo err >&2; printf 'no newline'; sleep 0.2; echo ' at first'; head -c 40000 /dev/zero | tr '\\0' A; echo; "
                + "echo; sleep 0.5; printf tail",
            options: "--label",
            "app.tier=front"
        )
        try scene.start()
        try engine.run("terminal", "echo one; echo two >&2", options: "-t")
        try scene.waitForEntries(8)
        try waitUntil("the last line", deadline: .seconds(20)) { scene.receiver.entryCount == 8 }
        let front = #"container="web.one_2-x", stream="stdout", tier="front""#
        let long = String(repeating: "A", count: 40_000)
        #expect(
            texts(scene) == [
                "{\(front)} out", #"{container="web.one_2-x", stream="stderr", tier="front"} err"#,
                "{\(front)} no newline at first", "{\(front)} \(long)", "{\(front)} ", "{\(front)} tail",
                #"{container="terminal", stream="stdout"} one"#, #"{container="terminal", stream="stdout"} two"#,
            ]
        )
        #expect(try scene.metrics()["promtail_docker_target_entries_total"] == 8)
        // A container that starts again goes on, under the name that it has now.
        try engine.docker("rename", "terminal", "renamed")
        try engine.docker("start", "renamed")
        try scene.waitForEntries(10)
        #expect(scene.receiver.entries.suffix(2).allSatisfy { $0.labels.contains("renamed") })
        #expect(scene.receiver.entryCount == 10)
        try engine.docker("rm", "-f", "renamed", "web.one_2-x")
        try waitUntil("positions of containers that are gone leave the file", deadline: .seconds(20)) {
            try !String(decoding: TemporaryFolder.read(absolute: scene.positionsFile), as: UTF8.self).contains("cursor")
        }
        #expect(try scene.stop() == 0)
        #expect(scene.logged("level=warn") == [])
    }

    /// The agent is stopped and killed, the engine is replaced, the container starts again, all while it writes.
    @Test(arguments: ContainerEngine.Kind.allCases)
    func nothingIsLostWhateverRestarts(kind: ContainerEngine.Kind) throws {
        let engine = try ContainerEngine(kind)
        let scene = try scene(engine)
        try engine.run("writer", "for i in $(seq 1500); do echo line $i; [ $((i % 7)) = 0 ] && usleep 20000; done")
        for round in 0..<6 {
            try scene.start()
            usleep(400_000)
            if round == 2 {
                // Containers live on without their engine.
                engine.stop(kind == .docker ? SIGTERM : SIGKILL)
                usleep(200_000)
                try engine.start()
            }
            #expect(try scene.stop() == 0)
        }
        try scene.start()
        try waitUntil("all lines", deadline: .seconds(40)) { Set(scene.receiver.lines).count == 1_500 }
        #expect(scene.receiver.entryCount == 1_500)
        scene.kill()
        try scene.start()
        try engine.docker("restart", "-t", "0", "writer")
        try waitUntil("the second run", deadline: .seconds(40)) { scene.receiver.entryCount >= 3_000 }
        #expect(try scene.stop() == 0)
        // The kill may have come before the last save of positions.
        let repeated = scene.receiver.entryCount - 3_000
        #expect(Set(scene.receiver.lines).count == 1_500)
        #expect(repeated <= 200, "\(repeated)")
    }

    @Test func containersThatDieYoungAreRead() throws {
        let engine = try ContainerEngine(.docker)
        let scene = try scene(engine)
        try scene.start()
        try scene.waitForLog("reading containers")
        try engine.run("old", "sleep 60")
        for number in 0..<5 { try engine.run("young\(number)", "echo hello; printf bye") }
        try scene.waitForEntries(10)
        #expect(scene.receiver.lines.filter { $0 == "bye" }.count == 5)
        #expect(try scene.stop() == 0)
    }

    /// A driver that keeps nothing is told once.
    @Test func aDriverWithoutLogsIsTold() throws {
        let engine = try ContainerEngine(.docker)
        let scene = try scene(engine)
        try engine.run("silent", "sleep 60", options: "--log-driver=none")
        try scene.start()
        try scene.waitForLog("the logs of a container cannot be read")
        usleep(2_500_000)
        #expect(scene.logged("cannot be read").count == 1)
        #expect(try scene.stop() == 0)
    }

    @Test func filtersOfTheConfigurationHold() throws {
        let engine = try ContainerEngine(.docker)
        let scene = try scene(engine, ", filters: [{name: label, values: [keep=yes]}]")
        try scene.start()
        try engine.run("kept", "echo kept", options: "--label", "keep=yes")
        try engine.run("other", "echo other; sleep 2")
        try scene.waitForEntries(1)
        usleep(2_500_000)
        #expect(scene.receiver.lines == ["kept"])
        #expect(try scene.stop() == 0)
    }
}

/// Engines that are none, or lie: nothing ends, nothing grows, and the user is told once.
struct LyingEngineTests {
    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

    @Test(
        arguments: [
            ("", .close), ("garbage\r\n\r\n", .close), ("HTTP/1.1 500 no\r\nContent-Length: 0\r\n\r\n", .close),
            ("\(head)Content-Length: 4\r\n\r\nnull", .close), ("\(head)Content-Length: 9\r\n\r\n{\"a\":[1]}", .close),
            ("\(head)Content-Length: 22\r\n\r\n[1,null,{\"Id\":5},\"x\"]", .reset),
            ("\(head)Content-Length: 999999\r\n\r\n[", .close),
            ("\(head)Transfer-Encoding: chunked\r\n\r\nzz\r\n", .close), ("", .hang),
            ("\(head)\r\n[", .repeatForEver([UInt8](repeating: UInt8(ascii: "1"), count: 65_536))),
        ] as [(String, MisbehavingServer.Ending)]
    )
    func anEngineThatLiesCostsNothing(answer: String, ending: MisbehavingServer.Ending) throws {
        let engine = try MisbehavingServer(answer, then: ending)
        defer { engine.stop() }
        let scene = try AgentScene()
        scene.options.source = "docker_sd_configs: [{host: \"tcp://127.0.0.1:\(engine.port)\", refresh_interval: 1s}]"
        try scene.start()
        try waitUntil("it is asked") { engine.served > 0 }
        usleep(1_500_000)
        #expect(scene.logged("does not answer").count <= 1)
        #expect(try scene.memory("RssAnon") < 120_000)
        #expect(try scene.stop() == 0)
    }

    @Test func anEngineThatIsNotThereIsToldOnceAndFoundLater() throws {
        let scene = try AgentScene()
        let socket = scene.folder.path("engine.sock")
        scene.options.source = "docker_sd_configs: [{host: \"unix://\(socket)\", refresh_interval: 1s}]"
        try scene.start()
        try scene.waitForLog("the container engine does not answer")
        usleep(1_500_000)
        #expect(scene.logged("does not answer").count == 1)
        #expect(scene.logged("engine.sock: No such file or directory").count == 1, "\(scene.log)")
        #expect(try scene.stop() == 0)
    }

    @Test(arguments: [
        ("host: \"ftp://x\"", "takes unix:///path"), ("host: \"unix:///x\", bearer_token: x", "a login or headers"),
    ])
    func whatCannotBeAskedForIsRefused(options: String, said: String) throws {
        let scene = try AgentScene()
        scene.options.source = "docker_sd_configs: [{\(options)}]"
        try scene.start()
        #expect(scene.process?.wait() == 1)
        #expect(scene.log.contains(said), "\(scene.log)")
    }
}
