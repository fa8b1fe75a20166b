import Entries
import Files
import Glibc
import Testing

/// Files that rotate while lines of them are read and not acknowledged, and what a start after a kill makes of them.
struct InFlightRotationTests {
    private func saved(_ scene: Scene) -> Positions { Positions().updated(by: [scene.set.positionsSnapshot()]) }

    /// Lines of a file, of which the first `acknowledged` bytes are.
    private func scene(_ content: String, acknowledged: Int64, options: TailOptions = TailOptions()) -> Scene {
        let scene = Scene(options: options)
        scene.isAcknowledging = false
        scene.write("app.log", content)
        scene.tail("app.log")
        scene.read()
        scene.set.acknowledge(SourceID(rawValue: 1), position: acknowledged)
        return scene
    }

    @Test func linesInFlightOfACutFileAreReadFromTheCopyAfterAKill() {
        let scene = scene("1\n2\n3\n", acknowledged: 2)
        scene.copy("app.log", "app.log.1")
        scene.truncate("app.log")
        scene.append("app.log", "4\n")
        scene.read()
        #expect(scene.taken() == ["1", "2", "3", "4"])
        scene.start(with: saved(scene))
        scene.read()
        #expect(scene.taken() == ["2", "3", "4"])
    }

    @Test func severalCutsWithLinesInFlightAreAllReadAgainAfterAKill() {
        let scene = scene("first 1\nfirst 2\n", acknowledged: 8)
        for round in 2...4 {
            for number in stride(from: round, through: 3, by: -1) {
                scene.rename("app.log.\(number - 2)", "app.log.\(number - 1)")
            }
            scene.copy("app.log", "app.log.1")
            scene.truncate("app.log")
            scene.append("app.log", "round \(round)\n")
            scene.read()
        }
        #expect(scene.taken() == ["first 1", "first 2", "round 2", "round 3", "round 4"])
        scene.start(with: saved(scene))
        scene.read(forSeconds: 1)
        #expect(scene.taken() == ["first 2", "round 2", "round 3", "round 4"])
    }

    @Test func aFileThatIsCutBeforeItIsReadIsReadFromTheCopy() {
        let scene = Scene()
        scene.write("app.log", "")
        scene.tail("app.log")
        scene.set.observe(now: 0)
        scene.append("app.log", "1\n")
        scene.set.observe(now: 0)
        scene.append("app.log", "2\n")
        scene.set.observe(now: 0)
        scene.copy("app.log", "app.log.1")
        scene.truncate("app.log")
        scene.append("app.log", "3\n4\n")
        scene.read()
        #expect(scene.taken() == ["1", "2", "3", "4"])
    }

    @Test(arguments: [false, true]) func aCopyThatIsMadeWhileTheLogIsFoundIsReadOnce(isCutLater: Bool) {
        let scene = scene("1\n", acknowledged: 2)
        scene.rename("app.log", "app.log.2")
        scene.write("app.log", "2\n3\n")
        scene.copy("app.log", "app.log.1")
        if isCutLater { scene.set.observe(now: 0) }
        scene.truncate("app.log")
        scene.append("app.log", "4\n5\n")
        scene.read()
        #expect(scene.taken().sorted() == ["1", "2", "3", "4", "5"])
    }

    @Test func onceACutFileIsAcknowledgedItsCopyIsNotReadAgain() {
        let scene = scene("1\n2\n", acknowledged: 2)
        scene.copy("app.log", "app.log.1")
        scene.truncate("app.log")
        scene.append("app.log", "3\n")
        scene.read()
        scene.set.acknowledge(SourceID(rawValue: 1), position: 4)
        scene.isAcknowledging = true
        scene.start(with: saved(scene))
        scene.read()
        #expect(scene.taken() == ["1", "2", "3", "3"])
    }

    @Test func aFinishedFileThatIsCompressedIsFoundByWhatWasAcknowledged() {
        let scene = scene("1\n2\n3\n", acknowledged: 2)
        scene.rename("app.log", "app.log.1")
        scene.write("app.log", "")
        scene.read(forSeconds: 8)
        scene.set.acknowledge(SourceID(rawValue: 1), position: 4)
        let positions = saved(scene)
        Packing.compress("app.log.1", in: scene)
        #expect(scene.taken() == ["1", "2", "3"])
        scene.start(with: positions)
        scene.read()
        #expect(scene.taken() == ["3"])
    }

    @Test func theRestOfACompressedFileSurvivesASecondKill() {
        let scene = scene("1\n2\n3\n", acknowledged: 2)
        let positions = saved(scene)
        scene.rename("app.log", "app.log.1")
        scene.write("app.log", "new\n")
        Packing.compress("app.log.1", in: scene)
        scene.start(with: positions)
        scene.read()
        #expect(scene.taken() == ["1", "2", "3", "2", "3", "new"])
        for _ in 0..<2 {
            scene.start(with: saved(scene))
            scene.read()
            #expect(scene.taken() == ["2", "3", "new"])
        }
    }

    @Test func decodedLinesThatWaitAreNotForgottenWhenTheirFileIsGone() {
        let scene = Scene()
        scene.write("app.log", [0x61, 0, 10, 0, 0x62, 0, 10, 0, 0x63, 0, 10, 0])
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("app.log"), encoding: "utf-16le"))
        scene.set.observe(now: scene.now)
        #expect(scene.set.nextChunk(now: scene.now)?.bytes.array == [0x61])
        scene.remove("app.log")
        for _ in 0..<40 {
            scene.now += 250_000_000
            scene.set.observe(now: scene.now)
        }
        #expect(!scene.set.takeEvents().contains(.finished(SourceID(rawValue: 1))))
        scene.read(forSeconds: 8)
        #expect(scene.taken() == ["b", "c"])
        #expect(scene.finishedCount == 1)
    }

    // MARK: - Writers that keep their handle

    @Test func aWriterThatPausesAfterARotationIsWaitedFor() {
        let scene = scene("1\n", acknowledged: 2)
        scene.rename("app.log", "app.log.1")
        scene.read(forSeconds: 60)
        scene.append("app.log.1", "2\n")
        scene.read(forSeconds: 3)
        #expect(scene.taken() == ["1", "2"])
        // An empty successor is no sign yet that the writer has moved on.
        scene.write("app.log", "")
        scene.read(forSeconds: 60)
        scene.append("app.log.1", "3\n")
        scene.read(forSeconds: 3)
        #expect(scene.taken() == ["3"])
        scene.append("app.log", "4\n")
        scene.read(forSeconds: 8)
        #expect(scene.taken() == ["4"])
        #expect(scene.finishedCount == 1)
    }

    @Test func aRenamedFileIsNotWaitedForWithoutEnd() {
        let scene = scene("1\n", acknowledged: 2)
        scene.rename("app.log", "app.log.1")
        scene.read(forSeconds: 595)
        #expect(scene.finishedCount == 0)
        scene.read(forSeconds: 10)
        #expect(scene.finishedCount == 1)
        #expect(scene.set.openFiles == 0)
    }

    @Test func waitingForWritersDoesNotUseUpDescriptors() {
        var options = TailOptions()
        options.maximumOpenFiles = 8
        let scene = Scene(options: options)
        for number in 0..<40 { scene.write("\(number).log", "line\n") }
        scene.tail("*.log")
        scene.read()
        for number in 0..<40 { scene.rename("\(number).log", "\(number).done") }
        scene.read(forSeconds: 12)
        #expect(scene.set.openFiles <= 8)
        #expect(scene.taken().count == 40)
    }
}
