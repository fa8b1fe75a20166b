import Files
import Testing

struct TailSetTests {
    @Test func appendedLinesAreReadAndAnOpenLineWaitsForItsNewline() {
        let scene = Scene()
        scene.write("app.log", "one\ntwo\nthr")
        scene.tail("app.log")
        scene.read()
        #expect(scene.taken() == ["one", "two"])
        scene.append("app.log", "ee\nfour")
        scene.read()
        #expect(scene.taken() == ["three"])
        #expect(scene.position("app.log") == "14")
    }

    @Test func linesAreTheSameHoweverTheyAreWritten() {
        let bytes: [UInt8] =
            Array("a\r\n\n  \n\0b\n".utf8) + [0xEF, 0xBB, 0xBF, 0xFF, 0xF0, 10] + Array("\u{2028}é\nlast\n".utf8)
        let expected = bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast().map(Array.init)
        for first in 0...bytes.count {
            for second in stride(from: first, through: bytes.count, by: 3) {
                let scene = Scene()
                scene.tail("app.log")
                scene.read()
                for range in [0..<first, first..<second, second..<bytes.count] {
                    scene.append("app.log", Array(bytes[range]))
                    scene.read()
                }
                #expect(scene.takenLines().map(\.text) == expected, "cut at \(first) and \(second)")
            }
        }
    }

    @Test func positionsAreThoseAcknowledgedNotThoseRead() {
        let scene = Scene()
        scene.isAcknowledging = false
        scene.write("app.log", "one\ntwo\n")
        scene.tail("app.log")
        scene.read()
        #expect(scene.position("app.log") == "0")
        scene.restart()
        scene.read()
        #expect(scene.taken() == ["one", "two", "one", "two"])
    }

    @Test func afterARestartItGoesOnWhereItWas() {
        let scene = Scene()
        scene.write("app.log", "one\ntwo\n")
        scene.tail("app.log")
        scene.read()
        scene.stop()
        scene.append("app.log", "while stopped\npart")
        scene.restart()
        scene.read()
        scene.append("app.log", "ial\n")
        scene.read()
        #expect(scene.taken() == ["one", "two", "while stopped", "partial"])
    }

    @Test func aFileTwoTargetsMeanIsTwoSources() {
        let scene = Scene()
        scene.write("app.log", "one\n")
        scene.tail("app.log", "*.log")
        scene.read()
        #expect(scene.taken() == ["one", "one"])
        #expect(scene.openedCount == 2)
    }

    @Test func newFilesAreFoundAtOnceAlsoInNewFolders() {
        let scene = Scene()
        scene.makeFolder("logs")
        scene.tail("logs/**/*.log")
        scene.read()
        scene.write("logs/a.log", "a\n")
        scene.read()
        #expect(scene.taken() == ["a"])
        scene.makeFolder("logs/new")
        scene.makeFolder("logs/new/er")
        scene.write("logs/new/er/b.log", "b\n")
        scene.read(forSeconds: 2)
        #expect(scene.taken() == ["b"])
        scene.append("logs/new/er/b.log", "b2\n")
        scene.read()
        #expect(scene.taken() == ["b2"])
    }

    @Test func aFolderThatDoesNotExistYetIsNoticed() {
        let scene = Scene()
        scene.tail("later/app.log")
        scene.read()
        scene.makeFolder("later")
        scene.write("later/app.log", "one\n")
        scene.read(forSeconds: 2)
        #expect(scene.taken() == ["one"])
    }

