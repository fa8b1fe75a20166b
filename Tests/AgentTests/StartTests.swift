import Glibc
import TestSupport
import Testing

/// What is said at the start, to people who wait for lines that do not come.
@Suite(.serialized)
struct StartTests {
    @Test func aRelativePathGivesTheNameThatPromtailGives() throws {
        let scene = try AgentScene()
        scene.options.groups = [
            "{labels: {job: x, __path__: ./logs/../logs/a.log}}", "{labels: {__path__: './logs/b*'}}",
        ]
        try scene.write("a.log", "a\n")
        try scene.write("b.log", "b\n")
        try scene.start(["-once"], wrapper: ["sh", "-c", "cd '\(scene.folder.path)' && exec \"$0\" \"$@\""])
        #expect(scene.process?.wait() == 0)
        let labels = scene.receiver.entries.map(\.labels).sorted()
        #expect(
            labels == [
                "{filename=\"\(scene.path("a.log"))\", job=\"x\"}", "{filename=\"\(scene.path("b.log"))\"}",
            ]
        )
    }

    @Test func aPatternWithoutFilesIsToldOnceAndItsFirstFileIsRead() throws {
        let scene = try AgentScene()
        try scene.start()
        try scene.waitForLog("no file matches yet")
        let line = try #require(scene.logged("no file matches yet").first)
        #expect(line.contains("level=info") && line.hasSuffix("path=\(scene.folder.path("logs/*.log"))"))
        try scene.write("a.log", "1\n")
        try scene.waitForEntries(1)
        try scene.waitForMetric("promtail_files_active_total") { $0 == 1 }
        #expect(try scene.stop() == 0)
        #expect(scene.logged("no file matches yet").count == 1)
    }

    @Test func warningsOfFilesHaveNoEmptyValues() throws {
        let scene = try AgentScene()
        mkdir(scene.path("folder.log"), 0o755)
        try scene.start()
        try scene.waitForLog("is a folder")
        #expect(try scene.stop() == 0)
        let line = try #require(scene.logged("is a folder").first)
        #expect(line.hasSuffix("msg=file path=\(scene.path("folder.log")) problem=\"is a folder\""), "\(line)")
    }

    @Test func flagsWithoutEffectAreToldWithWhatToDoInstead() throws {
        let scene = try AgentScene()
        try scene.write("a.log", "1\n")
        try scene.start([
            "-once", "-inspect=false", "-print-config-stderr=false", "-server.grpc-listen-port=9095",
            "-server.register-instrumentation=true", "-server.log-request-headers", "-log.level=info",
        ])
        #expect(scene.process?.wait() == 0)
        let told = scene.logged("a flag has no effect").map { $0.split(separator: "flag=").last ?? "" }
        #expect(told.sorted() == ["-server.grpc-listen-port", "-server.log-request-headers"])
    }

    @Test func aConfigurationThatReadsNothingIsToldOf() throws {
        let scene = try AgentScene()
        let file = try scene.folder.write(
            "agent.yaml",
            "server: {disable: true}\npositions: {filename: \(scene.positionsFile)}\n"
                + "clients: [{url: '\(scene.receiver.url)'}]\nscrape_configs: []\n"
        )
        let (code, output) = try Subprocess.run([AgentScene.program, "-config.file=\(file)", "-once"])
        #expect(code == 0)
        let text = String(decoding: output, as: UTF8.self)
        #expect(
            text.contains("agent.yaml:4:17: warning: scrape_configs: there is none, so that nothing is read"),
            "\(text)"
        )
    }

    /// Runs a program with that limit, without descriptors that other tests have open at the moment.
    private static func openFiles(_ limit: Int) -> [String] {
        let closing = "for fd in {3..255}; do eval \"exec $fd>&-\"; done"
        return ["bash", "-c", "\(closing); ulimit -n \(limit); exec \"$0\" \"$@\""]
    }

    @Test func aLimitThatLeavesNoRoomForFilesIsToldBeforeAnythingStarts() throws {
        let scene = try AgentScene()
        try scene.write("a.log", "1\n")
        try scene.start(wrapper: Self.openFiles(20))
        #expect(scene.process?.wait() == 1)
        #expect(scene.logged("only 20 files may be open at a time, and 32 are needed; raise the limit").count == 1)
    }

    @Test func manyFilesTakeTurnsWhereFewMayBeOpen() throws {
        let scene = try AgentScene()
        scene.options.server = "log_level: warn"
        for number in 0..<300 { try scene.write("\(number).log", "\(number)\n") }
        try scene.start(["-once"], wrapper: Self.openFiles(64))
        #expect(scene.process?.wait() == 0)
        #expect(Set(scene.receiver.lines) == Set((0..<300).map { "\($0)" }))
        #expect(scene.logged("level=warn").count == 1, "\(scene.log)")
        #expect(scene.logged("few files may be open at a time").first?.hasSuffix("files=16") == true)
    }
}
