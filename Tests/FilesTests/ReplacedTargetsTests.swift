import Entries
import Glibc
import Testing

@testable import Files

/// Targets that change while their files are read, and files that go over to the next tail set.
struct ReplacedTargetsTests {
    @Test func anotherTargetGoesOnWhereTheOneBeforeHasRead() {
        let scene = Scene()
        scene.isAcknowledging = false
        scene.write("app.log", "1\n2\n")
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("app.log")))
        scene.read()
        scene.tail(TailTarget(id: 1, pathPattern: scene.path("*.log")))
        scene.append("app.log", "3\n")
        scene.read()
        #expect(scene.taken() == ["1", "2", "3"])
        // What the first one has read is not safe yet, so a start after a kill reads it again.
        scene.restart()
        scene.read()
        #expect(scene.taken() == ["1", "2", "3"])
    }

    @Test func whatTheFirstTargetHasReadSettlesAndThenCountsNoMore() {
        let scene = Scene()
        scene.isAcknowledging = false
        scene.write("app.log", "1\n2\n")
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("app.log")))
        scene.read()
        scene.tail(TailTarget(id: 1, pathPattern: scene.path("*.log")))
        scene.append("app.log", "3\n")
        scene.read()
        scene.set.acknowledge(SourceID(rawValue: 2), position: 6)
        #expect(scene.set.positionsSnapshot().files.map(\.position).min() == 0)
        scene.set.acknowledge(SourceID(rawValue: 1), position: 4)
        #expect(scene.set.positionsSnapshot().files.map(\.position) == [6])
    }

    @Test func aRemovedFileIsReadToItsEndByTheNextTarget() {
        var options = TailOptions()
        options.slabBytes = 4_096
        let scene = Scene(options: options)
        let lines = (0..<10_000).map { "line \($0)" }
        scene.write("app.log", lines.map { "\($0)\n" }.joined())
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("app.log")))
        scene.set.observe(now: 0)
        scene.rename("app.log", "gone")
        scene.set.observe(now: 0)
        scene.remove("gone")
        scene.tail(TailTarget(id: 1, pathPattern: scene.path("app.*")))
        scene.read(forSeconds: 1)
        #expect(scene.taken() == lines)
    }

    @Test func aRemovedFileGoesOverToTheNextSet() {
        let scene = Scene()
        scene.isAcknowledging = false
        scene.write("app.log", "1\n2\n3\n")
        scene.tail("app.log")
        scene.read()
        scene.set.acknowledge(SourceID(rawValue: 1), position: 2)
        scene.remove("app.log")
        let saved = Positions().updated(by: [scene.set.positionsSnapshot()])
        scene.stop()
        scene.start(with: saved, held: scene.set.heldFiles)
        scene.read(forSeconds: 1)
        #expect(scene.taken() == ["1", "2", "3", "2", "3"])
    }

    @Test func filesThatNobodyWantsAreClosedAtTheNextLook() {
        let scene = Scene()
        scene.isAcknowledging = false
        scene.write("app.log", "1\n")
        scene.tail("app.log")
        scene.read()
        let held = Self.openCount(of: scene.path("app.log"))
        scene.remove("app.log")
        scene.set.replaceTargets([])
        scene.read(forSeconds: 30)
        #expect(held == 1)
        #expect(Self.openCount(of: scene.path("app.log (deleted)")) == 0)
    }

    /// Descriptors of this process that lead to a path.
    private static func openCount(of path: String) -> Int {
        (0..<8_192).count { descriptor in
            var name = [CChar](repeating: 0, count: 512)
            let count = readlink("/proc/self/fd/\(descriptor)", &name, name.count - 1)
            return count > 0 && String(decoding: name[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) == path
        }
    }
}
