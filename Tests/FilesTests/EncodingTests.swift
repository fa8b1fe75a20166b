import Files
import Testing

struct EncodingTests {
    private static func utf16(_ text: String, bigEndian: Bool, mark: Bool = false) -> [UInt8] {
        ((mark ? "\u{FEFF}" : "") + text).utf16.flatMap { unit in
            let high = UInt8(unit >> 8)
            let low = UInt8(unit & 0xFF)
            return bigEndian ? [high, low] : [low, high]
        }
    }

    private static let text = "größe Ċ ऊ\n\n😀 \u{0A0A}\nlast\n"

    @Test(arguments: [
        ("utf-16le", utf16(text, bigEndian: false)), ("UTF-16BE", utf16(text, bigEndian: true)),
        ("utf-16", utf16(text, bigEndian: true)), ("utf-16", utf16(text, bigEndian: false, mark: true)),
        ("utf-16", utf16(text, bigEndian: true, mark: true)), ("utf-8", Array(text.utf8)),
    ])
    func unicodeIsCutWhereItsNewlinesAre(name: String, bytes: [UInt8]) {
        let scene = Scene()
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("app.log"), encoding: name))
        for byte in bytes {
            scene.append("app.log", [byte])
            scene.read()
        }
        #expect(scene.taken() == ["größe Ċ ऊ", "", "😀 \u{0A0A}", "last"])
        #expect(scene.position("app.log") == String(bytes.count))
    }

    @Test func oldCharacterSetsBecomeUTF8() {
        let scene = Scene()
        scene.write("app.log", [0x67, 0x72, 0xF6, 0xDF, 0x65, 0x20, 0x96, 10, 0x38, 0x30, 0x80, 10, 0x78])
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("app.log"), encoding: "windows-1252"))
        scene.read()
        #expect(scene.takenLines().map(\.end) == [8, 12])
        scene.restart()
        scene.append("app.log", [0xE4, 10])
        scene.read()
        #expect(scene.taken() == ["xä"])
    }

    @Test func whatIsNotValidIsReplaced() {
        let scene = Scene()
        scene.write("app.log", [0x61, 0xFF, 0x62, 0xE2, 0x82, 10, 0x63, 10])
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("app.log"), encoding: "utf-8"))
        scene.read()
        #expect(scene.taken() == ["a\u{FFFD}b\u{FFFD}\u{FFFD}", "c"])
    }

    @Test func filesLongerThanASlabComeInOrder() {
        let scene = Scene()
        let lines = (0..<60_000).map { "line \($0) ä" }
        scene.write("app.log", Self.utf16(lines.joined(separator: "\n") + "\n", bigEndian: false))
        scene.tail(TailTarget(id: 0, pathPattern: scene.path("app.log"), encoding: "utf-16le"))
        scene.read()
        #expect(scene.taken() == lines)
    }
}
