import Glibc
import Receivers
import Synchronization
import TestSupport
import Testing

@testable import Journal

/// Reading files that the real systemd-journal-remote has made.
@Suite(.needs("systemd-journal-remote", JournalFiles.canBeMade))
struct JournalReaderTests {
    static let start: UInt64 = 1_767_225_600_000_000

    private static func text(_ value: String) -> [UInt8] { Array(value.utf8) }

    private static func entries(_ numbers: Range<Int>, from start: UInt64 = start) -> [UInt8] {
        numbers.flatMap { JournalFiles.entry(time: start + UInt64($0) * 1_000, "line \($0)") }
    }

    // MARK: - Entries

    @Test func fieldsBecomeLinesLabelsAndTimes() throws {
        let scene = try JournalScene()
        scene.rules = [
            "{source_labels: [__journal__systemd_unit], target_label: unit}",
            "{source_labels: [__journal_priority_keyword], target_label: level}",
            "{source_labels: [__journal_priority], target_label: number}",
        ]
        let bytes: [UInt8] = [0, 0xFF, 0x0A, 0x41]
        var export = JournalFiles.entry(
            time: Self.start,
            [("MESSAGE", Self.text("one")), ("_SYSTEMD_UNIT", Self.text("a.service")), ("PRIORITY", Self.text("3"))]
        )
        export += JournalFiles.entry(
            time: Self.start + 1,
            boot: "fedcba9876543210fedcba9876543210",
            [("MESSAGE", bytes), ("PRIORITY", Self.text("12"))]
        )
        // A field twice: the last one counts, as in Promtail.
        export += JournalFiles.entry(
            time: Self.start + 2,
            [("MESSAGE", Self.text("first")), ("MESSAGE", Self.text("second")), ("PRIORITY", Self.text("7"))]
        )
        export += JournalFiles.entry(time: Self.start + 3, [("OTHER", Self.text("no message"))])
        export += JournalFiles.entry(time: Self.start + 4, [("MESSAGE", [])])
        try scene.add(export)
        try scene.start()
        try scene.waitForLines(4)
        scene.stop()
        #expect(
            scene.lines == [
                .init(
                    labels: ["job": "test", "unit": "a.service", "level": "error", "number": "3"],
                    text: Self.text("one"),
                    time: Self.start
                ),
                .init(labels: ["job": "test", "level": "12", "number": "12"], text: bytes, time: Self.start + 1),
                .init(
                    labels: ["job": "test", "level": "debug", "number": "7"],
                    text: Self.text("second"),
                    time: Self.start + 2
                ),
                .init(labels: ["job": "test"], text: [], time: Self.start + 4),
            ]
        )
        #expect(scene.counts.current.withoutMessage == 1)
        #expect(scene.counts.current.lines == 4)
        #expect(scene.told == [])
    }

    @Test func jsonHasAllFieldsSorted() throws {
        let scene = try JournalScene()
        scene.journal += ", json: true"
        try scene.add(
            JournalFiles.entry(
                time: Self.start,
                [("ZED", Self.text("<&>")), ("MESSAGE", [0xFF, 0x22]), ("ZED", Self.text("last"))]
            )
        )
        try scene.start()
        try scene.waitForLines(1)
        scene.stop()
        #expect(
            scene.texts == [
                #"{"MESSAGE":"\ufffd\"","ZED":"last","_BOOT_ID":"0123456789abcdef0123456789abcdef"}"#
            ]
        )
    }

    @Test func rulesDropEntriesAndTheCursorPassesThem() throws {
        let scene = try JournalScene()
        scene.rules = ["{source_labels: [__journal_message], regex: 'line [0-8]', action: drop}"]
        try scene.add(Self.entries(0..<10))
        try scene.start()
        try scene.waitForLines(1)
        let cursor = try #require(scene.stop())
        #expect(scene.texts == ["line 9"])
        #expect(scene.counts.current.relabelled == 9)
        try scene.start(cursor: cursor)
        try scene.add(Self.entries(9..<10, from: Self.start + 1_000_000))
        try scene.waitForLines(2)
        #expect(scene.counts.current.relabelled == 9)
    }

    @Test func namesOfAllFieldsAreThereForALabelmap() throws {
        let scene = try JournalScene()
        scene.journal = "path: FOLDER/journal, max_age: 200000h"
        scene.rules = ["{action: labelmap, regex: '__journal_(app.*)'}"]
        let fields = [("MESSAGE", Self.text("m")), ("APP", Self.text("x")), ("APP_ZONE", Self.text("y"))]
        try scene.add(JournalFiles.entry(time: Self.start, fields) + JournalFiles.entry(time: Self.start + 1, "bare"))
        try scene.start()
        try waitUntil("both were read") { scene.counts.current.withoutLabels == 1 }
        scene.stop()
        #expect(scene.lines.map(\.labels) == [["app": "x", "app_zone": "y"]])
    }

    @Test func matchesOfOneFieldAreAlternatives() throws {
        let scene = try JournalScene()
        scene.journal += ", matches: 'A=1 A=2 B=1'"
        var export: [UInt8] = []
        for (number, (a, b)) in [("1", "1"), ("2", "1"), ("3", "1"), ("1", "2")].enumerated() {
            let fields = [("MESSAGE", Self.text("\(number)")), ("A", Self.text(a)), ("B", Self.text(b))]
            export += JournalFiles.entry(time: Self.start + UInt64(number), fields)
        }
        try scene.add(export)
        try scene.start()
        try scene.waitForLines(2)
        scene.stop()
        #expect(scene.texts == ["0", "1"])
    }

    /// Compressed values of several MB, and what goes beyond the bound.
    @Test func hugeFieldsAreCutAtTheBound() throws {
        let scene = try JournalScene()
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000_000)
        var export = JournalFiles.entry(time: Self.start, [("MESSAGE", large)])
        export += JournalFiles.entry(
            time: Self.start + 1,
            [("MESSAGE", [UInt8](repeating: UInt8(ascii: "y"), count: 20 << 20))]
        )
        export += JournalFiles.entry(time: Self.start + 2, "after")
        try scene.add(export)
        try scene.start()
        try scene.waitForLines(3, deadline: .seconds(60))
        scene.stop()
        #expect(scene.lines[0].text == large)
        #expect(scene.lines[1].text.count == 16 << 20)
        #expect(scene.texts[2] == "after")
        #expect(scene.counts.current.cut == 1)
    }

    /// More different label sets than are remembered.
    @Test func labelSetsAreBounded() throws {
        let scene = try JournalScene()
        scene.rules = ["{source_labels: [__journal_id], target_label: id}"]
        let export = (0..<10_000).flatMap { number in
            JournalFiles.entry(
                time: Self.start + UInt64(number),
                [("MESSAGE", Self.text("m")), ("ID", Self.text("\(number)"))]
            )
        }
        try scene.add(export)
        try scene.start()
        try scene.waitForLines(10_000, deadline: .seconds(60))
        scene.stop()
        #expect(scene.lines.map { $0.labels["id"] } == (0..<10_000).map { "\($0)" })
    }

    // MARK: - Where reading begins

    @Test func aRestartRepeatsNothingAndLosesNothing() throws {
        let scene = try JournalScene()
        try scene.add(Self.entries(0..<2_000))
        try scene.start()
        try scene.waitForLines(2_000)
        let cursor = try #require(scene.stop())
        try scene.add(Self.entries(2_000..<2_100))
        try scene.start(cursor: cursor)
        try scene.waitForLines(2_100)
        scene.stop()
        #expect(scene.texts == (0..<2_100).map { "line \($0)" })
        #expect(scene.told == [])
    }

    @Test func whatHasNoAnswerIsReadAgain() throws {
        let scene = try JournalScene()
        scene.sink.state.withLock { $0.answers = false }
        try scene.add(Self.entries(0..<6_500))
        try scene.start()
        try scene.waitForLines(6_500)
        let open = scene.sink.state.withLock { $0.open }
        #expect(open.count >= 3)
        open[0](.accepted)
        open[2](.accepted)
        open[1](.unanswered)
        let cursor = try #require(scene.stop())
        try scene.start(cursor: cursor)
        try scene.waitForLines(6_500 + 4_452)
        scene.stop()
        #expect(scene.texts.suffix(4_452) == (2_048..<6_500).map { "line \($0)" }[...])
    }

    @Test func nothingIsReadWhileTheOutputIsBlocked() throws {
        let scene = try JournalScene()
        scene.sink.state.withLock { $0.isBlocked = true }
        try scene.add(Self.entries(0..<6_000))
        try scene.start()
        try waitUntil("a batch waits") { scene.counts.current.lines > 0 }
        usleep(50_000)
        #expect(scene.counts.current.lines <= 2_048)
        scene.sink.state.withLock { $0.isBlocked = false }
        try scene.waitForLines(6_000)
        scene.sink.state.withLock { $0.isBlocked = true }
        try scene.add(Self.entries(6_000..<6_010))
        usleep(50_000)
        let cursor = scene.stop()
        scene.sink.state.withLock { $0.isBlocked = false }
        try scene.start(cursor: cursor)
        try scene.waitForLines(6_010)
        #expect(scene.texts == (0..<6_010).map { "line \($0)" })
    }

    @Test func maxAgeSaysWhereTheFirstStartBegins() throws {
        let scene = try JournalScene()
        scene.journal = "path: FOLDER/journal, max_age: 1h, labels: {job: test}"
        let now = UInt64(time(nil)) * 1_000_000
        try scene.add(Self.entries(0..<5, from: now - 7_200_000_000) + Self.entries(5..<8, from: now - 60_000_000))
        try scene.start()
        try scene.waitForLines(3)
        scene.stop()
        #expect(scene.texts == ["line 5", "line 6", "line 7"])
        #expect(scene.told == [])
    }

    /// As in Promtail, `max_age` holds for a cursor too; what is passed over is told.
    @Test func maxAgeHoldsForOldCursors() throws {
        let scene = try JournalScene()
        let now = UInt64(time(nil)) * 1_000_000
        try scene.add(Self.entries(0..<3, from: now - 7_200_000_000))
        try scene.start()
        try scene.waitForLines(3)
        let cursor = try #require(scene.stop())
        scene.journal = "path: FOLDER/journal, max_age: 1h, labels: {job: test}"
        try scene.add(Self.entries(3..<5, from: now - 60_000_000))
        try scene.start(cursor: cursor)
        try scene.waitForLines(5)
        scene.stop()
        #expect(scene.texts == (0..<5).map { "line \($0)" })
        #expect(scene.told == [])
        // Now with entries in between that are too old.
        let other = try JournalScene()
        try other.add(Self.entries(0..<1, from: now - 9_000_000_000))
        try other.start()
        try other.waitForLines(1)
        let old = try #require(other.stop())
        other.journal = scene.journal
        try other.add(Self.entries(1..<3, from: now - 7_200_000_000) + Self.entries(3..<4, from: now - 60_000_000))
        try other.start(cursor: old)
        try other.waitForLines(2)
        other.stop()
        #expect(other.texts == ["line 0", "line 3"])
        #expect(other.told.count == 1)
        if case .tooOld = other.told.first {} else { Issue.record("\(other.told)") }
    }

    @Test func aCursorThatVanishedGoesOnAtTheNextEntryInTime() throws {
        let scene = try JournalScene()
        try scene.add(Self.entries(0..<5))
        try scene.start()
        try scene.waitForLines(5)
        let cursor = try #require(scene.stop())
        unlink(scene.folder.path("journal/system.journal"))
        try scene.add(Self.entries(5..<9), to: "other")
        try scene.start(cursor: cursor)
        try scene.waitForLines(9)
        scene.stop()
        #expect(scene.texts == (0..<9).map { "line \($0)" })
        let gap = JournalGap(from: Self.start + 4_000, to: Self.start + 5_000, count: nil)
        #expect(scene.told == [.cursorVanished(gap)])
    }

    @Test(arguments: ["nonsense", "s=1;i=", "1714000000"])
    func whatIsNoCursorIsToldAndMaxAgeCounts(cursor: String) throws {
        let scene = try JournalScene()
        try scene.add(Self.entries(0..<3))
        try scene.start(cursor: cursor)
        try scene.waitForLines(3)
        scene.stop()
        #expect(scene.texts == ["line 0", "line 1", "line 2"])
        #expect(scene.told == [.cursorUnusable])
    }

    // MARK: - Folders and files

    @Test func aFolderThatComesLaterIsReadThen() throws {
        let scene = try JournalScene()
        scene.journal = "path: FOLDER/later, max_age: 200000h, labels: {job: test}"
        try scene.start()
        try waitUntil("it is told") { !scene.told.isEmpty }
        try scene.add(Self.entries(0..<3))
        rename(scene.folder.path("journal"), scene.folder.path("later"))
        try scene.waitForLines(3)
        scene.stop()
        #expect(scene.texts == ["line 0", "line 1", "line 2"])
        #expect(scene.told.count == 2)
    }

    /// Several machines' journals in one folder, in the order of time; files that come while it runs.
    @Test func severalJournalsAreReadInTheOrderOfTime() throws {
        let scene = try JournalScene()
        try scene.add((0..<10).filter { $0 % 2 == 0 }.flatMap { Self.entries($0..<($0 + 1)) }, to: "one")
        try scene.add((0..<10).filter { $0 % 2 == 1 }.flatMap { Self.entries($0..<($0 + 1)) }, to: "two")
        try scene.start()
        try scene.waitForLines(10)
        try scene.add(Self.entries(10..<12), to: "three")
        try scene.waitForLines(12)
        scene.stop()
        #expect(scene.texts == (0..<12).map { "line \($0)" })
        #expect(scene.told == [])
    }

    @Test func filesOfOlderFormatsAreRead() throws {
        for setting in [["SYSTEMD_JOURNAL_COMPACT": "0"], ["SYSTEMD_JOURNAL_KEYED_HASH": "0"]] {
            for (name, value) in setting { setenv(name, value, 1) }
            defer { for name in setting.keys { unsetenv(name) } }
            for arguments in [[], ["--compress=no"]] {
                let scene = try JournalScene()
                try scene.add(Self.entries(0..<50), arguments: arguments)
                try scene.start()
                try scene.waitForLines(50)
                scene.stop()
                #expect(scene.texts == (0..<50).map { "line \($0)" })
            }
        }
    }

    // MARK: - Damage

    private static func damage(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
        var bytes = try TemporaryFolder.read(absolute: path)
        change(&bytes)
        let file = open(path, O_WRONLY | O_TRUNC)
        try #require(file >= 0)
        defer { close(file) }
        try #require(write(file, bytes, bytes.count) == bytes.count)
    }

    /// Files that are no journals cost themselves and nothing else.
    @Test(arguments: [0, 100, 5_000, -1])
    func aFileThatIsNoneLeavesTheOthers(size: Int) throws {
        let scene = try JournalScene()
        try scene.add(Self.entries(0..<20))
        try scene.add(Self.entries(20..<40), to: "damaged")
        var random = SplitMix(state: 5)
        try Self.damage(scene.folder.path("journal/damaged.journal")) { bytes in
            if size < 0 {
                for index in bytes.indices { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            } else {
                bytes = Array(bytes.prefix(size))
            }
        }
        try scene.start()
        try scene.waitForLines(20)
        try scene.add(Self.entries(40..<50))
        try scene.waitForLines(30)
        scene.stop()
        #expect(scene.texts.filter { Int($0.dropFirst(5)).map { $0 < 20 } ?? false }.count == 20)
        #expect(scene.texts.suffix(10) == (40..<50).map { "line \($0)" }[...])
    }

    /// Bytes flipped and ranges zeroed anywhere: never an end, never a crash, and what comes later is read.
    @Test func damagedEntriesCostThemselves() throws {
        var random = SplitMix(state: 11)
        for round in 0..<12 {
            let scene = try JournalScene()
            try scene.add(Self.entries(0..<3_000))
            try Self.damage(scene.folder.path("journal/system.journal")) { bytes in
                if round % 2 == 0 {
                    let start = Int.random(in: 5_000..<bytes.count, using: &random)
                    for index in start..<min(start + 40_000, bytes.count) { bytes[index] = 0 }
                } else {
                    for _ in 0..<60 {
                        bytes[Int.random(in: 5_000..<bytes.count, using: &random)] = UInt8.random(
                            in: 0...255,
                            using: &random
                        )
                    }
                }
            }
            try scene.start()
            try scene.add(Self.entries(3_000..<3_050), to: "later")
            try waitUntil("round \(round): later entries are read", deadline: .seconds(30)) {
                scene.texts.contains("line 3049")
            }
            scene.stop()
            let later = scene.texts.filter { Int($0.dropFirst(5)).map { $0 >= 3_000 } ?? false }
            #expect(Set(later).count == 50)
        }
    }
}
