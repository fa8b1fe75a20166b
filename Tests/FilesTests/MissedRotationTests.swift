import Files
import Testing

/// Rotations that nobody saw happen: several at once, or while the agent was stopped or blocked.
struct MissedRotationTests {
    /// Rotates as logrotate does: the highest number first.
    private func rotate(_ scene: Scene, generations: Int, copying: Bool = false) {
        for number in stride(from: generations, through: 2, by: -1) {
            scene.rename("app.log.\(number - 1)", "app.log.\(number)")
        }
        if copying {
            scene.copy("app.log", "app.log.1")
            scene.truncate("app.log")
        } else {
            scene.rename("app.log", "app.log.1")
            scene.write("app.log", "")
        }
    }

    @Test(arguments: [false, true], [false, true])
    func aFileThatCameAndWentUnseenIsRead(copying: Bool, isStopped: Bool) {
        let scene = Scene()
        scene.write("app.log.1", "older, delivered long ago, longer than anything that follows it\n")
        scene.write("app.log", "1a\n1b\n")
        scene.tail("app.log")
        scene.read()
        let saved = Positions().updated(by: [scene.set.positionsSnapshot()])
        if isStopped { scene.stop() }
        scene.append("app.log", "1c\n")
        rotate(scene, generations: 2, copying: copying)
        scene.append("app.log", "2a\n2b\n2c\n2d\n")
        rotate(scene, generations: 3, copying: copying)
        scene.append("app.log", "3\n")
        rotate(scene, generations: 4, copying: copying)
        scene.append("app.log", "4\n")
        if isStopped { scene.start(with: saved) }
        scene.read(forSeconds: 12)
        #expect(scene.taken() == ["1a", "1b", "1c", "2a", "2b", "2c", "2d", "3", "4"])
        scene.restart()
        scene.read(forSeconds: 12)
        #expect(scene.taken() == [])
    }

    @Test func rotationsDuringALongOutageAreAllRead() {
        let scene = Scene()
        scene.write("app.log", "1a\n")
        scene.tail("app.log")
        scene.read()
        scene.append("app.log", "1b\n")
        scene.look()
        for generation in 2...6 {
            rotate(scene, generations: generation - 1, copying: true)
            scene.append("app.log", "\(generation)a of generation \(generation)\n\(generation)b\n")
            scene.now += 20_000_000_000
            scene.look()
        }
        scene.read(forSeconds: 1)
        let expected = (2...6).flatMap { ["\($0)a of generation \($0)", "\($0)b"] }
        #expect(scene.taken() == ["1a", "1b"] + expected)
    }

    @Test func aFileNotReadAtAllSurvivesACopytruncate() {
        let scene = Scene()
        scene.write("app.log", "never read before the cut\n")
        scene.tail("app.log")
        scene.look()
        scene.copy("app.log", "app.log-20240506")
        scene.truncate("app.log")
        scene.append("app.log", "after the cut, and longer than what stood here before\n")
        scene.read(forSeconds: 1)
        #expect(
            scene.taken() == [
                "never read before the cut", "after the cut, and longer than what stood here before",
            ]
        )
    }

    /// A log that was empty when it was found tells of no cut: the copies that were made since then do.
    @Test(arguments: [false, true], [false, true])
    func copiesOfALogThatWasEmptyAreRead(isFirst: Bool, isLookedAt: Bool) {
        let scene = Scene()
        scene.write("app.log.1", "older than anybody\n")
        scene.write("app.log", isFirst ? "" : "0\n")
        scene.tail("app.log")
        scene.read()
        if !isFirst {
            scene.copy("app.log", "app.log.1")
            scene.truncate("app.log")
            scene.look()
        }
        scene.passTickOfFileTimes()
        scene.append("app.log", "1a\n1b\n")
        rotate(scene, generations: 2, copying: true)
        scene.passTickOfFileTimes()
        scene.append("app.log", "2a\n2b\n")
        rotate(scene, generations: 3, copying: true)
        scene.append("app.log", "3a\n3b\n")
        if isLookedAt { scene.look() }
        scene.read(forSeconds: 1)
        #expect(scene.taken() == (isFirst ? [] : ["0"]) + ["1a", "1b", "2a", "2b", "3a", "3b"])
    }

    @Test func compressedGenerationsAreReadToo() {
        let scene = Scene()
        scene.write("app.log", "1a\n")
        scene.tail("app.log")
        scene.read()
        scene.stop()
        let saved = Positions().updated(by: [scene.set.positionsSnapshot()])
        scene.append("app.log", "1b\n")
        rotate(scene, generations: 1)
        scene.append("app.log", "2\n")
        scene.rename("app.log.1", "app.log.2")
        scene.rename("app.log", "app.log.1")
        scene.write("app.log", "3\n")
        for number in 1...2 { Packing.compress("app.log.\(number)", in: scene) }
        scene.start(with: saved)
        scene.read(forSeconds: 1)
        #expect(scene.taken() == ["1a", "1b", "2", "3"])
    }

    /// What only looks like a rotated file of the log, or was read before it, is left alone.
    @Test(arguments: [
        "app.log.old", "app.log.1.swp", "app.log-errors", "app2.log.1", "app.log.3", "app.log.9.gz", "app.log.-1",
        "app.log.1~", "app.log.20240506", "apps.log",
    ])
    func otherFilesAreNot(name: String) {
        let scene = Scene()
        scene.write("app.log", "1\n")
        scene.tail("app.log")
        scene.read()
        scene.stop()
        let saved = Positions().updated(by: [scene.set.positionsSnapshot()])
        scene.rename("app.log", "app.log.2")
        scene.write(name, "not asked for\n")
        scene.write("app.log", "3\n")
        scene.start(with: saved)
        scene.read(forSeconds: 1)
        #expect(scene.taken() == ["1", "3"])
    }

    @Test func excludedGenerationsAreNotRead() {
        let scene = Scene()
        scene.write("app.log", "1\n")
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("app.log"), excludePattern: scene.path("*.1")))
        scene.read()
        scene.stop()
        let saved = Positions().updated(by: [scene.set.positionsSnapshot()])
        scene.rename("app.log", "app.log.2")
        scene.write("app.log.1", "excluded\n")
        scene.write("app.log", "3\n")
        scene.start(with: saved)
        scene.read(forSeconds: 1)
        #expect(scene.taken() == ["1", "3"])
    }

    @Test func everyTargetGetsTheRestOfAFileRotatedWhileStopped() {
        let scene = Scene()
        scene.write("app.log", "1\n")
        scene.tail("app.log", "app.log", "app.log*")
        scene.read()
        scene.stop()
        let saved = Positions().updated(by: [scene.set.positionsSnapshot()])
        scene.append("app.log", "2\n")
        scene.rename("app.log", "app.log.1")
        scene.write("app.log", "3\n")
        scene.start(with: saved)
        scene.read(forSeconds: 1)
        #expect(scene.taken().sorted() == ["1", "1", "1", "2", "2", "2", "3", "3", "3"])
    }
}
