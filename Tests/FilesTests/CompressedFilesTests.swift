import Files
import Testing

struct CompressedFilesTests {
    private func target(_ scene: Scene, _ format: TailTarget.Decompression.Format, delay: Duration = .zero)
        -> TailTarget
    {
        TailTarget(
            id: 0,
            pathPattern: scene.path("*.packed"),
            decompression: TailTarget.Decompression(format: format, initialDelay: delay)
        )
    }

    @Test(arguments: [
        ("gzip", TailTarget.Decompression.Format.gzip),
        ("bzip2", .bzip2),
        ("perl -MCompress::Zlib -0777 -ne 'print Compress::Zlib::compress($_)'", .zlib),
    ])
    func everyFormatIsReadToItsLastLine(tool: String, format: TailTarget.Decompression.Format) {
        let scene = Scene()
        scene.write("a.packed", Packing.pack(Array("one\ntwo\r\n\nthree without newline".utf8), with: tool, in: scene))
        scene.tail(target(scene, format))
        scene.read()
        #expect(scene.position("a.packed") == "4")
        scene.restart()
        scene.read()
        #expect(scene.taken() == ["one", "two", "", "three without newline"])
        #expect(scene.warnings == [])
    }

    @Test func theRestAfterARestartIsReadByLines() {
        let scene = Scene()
        scene.write("a.packed", Packing.pack(Array("1\n2\n3\n4".utf8), with: "gzip", in: scene))
        scene.tail(target(scene, .gzip))
        scene.start(with: Positions(values: [scene.path("a.packed"): "2"]))
        scene.read()
        #expect(scene.takenLines().map(\.end) == [3, 4])
    }

    @Test func aFileBeingCompressedIsReadAsItGrows() {
        let scene = Scene()
        let text = (0..<5_000).map { "line \($0) \($0 &* 2_654_435_761)" }
        let packed = Packing.pack(Array((text.joined(separator: "\n") + "\n").utf8), with: "gzip", in: scene)
        scene.tail(target(scene, .gzip))
        for start in stride(from: 0, to: packed.count, by: 4_099) {
            scene.append("a.packed", Array(packed[start..<min(start + 4_099, packed.count)]))
            scene.read()
        }
        #expect(scene.taken() == text)
    }

    @Test func membersFollowOneAnotherAndPaddingIsNoMistake() {
        let scene = Scene()
        let first = Packing.pack(Array("1\n2".utf8), with: "gzip", in: scene)
        let second = Packing.pack(Array("2\n3\n".utf8), with: "gzip", in: scene)
        scene.write("a.packed", first + second + [0, 0, 0, 0])
        scene.tail(target(scene, .gzip))
        scene.read()
        #expect(scene.taken() == ["1", "22", "3"])
        #expect(scene.warnings == [])
    }

    @Test func damagedFilesGiveWhatPrecedesTheDamage() {
        let scene = Scene()
        scene.write("a.packed", "this is no gzip file\n")
        scene.tail(target(scene, .gzip))
        scene.read()
        #expect(scene.warnings == [.damagedArchive])
    }

    @Test func theInitialDelayIsWaitedFor() {
        let scene = Scene()
        scene.write("a.packed", Packing.pack(Array("1\n".utf8), with: "gzip", in: scene))
        scene.tail(target(scene, .gzip, delay: .seconds(3)))
        scene.read()
        scene.read(forSeconds: 2)
        #expect(scene.taken() == [])
        scene.read(forSeconds: 2)
        #expect(scene.taken() == ["1"])
    }

    @Test func aMillionLinesComeInSlabs() {
        let scene = Scene()
        let text = (1...1_000_000).map(String.init).joined(separator: "\n")
        scene.write("a.packed", Packing.pack(Array(text.utf8), with: "gzip -1", in: scene))
        scene.tail(target(scene, .gzip))
        scene.read()
        let lines = scene.taken()
        #expect(lines.count == 1_000_000)
        #expect(lines.last == "1000000")
        #expect(scene.chunks > 10)
    }

    @Test func overlongLinesAreCut() {
        let scene = Scene()
        let text = "short\n" + String(repeating: "x", count: 1_000_000) + "\nshort\n"
        scene.write("a.packed", Packing.pack(Array(text.utf8), with: "gzip", in: scene))
        var cutting = target(scene, .gzip)
        cutting.maximumLineBytes = 100
        scene.tail(cutting)
        scene.read()
        #expect(scene.takenLines().map(\.text.count) == [5, 100, 5])
        #expect(scene.skippedBytes == 999_900)
    }

    @Test(arguments: ["gzip", "bzip2"])
    func aFileCompressedAfterItsRotationIsReadFromItsPosition(tool: String) {
        let scene = Scene()
        scene.write("app.log", "1\n2\n")
        scene.tail("app.log")
        scene.read()
        scene.stop()
        let suffix = tool == "gzip" ? "gz" : "bz2"
        scene.write("app.log.1.\(suffix)", Packing.pack(Array("1\n2\n3\n4".utf8), with: tool, in: scene))
        scene.write("app.log", "5, in a file of its own\n")
        scene.restart(with: scene.oldIdentity())
        scene.read(forSeconds: 1)
        #expect(scene.taken() == ["1", "2", "3", "4", "5, in a file of its own"])
    }
}
