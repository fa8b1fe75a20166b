import Glibc
import TestSupport
import Testing

/// Ends in order, ends at once, and crashes: nothing is lost by any of them.
@Suite(.serialized)
struct ShutdownTests {
    @Test(arguments: [SIGTERM, SIGINT])
    func aSignalFlushesWritesPositionsAndEndsWithZero(signal: Int32) throws {
        let scene = try AgentScene()
        scene.options.batchWait = "1h"
        try scene.write("a.log", "1\n2\nan open line")
        try scene.start()
        try scene.waitForMetric("sluice_read_lines_total") { $0 == 2 }
        #expect(scene.receiver.pushCount == 0)
        #expect(try scene.stop(signal) == 0)
        #expect(scene.receiver.lines == ["1", "2"])
        #expect(scene.positions == "positions:\n  \(scene.path("a.log")): \"4\"\n")
        #expect(scene.logged("=== received SIGINT/SIGTERM === *** exiting").count == 1)
        #expect(scene.log.hasSuffix("msg=stopped\n"))
        try scene.append("a.log", " that is closed now\n3\n")
        scene.options.batchWait = "20ms"
        try scene.start()
        try scene.waitForEntries(4)
        #expect(try scene.stop(signal) == 0)
        #expect(scene.receiver.lines == ["1", "2", "an open line that is closed now", "3"])
    }

    @Test func whatLokiDoesNotTakeInTimeIsReadAgainAtTheNextStart() throws {
        let scene = try AgentScene()
        scene.options.limits = "shutdown_timeout: 300ms"
        scene.receiver.answer { _ in .status(503) }
        try scene.write("a.log", (0..<100).map { "\($0)\n" }.joined())
        try scene.start()
        try scene.waitForLog("error sending batch, will retry")
        let start = ContinuousClock.now
        #expect(try scene.stop() == 0)
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(scene.receiver.entryCount == 0)
        scene.receiver.answer { _ in nil }
        try scene.start()
        try scene.waitForEntries(100)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == (0..<100).map { "\($0)" })
    }

    /// A server that takes the request and says nothing, and one that asks to be left alone for long.
    @Test(arguments: [Receiver.Fault.late(milliseconds: 60_000), .status(429, headers: [("Retry-After", "600")])])
    func waitingForLokiEndsWithTheShutdownTimeout(fault: Receiver.Fault) throws {
        let scene = try AgentScene()
        scene.options.limits = "shutdown_timeout: 300ms"
        scene.options.client = "timeout: 1m"
        scene.receiver.answer { _ in fault }
        try scene.write("a.log", "1\n")
        try scene.start()
        try waitUntil("the push is under way", deadline: .seconds(20)) { scene.receiver.pushCount == 1 }
        let start = ContinuousClock.now
        #expect(try scene.stop() == 0)
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(scene.positions == "positions:\n  \(scene.path("a.log")): \"0\"\n")
    }

    @Test func aStopThatTakesLongSaysWhatItWaitsFor() throws {
        let scene = try AgentScene()
        scene.options.limits = "shutdown_timeout: 10m"
        scene.receiver.answer { _ in .status(503) }
        try scene.write("a.log", "1\n2\n3\n")
        try scene.start()
        try scene.waitForLog("error sending batch, will retry")
        let process = try #require(scene.process)
        process.kill(SIGTERM)
        try scene.waitForLog("waiting for Loki's answers; a second signal ends at once\" entries=3 at_most=10m0s")
        scene.receiver.answer { _ in nil }
        #expect(process.wait() == 0)
        #expect(scene.receiver.lines == ["1", "2", "3"])
        #expect(scene.logged("waiting for Loki's answers").count == 1)
    }

    @Test(arguments: [(SIGTERM, SIGTERM), (SIGINT, SIGTERM), (SIGTERM, SIGINT)])
    func aSecondSignalEndsAtOnceAndLosesNothing(first: Int32, second: Int32) throws {
        let scene = try AgentScene()
        scene.options.limits = "shutdown_timeout: 10m"
        scene.receiver.answer { _ in .status(503) }
        try scene.write("a.log", (0..<100).map { "\($0)\n" }.joined())
        try scene.start()
        try scene.waitForLog("error sending batch, will retry")
        scene.process?.kill(first)
        try scene.waitForLog("exiting")
        let start = ContinuousClock.now
        #expect(try scene.stop(second) == 1)
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(scene.logged("second signal, ending at once").count == 1)
        scene.receiver.answer { _ in nil }
        try scene.start()
        try scene.waitForEntries(100)
        #expect(try scene.stop() == 0)
        #expect(scene.receiver.lines == (0..<100).map { "\($0)" })
    }

    @Test func aCrashLosesNothingAndRepeatsAtMostWhatWasNotSaved() throws {
        let scene = try AgentScene()
        scene.options.client = "batchsize: 3000"
        scene.receiver.answer { $0 % 4 == 0 ? .status(500) : nil }
        var next = 0
        for round in 0..<6 {
            try scene.append("a.log", (next..<(next + 2_000)).map { "line \($0)\n" }.joined())
            next += 2_000
            let before = scene.receiver.entryCount
            try scene.start()
            try waitUntil("something came in round \(round)", deadline: .seconds(20)) {
                scene.receiver.entryCount > before + round * 200
            }
            scene.kill()
        }
        try scene.start()
        try waitUntil("everything came", deadline: .seconds(30)) { Set(scene.receiver.lines).count == next }
        #expect(try scene.stop() == 0)
        #expect(Set(scene.receiver.lines) == Set((0..<next).map { "line \($0)" }))
        #expect(scene.positions.contains("\"\((0..<next).map { "line \($0)\n".utf8.count }.reduce(0, +))\""))
    }
}
