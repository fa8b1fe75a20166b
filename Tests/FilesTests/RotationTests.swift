import Files
import Testing

/// Rotation of real files.
struct RotationTests {
    @Test func theRestOfARenamedFileComesBeforeTheNewFile() {
        let scene = Scene()
        scene.write("app.log", "old 1\nold 2\n")
        scene.tail("app.log")
        scene.read()
        scene.append("app.log", "old 3\n")
        scene.rename("app.log", "app.log.1")
        scene.write("app.log", "new 1\n")
        scene.read()
        scene.append("app.log.1", "late\n")
        scene.read(forSeconds: 1)
        scene.append("app.log", "new 2\n")
        scene.read()
        #expect(scene.taken() == ["old 1", "old 2", "old 3", "new 1", "late", "new 2"])
        scene.read(forSeconds: 6)
        #expect(scene.finishedCount == 1)
        #expect(scene.set.activeFiles == 1)
    }

    @Test func filesRotatedWhileTheOutputIsBlockedAreAllRead() {
        let scene = Scene()
        scene.tail("app.log")
        scene.read()
        for round in 0..<5 {
            scene.write("app.log", "round \(round)\n")
            scene.now += 1_000_000_000
            scene.set.observe(now: scene.now)
            if round % 2 == 0 { scene.remove("app.log") } else { scene.rename("app.log", "gone-\(round)") }
            scene.now += 20_000_000_000
            scene.set.observe(now: scene.now)
        }
        scene.read()
        #expect(scene.taken() == (0..<5).map { "round \($0)" })
        scene.read(forSeconds: 6)
        #expect(scene.finishedCount == 5)
    }

    @Test func theOpenLineOfARotatedFileComesWhenItIsQuiet() {
        let scene = Scene()
        scene.write("app.log", "whole\nopen")
        scene.tail("app.log")
        scene.read()
        scene.rename("app.log", "app.log.1")
        scene.read(forSeconds: 4)
        #expect(scene.taken() == ["whole"])
        scene.read(forSeconds: 3)
        #expect(scene.taken() == ["open"])
        scene.write("app.log", "new\n")
        scene.read(forSeconds: 3)
        #expect(scene.taken() == ["new"])
        #expect(scene.finishedCount == 1)
    }

    @Test func theOpenLineOfARemovedFileComesToo() {
        let scene = Scene()
        scene.write("app.log", "open")
        scene.tail("app.log")
        scene.read()
        scene.remove("app.log")
        scene.read(forSeconds: 7)
        #expect(scene.taken() == ["open"])
    }

    @Test func aRotatedNameThatMatchesIsNotReadAgain() {
        let scene = Scene()
        scene.write("app.log", "1\n")
        scene.tail("app.log*")
        scene.read()
        for round in 2...5 {
            if round > 3 { scene.rename("app.log.2", "app.log.3") }
            if round > 2 { scene.rename("app.log.1", "app.log.2") }
            scene.rename("app.log", "app.log.1")
            scene.write("app.log", "\(round)\n")
            scene.read(forSeconds: 12)
        }
        #expect(scene.taken() == ["1", "2", "3", "4", "5"])
        scene.restart()
        scene.read(forSeconds: 12)
        #expect(scene.taken() == [])
    }

    @Test func aTruncatedFileIsReadFromItsStart() {
        let scene = Scene()
        scene.write("app.log", "a first line that is long enough\nsecond\n")
        scene.tail("app.log")
        scene.read()
        scene.truncate("app.log")
        scene.append("app.log", "after 1\n")
        scene.read()
        scene.append("app.log", "after 2\n")
        scene.read()
        #expect(scene.taken() == ["a first line that is long enough", "second", "after 1", "after 2"])
        #expect(scene.warnings == [.truncated])
        #expect(scene.position("app.log") == "16")
    }

    @Test(arguments: ["same size!\n", "regrown far beyond the old size\nand more\n", "x\n"])
    func aFileThatWasReplacedInPlaceIsNoticedByItsContent(content: String) {
        let scene = Scene()
        scene.write("app.log", "0123456789\n")
        scene.tail("app.log")
        scene.read()
        scene.write("app.log", content)
        scene.read()
        #expect(scene.taken() == ["0123456789"] + content.split(separator: "\n").map(String.init))
    }