    @Test func excludedFilesAndFoldersAreNotRead() {
        let scene = Scene()
        scene.write("a.log", "a\n")
        scene.write("skip.log", "skip\n")
        scene.makeFolder("dir.log")
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("*.log"), excludePattern: scene.path("skip*")))
        scene.read()
        scene.read(forSeconds: 25)
        #expect(scene.taken() == ["a"])
        #expect(scene.warnings == [.isFolder])
    }

    @Test func aLinkIsReadUnderItsOwnNameAndFollowedToItsTarget() {
        let scene = Scene()
        scene.makeFolder("real")
        scene.write("real/0.log", "one\n")
        scene.link("app.log", to: "real/0.log")
        scene.tail("app.log")
        scene.read()
        scene.append("real/0.log", "two\n")
        scene.read()
        #expect(scene.takenLines().map(\.file) == ["app.log", "app.log"])
    }

    @Test func aLinkThatLeadsInACircleIsToldOnce() {
        let scene = Scene()
        scene.link("app.log", to: "app.log")
        scene.tail("*.log")
        scene.read(forSeconds: 25)
        #expect(scene.warnings == [.unreadable])
        scene.remove("app.log")
        scene.write("app.log", "readable now\n")
        scene.read()
        #expect(scene.taken() == ["readable now"])
    }

    @Test(arguments: [300_020, 10_000_000])
    func longLinesComeWhole(length: Int) {
        let scene = Scene()
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: length)
        scene.write("app.log", Array("before\n".utf8) + line + Array("\nafter\n".utf8))
        scene.tail("app.log")
        scene.read()
        #expect(scene.takenLines().map(\.text.count) == [6, length, 5])
    }

    @Test func aLongLineMayGrowSlowly() {
        let scene = Scene()
        scene.tail("app.log")
        scene.read()
        for _ in 0..<600 {
            scene.append("app.log", [UInt8](repeating: UInt8(ascii: "y"), count: 1_000))
            scene.read()
        }
        #expect(scene.taken() == [])
        scene.append("app.log", "\nz\n")
        scene.read()
        #expect(scene.takenLines().map(\.text.count) == [600_000, 1])
    }

    @Test func linesBeyondTheBoundAreCutAndCounted() {
        let scene = Scene()
        scene.write("app.log", "short\n0123456789abc\nshort\n" + String(repeating: "l", count: 400_000) + "\nend\n")
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("app.log"), maximumLineBytes: 10))
        scene.read()
        #expect(scene.taken() == ["short", "0123456789", "short", "llllllllll", "end"])
        #expect(scene.skippedBytes == 3 + 399_990)
        #expect(scene.warnings == [.lineTooLong])
        #expect(scene.position("app.log") == "400031")
    }

    @Test func thousandsOfFilesNeedFewDescriptors() {
        var options = TailOptions()
        options.maximumOpenFiles = 16
        let scene = Scene(options: options)
        for number in 0..<2_000 { scene.write("\(number).log", "first \(number)\n") }
        scene.tail("*.log")
        scene.read()
        #expect(scene.taken().count == 2_000)
        #expect(scene.set.openFiles <= 16)
        for number in stride(from: 0, to: 2_000, by: 7) { scene.append("\(number).log", "second\n") }
        scene.read()
        #expect(scene.taken().count == 286)
        #expect(scene.warnings == [])
        #expect(scene.set.nextDeadline(now: scene.now) == 10_000_000_000)
    }

    @Test func filesBeyondTheDescriptorLimitAreReadWhenOthersAreDone() {
        var options = TailOptions()
        options.maximumOpenFiles = 4
        options.descriptorLimit = 8
        let scene = Scene(options: options)
        for number in 0..<40 { scene.write("\(number).log", "line of \(number)\n") }
        scene.tail("*.log")
        scene.set.observe(now: 0)
        #expect(scene.set.openFiles == 8)
        scene.read()
        #expect(scene.taken().sorted() == (0..<40).map { "line of \($0)" }.sorted())
        #expect(scene.set.openFiles == 4)
    }

    @Test func aFileThatHasToWaitForADescriptorIsTriedAgain() {
        var options = TailOptions()
        options.maximumOpenFiles = 1
        options.descriptorLimit = 1
        let scene = Scene(options: options)
        scene.write("a.log", "an open line")
        scene.write("b.log", "b\n")
        scene.tail("*.log")
        scene.read(forSeconds: 1)
        #expect(scene.taken() == [])
        scene.append("a.log", "\n")
        scene.read(forSeconds: 1)
        #expect(scene.taken() == ["an open line", "b"])
    }

    @Test func aFileClosedWhileIdleIsFoundAfterItsRotation() {
        var options = TailOptions()
        options.maximumOpenFiles = 1
        let scene = Scene(options: options)
        for name in ["a.log", "b.log", "c.log"] { scene.write(name, "1\n") }
        scene.tail("*.log")
        scene.read()
        for name in ["a.log", "b.log", "c.log"] {
            scene.append(name, "\(name) 2\n")
            scene.rename(name, name + ".old")
            scene.write(name, "\(name) new\n")
        }
        scene.read()
        #expect(
            scene.taken().dropFirst(3).sorted() == [
                "a.log 2", "a.log new", "b.log 2", "b.log new", "c.log 2", "c.log new",
            ]
        )
    }

    @Test func targetsCanBeReplaced() {
        let scene = Scene()
        scene.write("a.log", "a1\n")
        scene.write("b.log", "b1\n")
        scene.tail("a.log")
        scene.read()
        scene.tail("b.log")
        scene.read()
        scene.append("a.log", "a2\n")
        scene.append("b.log", "b2\n")
        scene.read()
        #expect(scene.taken() == ["a1", "b1", "b2"])
        #expect(scene.finishedCount == 1)
        #expect(scene.position("a.log") == "3")
        scene.tail("a.log")
        scene.read()
        #expect(scene.taken() == ["a2"])
    }

    @Test func lostNotificationsAreMadeUpFor() {
        let scene = Scene()
        scene.write("a.log", "")
        scene.tail("*.log")
        scene.read()
        for number in 0..<20_000 {
            scene.append("other-\(number % 2)", "x")
            scene.append("a.log", "x\n")
        }
        scene.append("b.log", "b\n")
        scene.read(forSeconds: 2)
        #expect(scene.taken().count == 20_001)
        // 16,384 notifications fit into the kernel's queue unless somebody has raised that.
        #expect(scene.warnings == [.watchOverflow])
    }

    @Test func withoutNotificationsFilesArePolled() {
        var options = TailOptions()
        options.usesNotifications = false
        options.maximumPollPeriod = .seconds(4)
        let scene = Scene(options: options)
        scene.write("a.log", "1\n")
        scene.tail("*.log")
        scene.read()
        #expect(scene.set.waitDescriptor == -1)
        scene.append("a.log", "2\n")
        scene.read(forSeconds: 1)
        #expect(scene.taken() == ["1", "2"])
        // Polled less and less often while nothing changes, and often again once something has.
        scene.read(forSeconds: 8)
        let next = scene.set.nextDeadline(now: scene.now) ?? 0
        #expect(next - scene.now > 500_000_000)
        scene.append("a.log", "3\n")
        scene.write("b.log", "b\n")
        scene.read(forSeconds: 10)
        #expect(scene.taken().sorted() == ["3", "b"])
        #expect(scene.warnings == [])
    }

    @Test func anIdleSetAsksForNothingBetweenTheLooks() {
        let scene = Scene()
        for number in 0..<50 { scene.write("\(number).log", "open line") }
        scene.tail("*.log")
        scene.read()
        scene.read()
        #expect(scene.set.nextDeadline(now: scene.now) == 10_000_000_000)
        #expect(scene.chunks == 0)
    }

    @Test func badPatternsAndCharacterSetsAreToldNotFatal() {
        let scene = Scene()
        scene.write("a.log", "a\n")
        scene.tail(
            TailTarget(id: 0, pathPattern: scene.path("[")),
            TailTarget(id: 1, pathPattern: scene.path("a.log"), encoding: "no-such-charset")
        )
        scene.read()
        #expect(scene.warnings == [.badPattern, .unknownEncoding])
        #expect(scene.taken() == [])
    }
}
