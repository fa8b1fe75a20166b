import Files
import Glibc
import Testing

struct PositionsFileTests {
    private func text(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    private func load(_ content: String, ignoringInvalid: Bool = false) throws -> [String: String] {
        let scene = Scene()
        scene.write("positions.yaml", content)
        var file = PositionsFile(path: scene.path("positions.yaml"))
        return try file.load(ignoringInvalid: ignoringInvalid).positions.values
    }

    @Test(
        arguments: [
            ("", [:]), ("positions: {}\n", [:]), ("positions:\n", [:]), ("---\n# nothing\npositions: null\n", [:]),
            ("positions:\n  /a.log: \"12\"\n  /b: 7\n", ["/a.log": "12", "/b": "7"]),
            ("positions:\r\n    '/it''s': '1' # comment\r\n", ["/it's": "1"]),
            ("positions:\n  \"/q\\\"\\\\\\x41\\u00e9\": \"3\"\n", ["/q\"\\A\u{E9}": "3"]),
            ("positions:\n  cursor-x: s=06;i=1a;b=3;m=4;t=5;x=6\n", ["cursor-x": "s=06;i=1a;b=3;m=4;t=5;x=6"]),
            ("positions:\n  ? /a/long/key\n  : \"5\"\n  /b: \"6\"\n", ["/a/long/key": "5", "/b": "6"]),
            ("positions:\n  /with space: \"1\"\n", ["/with space": "1"]),
        ] as [(String, [String: String])]
    )
    func readsWhatPromtailWrites(content: String, expected: [String: String]) throws {
        #expect(try load(content) == expected)
    }

    @Test(arguments: [
        ("positions:\n  /a: \"1\"\n  /a: \"2\"\n", 3), ("other: {}\n", 1), ("positions:\n  /a: [1]\n", 2),
        ("positions: {}\nmore: 1\n", 2), ("positions:\n  /a: \"1\n", 2), ("positions: []\n", 1), ("\u{0}\u{1}x", 1),
        ("positions:\n  /a: {b: c}\n", 2), ("positions:\n  /a: 1\n    /b: 2\n", 3), ("- a\n", 1),
        ("positions:\n  /a\n", 2), ("positions:\n  /a: b: c\n", 2), ("positions:\n\t/a: 1\n", 2),
        ("positions:\n  ? /a\n", 3), ("positions:\n  /a: \"\\q\"\n", 2), ("positions:\n  /a: '1' 2\n", 2),
    ])
    func mistakesAreShownWhereTheyAre(content: String, line: Int) throws {
        let mistake = try #require(throws: PositionsError.self) { try load(content) }
        #expect(mistake.line == line)
        #expect(mistake.isInvalidContent)
        #expect(try load(content, ignoringInvalid: true) == [:])
    }

    @Test func everyCutOfAFileIsReadOrRefused() throws {
        let content = "positions:\n  /a.log: \"12\"\n  ? \"/b\\n\"\n  : '7'\n"
        for count in 0...content.utf8.count {
            // Both are fine; what counts is that it ends.
            _ = try? load(String(content.prefix(count)))
        }
        #expect(try load(content) == ["/a.log": "12", "/b\n": "7"])
    }

    @Test func writesAsPromtailDoes() throws {
        let scene = Scene()
        let path = scene.path("positions.yaml")
        var file = PositionsFile(path: path)
        _ = try file.load()
        let long = "/" + String(repeating: "p", count: 140)
        let values = [
            "/b.log": "0", "/a b.log": "17623", "cursor-systemd": "s=06;i=1a", "cursor-1": "1714000000", long: "5",
            "/x:\n\"y\"": "1",
        ]
        try file.save(Positions(values: values))
        #expect(
            text(path) == """
                positions:
                  "/a b.log": "17623"
                  /b.log: "0"
                  ? \(long)
                  : "5"
                  "/x:\\n\\"y\\"": "1"
                  cursor-1: "1714000000"
                  cursor-systemd: s=06;i=1a

                """
        )
        var again = PositionsFile(path: path)
        #expect(try again.load().positions.values == values)
        try again.save(Positions())
        #expect(text(path) == "positions: {}\n")
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        chmod(path, 0o644)
        try again.save(Positions(values: ["/a": "1"]))
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o644)
    }

    @Test func recordsComeBackAndDamageIsNoticed() throws {
        let scene = Scene()
        let path = scene.path("positions.yaml")
        let record = FileRecord(
            path: "/strange \\ \u{301}name\r\n.log\r",
            identity: FileIdentity(device: 5, inode: .max, born: -1),
            head: Fingerprint(count: 3, hash: 77),
            before: Fingerprint(count: 2, hash: .max),
            position: 9,
            isRotated: true
        )
        var file = PositionsFile(path: path)
        _ = try file.load()
        try file.save(Positions(values: ["/a": "1"], records: [record]))
        var again = PositionsFile(path: path)
        let loaded = try again.load()
        #expect(loaded.positions.records == [record])
        #expect(loaded.positions.areRecordsCurrent)
        #expect(loaded.warnings == [])

        let good = Array(text(path + ".sluice").utf8)
        for index in good.indices {
            var bad = good
            bad[index] ^= 1
            scene.write("positions.yaml.sluice", bad)
            let result = try again.load()
            #expect(result.positions.records == [] && result.warnings.count == 1, "byte \(index)")
            #expect(result.positions.values == ["/a": "1"])
        }
        for count in good.indices.dropFirst() {
            scene.write("positions.yaml.sluice", Array(good[..<count]))
            #expect(try again.load().positions.records == [])
        }
    }

    @Test func aCrashBetweenBothWritesKeepsTheRecords() throws {
        let scene = Scene()
        let path = scene.path("positions.yaml")
        var file = PositionsFile(path: path)
        _ = try file.load()
        try file.save(Positions(values: ["/a": "1"]))
        let before = text(path)
        try file.save(Positions(values: ["/a": "2"]))
        scene.write("positions.yaml", before)
        #expect(try file.load().positions.areRecordsCurrent)
        scene.write("positions.yaml", "positions:\n  /a: \"3\"\n")
        #expect(try !file.load().positions.areRecordsCurrent)
    }

    @Test func aLinkStaysALinkAndFailuresAreTold() throws {
        let scene = Scene()
        scene.makeFolder("real")
        scene.write("real/p.yaml", "")
        scene.link("positions.yaml", to: "real/p.yaml")
        var file = PositionsFile(path: scene.path("positions.yaml"))
        _ = try file.load()
        try file.save(Positions(values: ["/a": "1"]))
        #expect(text(scene.path("real/p.yaml")) == "positions:\n  /a: \"1\"\n")
        var nowhere = PositionsFile(path: scene.path("missing/p.yaml"))
        #expect(try nowhere.load().positions == Positions())
        #expect(throws: PositionsError.self) { try nowhere.save(Positions(values: ["/a": "1"])) }
        scene.makeFolder("folder.yaml")
        var folder = PositionsFile(path: scene.path("folder.yaml"))
        #expect(throws: PositionsError.self) { try folder.load() }
    }

    @Test func nothingIsWrittenWhenNothingChanged() throws {
        let scene = Scene()
        let path = scene.path("positions.yaml")
        var file = PositionsFile(path: path)
        _ = try file.load()
        try file.save(Positions(values: ["/a": "1"]))
        scene.remove("positions.yaml")
        try file.save(Positions(values: ["/a": "1"]))
        #expect(text(path) == "")
        try file.save(Positions(values: ["/a": "2"]))
        #expect(text(path) != "")
    }

    @Test func aPositionsFileOfPromtailIsHonoured() {
        let scene = Scene()
        scene.write("a.log", "skipped\nread from here\n")
        scene.write("b.log", "unknown file, all read\n")
        scene.write("c.log", "short\n")
        scene.write("d.log", "no number\n")
        let saved = Positions(values: [
            scene.path("a.log"): "8", scene.path("gone.log"): "100", scene.path("c.log"): "100",
            scene.path("d.log"): "x", "cursor-other": "abc",
        ])
        scene.tail("*.log")
        scene.start(with: saved)
        scene.read()
        #expect(scene.taken() == ["read from here", "unknown file, all read", "short", "no number"])
        #expect(scene.warnings == [.positionBehindEnd, .positionNotANumber])
        #expect(
            saved.updated(by: [scene.set.positionsSnapshot()]).values == [
                scene.path("a.log"): "23", scene.path("b.log"): "23", scene.path("c.log"): "6",
                scene.path("d.log"): "10", scene.path("gone.log"): "100", "cursor-other": "abc",
            ]
        )
        scene.write("gone.log", String(repeating: "a new file, all read\n", count: 10))
        scene.read()
        #expect(scene.taken().count == 10)
    }

    @Test func whatPromtailWroteInBetweenCounts() {
        let scene = Scene()
        scene.write("a.log", "1\n2\n3\n")
        scene.tail("a.log")
        scene.read()
        var saved = Positions().updated(by: [scene.set.positionsSnapshot()])
        saved.values[scene.path("a.log")] = "2"
        saved.areRecordsCurrent = false
        scene.restart(with: saved)
        scene.read()
        #expect(scene.taken() == ["1", "2", "3", "2", "3"])
    }

    @Test func missingFilesCanBeForgotten() {
        let scene = Scene()
        scene.write("a.log", "")
        let positions = Positions(values: [scene.path("a.log"): "0", scene.path("b.log"): "5", "cursor-x": "y"])
        #expect(positions.withoutMissingFiles().values == [scene.path("a.log"): "0", "cursor-x": "y"])
    }
}