    @Test func whatWasWrittenJustBeforeACopytruncateIsReadFromTheCopy() {
        let scene = Scene()
        scene.write("app.log", "one\ntwo\n")
        scene.tail("app.log")
        scene.read()
        scene.append("app.log", "three\n")
        scene.copy("app.log", "app.log.1")
        scene.truncate("app.log")
        scene.append("app.log", "four\n")
        scene.read(forSeconds: 1)
        #expect(scene.taken() == ["one", "two", "three", "four"])
    }

    @Test func aFileRemovedAndWrittenAnewIsReadFromItsStart() {
        let scene = Scene()
        scene.write("app.log", "first life 1\nfirst life 2\n")
        scene.tail("app.log")
        scene.read()
        scene.remove("app.log")
        scene.read(forSeconds: 2)
        scene.write("app.log", "second life, longer than everything in the first one was\n")
        scene.read()
        #expect(scene.taken().last == "second life, longer than everything in the first one was")
        #expect(scene.openedCount == 2)
    }

    @Test func aNameThatIsGoneForAMomentGoesOn() {
        let scene = Scene()
        scene.write("app.log", "1\n")
        scene.tail("app.log")
        scene.read()
        scene.rename("app.log", "aside")
        scene.read(forSeconds: 1)
        scene.rename("aside", "app.log")
        scene.append("app.log", "2\n")
        scene.read()
        scene.read(forSeconds: 20)
        #expect(scene.taken() == ["1", "2"])
        #expect(scene.openedCount == 1)
    }

    // MARK: - While nobody looks

    @Test func aFileRotatedWhileStoppedIsFoundByItsIdentity() {
        let scene = Scene()
        scene.write("app.log", "1\n2\n")
        scene.tail("app.log")
        scene.read()
        scene.stop()
        scene.append("app.log", "3\n")
        scene.rename("app.log", "app.log.1")
        scene.write("app.log", "a new file that is longer than the old one\n")
        scene.restart()
        scene.read()
        #expect(scene.taken() == ["1", "2", "3", "a new file that is longer than the old one"])
    }

    @Test func aRotatedFileNotReadToItsEndSurvivesTwoRestarts() {
        let scene = Scene()
        scene.isAcknowledging = false
        scene.write("app.log", "1\n2\n")
        scene.tail("app.log")
        scene.read()
        scene.rename("app.log", "app.log.1")
        scene.write("app.log", "new\n")
        scene.read(forSeconds: 8)
        #expect(scene.taken() == ["1", "2", "new"])
        scene.restart()
        scene.read()
        #expect(scene.taken() == ["1", "2", "new"])
        scene.isAcknowledging = true
        scene.restart()
        scene.read()
        #expect(scene.taken() == ["1", "2", "new"])
        scene.read(forSeconds: 8)
        scene.restart()
        scene.read()
        #expect(scene.taken() == [])
    }

    @Test func aCopytruncateWhileStoppedIsFoundInTheCopy() {
        let scene = Scene()
        scene.write("app.log", "1\n2\n")
        scene.tail("app.log")
        scene.read()
        scene.stop()
        scene.append("app.log", "3\n")
        scene.copy("app.log", "app.log.1")
        scene.truncate("app.log")
        scene.append("app.log", "4\n5\n6\n7\n8\n")
        scene.restart()
        scene.read()
        #expect(scene.taken() == ["1", "2", "3", "4", "5", "6", "7", "8"])
    }

    @Test func aRotatedFileThatIsGoneIsTold() {
        let scene = Scene()
        scene.write("app.log", "1\n")
        scene.tail("app.log")
        scene.read()
        scene.stop()
        scene.remove("app.log")
        scene.write("another", "so that the inode is not used again\n")
        scene.write("app.log", "new\n")
        scene.restart()
        scene.read()
        #expect(scene.taken() == ["1", "new"])
        #expect(scene.warnings == [.rotatedFileNotFound])
    }
}
