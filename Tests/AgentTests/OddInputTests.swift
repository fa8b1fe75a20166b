import Glibc
import TestSupport
import Testing

/// Lines that no program should write: they pass, they are counted and told once, and memory stays bounded.
@Suite(.serialized)
struct OddInputTests {
    @Test func linesThatAStageCannotParsePassOn() throws {
        let scene = try AgentScene()
        scene.options.stages = "{json: {expressions: {level: }}}, {labels: {level: }}"
        let lines = [
            "not json", "{\"level\":", "[]", "{\"level\":\"info\"}", "\"level\"", "{\"level\":\"in\u{1}fo\"}", "",
        ]
        try scene.write("a.log", lines.map { $0 + "\n" }.joined())
        try scene.start()
        try scene.waitForEntries(lines.count)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines.sorted() == lines.sorted())
        #expect(
            scene.receiver.entries.filter { $0.labels.contains("level=\"info\"") }.map(\.text) == [
                "{\"level\":\"info\"}"
            ]
        )
        #expect(scene.logged("level=warn") == [])
    }

    @Test func malformedLinesAreDroppedAndCountedWhereThatIsAskedFor() throws {
        let scene = try AgentScene()
        scene.options.stages = "{json: {expressions: {level: }, drop_malformed: true}}"
        try scene.write("a.log", "not json\n{\"level\":1}\n{\"level\":\n")
        try scene.start()
        try scene.waitForMetric("sluice_read_lines_total") { $0 == 3 }
        try scene.waitForEntries(1)
        let metrics = try scene.metrics()
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["{\"level\":1}"])
        #expect(metrics.filter { $0.key.hasPrefix("sluice_dropped_lines_total") }.values.map { $0 } == [2])
        #expect(scene.positions.contains(": \"31\""))
    }

    @Test func bytesThatAreNoTextPassAndAreCountedAndTold() throws {
        let scene = try AgentScene()
        let lines: [[UInt8]] = [
            [0x61, 0xFF, 0x62], [0x00], [0x61, 0x00, 0xC3, 0x28], Array("gr\u{F6}\u{DF}e".utf8), [0xED, 0xA0, 0x80],
        ]
        try scene.write("a.log", Array(lines.joined(separator: [0x0A])) + [0x0A])
        try scene.start()
        try scene.waitForEntries(lines.count)
        try scene.append("a.log", "\u{0}\n")
        try scene.waitForEntries(lines.count + 1)
        try scene.waitForMetric("sluice_read_lines_total") { $0 == 6 }
        let metrics = try scene.metrics()
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.entries.map(\.line) == lines + [[0]])
        #expect(metrics["sluice_odd_lines_total{kind=\"invalid_utf8\"}"] == 3)
        #expect(metrics["sluice_odd_lines_total{kind=\"nul\"}"] == 3)
        #expect(scene.logged("not UTF-8").count == 1)
        #expect(scene.logged("NUL").count == 1)
    }

    @Test func aLineOfTenMegabytesComesWholeInBoundedMemory() throws {
        let scene = try AgentScene()
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000_000)
        try scene.write("a.log", Array("before\n".utf8) + long + Array("\nafter\n".utf8))
        try scene.start()
        try scene.waitForEntries(3)
        #expect(scene.receiver.entries.map(\.line.count) == [6, 10_000_000, 5])
        // Read, encoded and compressed; then given back.
        #expect(try scene.memory("VmHWM") - scene.memory("RssFile") < 70_000)
        try scene.append("a.log", String(repeating: "later\n", count: 1_000))
        try scene.waitForEntries(1_003)
        #expect(try scene.memory("RssAnon") < 40_000)
        #expect(try scene.stop() == 0)
    }

    @Test(arguments: [false, true])
    func linesBeyondMaxLineSizeAreDroppedOrCutCountedAndToldOnce(isCut: Bool) throws {
        let scene = try AgentScene()
        scene.options.limits = "max_line_size: 1KB, max_line_size_truncate: \(isCut)"
        let long = String(repeating: "x", count: 5_000)
        try scene.write("a.log", "short\n\(long)\n\(long)\nshort\n")
        try scene.start()
        try scene.waitForEntries(isCut ? 4 : 2)
        try scene.waitForMetric("sluice_read_lines_total") { $0 == 4 }
        let metrics = try scene.metrics()
        #expect(try scene.stop() == 0)
        let cut = String(repeating: "x", count: 1_024)
        #expect(scene.receiver.lines == (isCut ? ["short", cut, cut, "short"] : ["short", "short"]))
        let labels = "{host=\"127.0.0.1:\(scene.receiver.port)\",reason=\"line_too_long\",tenant=\"\"}"
        #expect(metrics["promtail_dropped_entries_total\(labels)"] == (isCut ? 0 : 2))
        #expect(metrics["promtail_dropped_bytes_total\(labels)"] == (isCut ? 0 : 10_000))
        #expect(metrics["promtail_mutated_entries_total\(labels)"] == (isCut ? 2 : 0))
        #expect(metrics["promtail_mutated_bytes_total\(labels)"] == (isCut ? 7_952 : 0))
        #expect(scene.logged("max_line_size").count == 1)
        #expect(scene.positions.contains(": \"10014\""))
    }

    @Test func aLineBeyondEveryBoundIsCutCountedAndToldOnce() throws {
        let scene = try AgentScene()
        let long = [UInt8](repeating: UInt8(ascii: "y"), count: 20_000_000)
        try scene.write("a.log", Array("before\n".utf8) + long + Array("\nafter\n".utf8))
        try scene.start()
        try scene.waitForEntries(3)
        try scene.waitForMetric("sluice_cut_lines_total") { $0 == 1 }
        #expect(try scene.metrics()["sluice_cut_bytes_total"] == 20_000_000 - 16_777_216)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.entries.map(\.line.count) == [6, 16_777_216, 5])
        #expect(scene.logged("has lines beyond the limit").count == 1)
        #expect(scene.positions.contains(": \"20000014\""))
    }

    @Test func labelsOfManyValuesTakeBoundedMemoryAndAreToldOnce() throws {
        let scene = try AgentScene(receiver: Receiver(keepsEntries: false))
        scene.options.stages = "{json: {expressions: {id: }}}, {labels: {id: }}"
        // A million of them are shipped by Tests/faults/labels.py with the release binary.
        let count = 150_000
        var text: [UInt8] = []
        text.reserveCapacity(count * 16)
        for number in 0..<count { text += Array("{\"id\":\(number)}\n".utf8) }
        try scene.write("a.log", text)
        try scene.start()
        var peak = 0
        try waitUntil("all entries have come", deadline: .seconds(300)) {
            peak = max(peak, try scene.memory("RssAnon"))
            return scene.receiver.entryCount >= count
        }
        #expect(peak < 100_000, "RssAnon \(peak) KiB")
        try scene.waitForMetric("sluice_label_sets_total") { $0 >= Double(count) }
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.entryCount == count)
        #expect(scene.logged("labels have very many values").count == 1)
    }

    @Test func aFileOfNothingButNewlinesTakesBoundedMemory() throws {
        let scene = try AgentScene(receiver: Receiver(keepsEntries: false))
        scene.options.client = "batchsize: 1048576"
        let count = 500_000
        try scene.write("a.log", [UInt8](repeating: 0x0A, count: count))
        try scene.start()
        var peak = 0
        try waitUntil("all entries have come", deadline: .seconds(120)) {
            peak = max(peak, try scene.memory("RssAnon"))
            return scene.receiver.entryCount >= count
        }
        #expect(peak < 60_000, "RssAnon \(peak) KiB")
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.entryCount == count)
    }

    /// containerd may rotate between the pieces of a line: they belong together all the same.
    @Test func piecesOfALineAreJoinedAcrossARotation() throws {
        let scene = try AgentScene()
        scene.options.stages = "{cri: {}}"
        try scene.write("a.log", "2026-01-02T03:04:05Z stdout F whole\n2026-01-02T03:04:06Z stdout P one \n")
        try scene.start()
        try scene.waitForEntries(1)
        rename(scene.path("a.log"), scene.path("a.log.20260102-030406"))
        try scene.write("a.log", "2026-01-02T03:04:07Z stdout F two\n")
        try scene.waitForEntries(2)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == ["whole", "one two"])
    }

    /// Nothing to be read from such a thing by an agent that waits for nobody.
    @Test func aFIFOIsToldOnceAndNotOpened() throws {
        let scene = try AgentScene()
        try #require(mkfifo(scene.path("fifo.log"), 0o644) == 0)
        try scene.write("a.log", "1\n")
        try scene.start()
        try scene.waitForEntries(1)
        try scene.waitForLog("is not a regular file")
        usleep(1_200_000)
        #expect(scene.logged("is not a regular file").count == 1)
        #expect(try scene.stop() == 0)
    }

    /// Loki takes equal lines of a stream with equal times for one.
    @Test func equalLinesHaveTimesOfTheirOwn() throws {
        let scene = try AgentScene()
        try scene.write("a.log", String(repeating: "same\n", count: 5_000))
        try scene.start()
        try scene.waitForEntries(5_000)
        #expect(try scene.stop() == 0)
        #expect(Set(scene.receiver.entries.map(\.timestamp)).count == 5_000)
    }
}
