import Glibc
import TestSupport
import Testing

/// Ways to run the agent other than with files and a configuration.
@Suite(.serialized)
struct CommandLineRunTests {
    @Test func standardInputIsShippedToItsEnd() throws {
        let scene = try AgentScene()
        let text = "1\r\n\n2\n  3  \n" + String(repeating: "x", count: 300_000) + "\nno newline"
        let input = try scene.folder.write("input", text)
        let process = try Subprocess(
            [AgentScene.program, "-stdin", "-client.url=\(scene.receiver.url)", "-server.disable=true"],
            input: input,
            output: scene.folder.path("output"),
            errors: scene.folder.path("agent.log")
        )
        #expect(process.wait() == 0)
        #expect(scene.receiver.lines == ["1", "2", "  3  ", String(repeating: "x", count: 300_000), "no newline"])
        #expect(scene.receiver.entries.allSatisfy { $0.labels.contains("job=\"stdin\"") })
        #expect(scene.output == "")
    }

    @Test func standardInputWaitsForItsWriter() throws {
        let scene = try AgentScene()
        let pipe = scene.folder.path("pipe")
        try #require(mkfifo(pipe, 0o600) == 0)
        // Held for reading and writing, the pipe neither blocks nor ends.
        let writer = open(pipe, O_RDWR | O_CLOEXEC)
        try #require(writer >= 0)
        let process = try Subprocess(
            [
                AgentScene.program, "-stdin", "-client.url=\(scene.receiver.url)", "-server.disable=true",
                "-client.batch-wait=20ms",
            ],
            input: pipe,
            errors: scene.folder.path("agent.log")
        )
        for number in 1...3 {
            let line = "line \(number)\n"
            try #require(write(writer, line, line.utf8.count) == line.utf8.count)
            try scene.waitForEntries(number)
        }
        // Others that share the pipe must not find it non-blocking.
        #expect(fcntl(writer, F_GETFL) & O_NONBLOCK == 0)
        close(writer)
        #expect(process.wait() == 0)
        #expect(scene.receiver.lines == ["line 1", "line 2", "line 3"])
    }

    @Test func standardInputIsNotReadWhileLokiIsBehind() throws {
        let scene = try AgentScene(receiver: Receiver(keepsEntries: false))
        scene.receiver.answer { $0 <= 8 ? .status(503) : nil }
        let line = String(repeating: "y", count: 99) + "\n"
        let input = try scene.folder.write("input", String(repeating: line, count: 100_000))
        let process = try Subprocess(
            [
                AgentScene.program, "-stdin", "-client.url=\(scene.receiver.url)", "-server.disable=true",
                "-client.min-backoff=10ms", "-client.max-backoff=50ms",
            ],
            input: input,
            errors: scene.folder.path("agent.log")
        )
        #expect(process.wait() == 0)
        #expect(scene.receiver.entryCount == 100_000)
    }

    @Test func aDryRunPrintsEntriesAndSendsAndSavesNothing() throws {
        let scene = try AgentScene()
        scene.options.stages = "{json: {expressions: {level: }}}, {labels: {level: }}"
        try scene.write("a.log", "{\"level\":\"info\"}\n")
        try scene.start(["-dry-run"])
        try waitUntil("the entry is printed") { scene.output.contains("\n") }
        #expect(try scene.stop() == 0)
        let fields = scene.output.split(separator: "\t", maxSplits: 1)
        #expect(fields.count == 2)
        #expect(
            scene.output.hasSuffix(
                "{filename=\"\(scene.path("a.log"))\", job=\"test\", level=\"info\"}\t{\"level\":\"info\"}\n"
            )
                || scene.output.hasSuffix(
                    "{filename=\"\(scene.path("a.log"))\", job=\"test\", level=\"info\"}{\"level\":\"info\"}\n"
                )
        )
        #expect(scene.receiver.pushCount == 0)
        #expect(scene.positions == "")
    }

    @Test func theFlagAddsAClient() throws {
        let scene = try AgentScene()
        let second = try Receiver()
        try scene.write("a.log", "1\n2\n")
        try scene.start(["-client.url=\(second.url)"])
        try scene.waitForEntries(2)
        try waitUntil("the second client has them too") { second.entryCount == 2 }
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == second.lines)
    }

    @Test func whatStagesChangeIsShownAndTheConfigurationWithoutSecrets() throws {
        let scene = try AgentScene()
        scene.options.client = "bearer_token: hunter2"
        scene.options.stages =
            "{regex: {expression: '(?P<level>.) (?P<rest>.+)'}}, {labels: {level: }}, {output: {source: rest}}, "
            + "{drop: {expression: none}}, {static_labels: {level: x}}, {tenant: {source: nothing}}"
        try scene.write("a.log", "i hello\n")
        try scene.start(["-dry-run", "-once", "-inspect", "-print-config-stderr", "-log-config-reverse-order"])
        #expect(scene.process?.wait() == 0)
        let start = try #require(scene.log.firstRange(of: "[inspect: regex stage]"))
        let shown = scene.log[start.lowerBound...].split(separator: "\n").prefix { !$0.hasPrefix("level=") }
        #expect(
            shown.joined(separator: "\n") == """
                [inspect: regex stage]:\u{20}
                {stages.Entry}.Extracted["level"]:
                \t+: i
                {stages.Entry}.Extracted["rest"]:
                \t+: hello
                [inspect: labels stage]:\u{20}
                {stages.Entry}.Entry.Labels["level"]:
                \t+: i
                [inspect: output stage]:\u{20}
                {stages.Entry}.Entry.Entry.Line:
                \t-: i hello
                \t+: hello
                [inspect: static_labels stage]:\u{20}
                {stages.Entry}.Entry.Labels["level"]:
                \t-: i
                \t+: x
                [inspect: tenant stage]: none
                """
        )
        #expect(scene.log.contains("---\n# Loki Config\n# sluice, version "))
        #expect(scene.output.hasPrefix("Clients configured:\n----------------------\nurl: "))
        #expect(!scene.log.contains("hunter2") && !scene.output.contains("hunter2"))
        let logged = scene.logged("msg=configuration").compactMap { $0.split(separator: "line=").last }
        #expect(logged.last?.contains("server:") ?? false)
    }
}
