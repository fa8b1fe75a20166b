import Glibc
import TestSupport
import Testing

/// Positions that cannot be read, and positions that cannot be written while the agent runs.
@Suite(.serialized)
struct PositionsAtRunTimeTests {
    private static let damaged = "positions:\n  /var/log/a.log: \"12\"\n  oops\n"

    @Test func aCorruptPositionsFileIsAClearErrorAtTheStart() throws {
        let scene = try AgentScene()
        try scene.write("a.log", "line\n")
        let path = try scene.folder.write("positions.yaml", Self.damaged)
        try scene.start()
        let process = try #require(scene.process)
        #expect(process.wait() == 1)
        #expect(scene.logged("level=error").count == 1)
        let told = try #require(scene.logged("level=error").first)
        #expect(
            told.hasSuffix(
                "msg=\"error creating agent\" error=\"positions file: invalid yaml positions file [\(path):3]: expected ':' after a key; remove it, or set 'ignore_invalid_yaml: true': every file is read from its start then\""
            ),
            "\(told)"
        )
        #expect(scene.receiver.pushCount == 0)
        #expect(scene.positions == Self.damaged)
    }

    @Test func aCorruptPositionsFileCountsAsEmptyWhereThatIsAskedFor() throws {
        let scene = try AgentScene()
        scene.options.positions = "ignore_invalid_yaml: true"
        try scene.write("a.log", "line\n")
        try scene.folder.write("positions.yaml", Self.damaged)
        try scene.start()
        try scene.waitForEntries(1)
        #expect(try scene.stop() == 0)
        #expect(scene.logged("level=warn").count == 1)
        #expect(scene.logged("it counts as empty").count == 1)
        #expect(scene.positions == "positions:\n  \(scene.path("a.log")): \"5\"\n")
    }

    @Test func anUnreadablePositionsFileIsAClearErrorAtTheStart() throws {
        let scene = try AgentScene()
        mkdir(scene.folder.path("positions.yaml"), 0o755)
        try scene.start()
        #expect(scene.process?.wait() == 1)
        #expect(scene.logged("positions file: \(scene.folder.path("positions.yaml")): Is a directory").count == 1)
    }

    /// Root may write anywhere, unless it gives that up.
    @Test func aReadOnlyFolderIsToldOnceAndShippingGoesOn() throws {
        let scene = try AgentScene()
        try scene.write("a.log", "1\n")
        for name in ["agent.yaml", "agent.log", "output"] { try scene.folder.write(name, "") }
        chmod(scene.folder.path, 0o555)
        let wrapper = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        try scene.start(wrapper: geteuid() == 0 ? wrapper : [])
        try scene.waitForLog("error writing positions file")
        for number in 2...5 {
            try scene.append("a.log", "\(number)\n")
            try scene.waitForEntries(number)
        }
        // Every 100 ms a try; none but the first is told.
        try scene.waitForMetric("promtail_sent_entries_total{host=\"127.0.0.1:\(scene.receiver.port)\"}") { $0 == 5 }
        #expect(scene.logged("error writing positions file").count == 1)
        #expect(scene.positions == "")
        chmod(scene.folder.path, 0o755)
        try scene.waitForLog("positions file can be written again")
        #expect(try scene.stop() == 0)
        #expect(scene.positions == "positions:\n  \(scene.path("a.log")): \"10\"\n")
        #expect(scene.receiver.lines == ["1", "2", "3", "4", "5"])
    }

    /// A small file system that is full, in a mount name space of the agent's own.
    @Test(.needs("a mount name space of its own", (try? Subprocess.run(["unshare", "-m", "true"]))?.code == 0))
    func aFullDiskIsToldOnceAndShippingGoesOn() throws {
        let scene = try AgentScene()
        try scene.write("a.log", "1\n")
        let disk = scene.folder.path("disk")
        mkdir(disk, 0o755)
        scene.positionsFile = "\(disk)/positions.yaml"
        let mount =
            "mount -t tmpfs -o size=16k tmpfs '\(disk)' && { cat /dev/zero > '\(disk)/filler' 2> /dev/null; exec \"$0\" \"$@\"; }"
        try scene.start(wrapper: ["unshare", "-m", "sh", "-c", mount])
        try scene.waitForLog("error writing positions file")
        for number in 2...5 {
            try scene.append("a.log", "\(number)\n")
            try scene.waitForEntries(number)
        }
        #expect(scene.logged("error writing positions file").count == 1)
        #expect(scene.logged("No space left on device").count == 1)
        // The file system as the agent sees it.
        let seen = "/proc/\(try #require(scene.process).pid)/root\(disk)"
        #expect(truncate("\(seen)/filler", 0) == 0)
        try scene.waitForLog("positions file can be written again")
        // The last line may have been answered for after that write.
        let expected = "positions:\n  \(scene.path("a.log")): \"10\"\n"
        try waitUntil("the position of the last line is written") {
            (try? TemporaryFolder.read(absolute: "\(seen)/positions.yaml")).map { $0 == Array(expected.utf8) } ?? false
        }
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["1", "2", "3", "4", "5"])
    }

    /// `ulimit -f`: a write beyond the limit must be an error and not the end of the process.
    @Test func aLimitOnTheSizeOfFilesIsToldAndShippingGoesOn() throws {
        let scene = try AgentScene()
        scene.options.server = "log_level: warn"
        for number in 0..<40 { try scene.write("\(number).log", "1\n") }
        try scene.start(wrapper: ["sh", "-c", "ulimit -f 4; exec \"$0\" \"$@\""])
        try scene.waitForLog("error writing positions file")
        try scene.append("0.log", "2\n")
        try scene.waitForEntries(41)
        #expect(scene.logged("error writing positions file").allSatisfy { $0.contains("File too large") })
        #expect(try scene.stop() == 0)
    }
}
