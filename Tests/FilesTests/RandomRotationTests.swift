import Files
import Testing

/// Random writers, rotations and restarts against the simplest model: every line comes once, each file's in order.
struct RandomRotationTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        /// SplitMix64.
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    /// A writer that numbers its lines, and sometimes stops in the middle of one.
    private final class Writer {
        let scene: Scene
        let pattern: String
        var written: [String] = []
        var openLine = ""
        var generation = 0
        var hasFile = false

        init(_ scene: Scene, pattern: String) {
            self.scene = scene
            self.pattern = pattern
        }

        func line(_ padding: Int) -> String {
            "\(written.count) " + String(repeating: "x", count: padding) + " of generation \(generation)"
        }

        func append(_ padding: Int, isWhole: Bool) {
            hasFile = true
            let text = openLine.isEmpty ? line(padding) : String(line(padding).dropFirst(openLine.count))
            if isWhole || text.count < 2 {
                scene.append("app.log", text + "\n")
                written.append(openLine + text)
                openLine = ""
            } else {
                let part = text.prefix(text.count / 2)
                scene.append("app.log", String(part))
                openLine += part
            }
        }

        /// The old file's last line stays open; it counts as a line.
        func leave() {
            if !openLine.isEmpty { written.append(openLine) }
            openLine = ""
            hasFile = false
            generation += 1
        }
    }

    @Test(arguments: 1...25 as ClosedRange<UInt64>, ["app.log", "app.log*", "*"])
    func everyLineComesOnce(seed: UInt64, pattern: String) {
        var random = Generator(state: seed)
        var options = TailOptions()
        options.slabBytes = 4096
        options.maximumOpenFiles = 2
        options.usesNotifications = seed % 3 != 0
        let scene = Scene(options: options)
        let writer = Writer(scene, pattern: pattern)
        scene.tail(pattern)
        scene.read()
        for _ in 0..<80 {
            step(scene, writer, &random)
        }
        if !writer.openLine.isEmpty { writer.append(0, isWhole: true) }
        scene.read(forSeconds: 20)
        #expect(scene.taken().sorted() == writer.written.sorted(), "seed \(seed)")
    }

    private func step(_ scene: Scene, _ writer: Writer, _ random: inout Generator) {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<7:
            if !writer.openLine.isEmpty { return writer.append(0, isWhole: Bool.random(using: &random)) }
            writer.append(0, isWhole: Int.random(in: 0..<3, using: &random) > 0)
        case 7: writer.append(writer.openLine.isEmpty ? 9_000 : 0, isWhole: true)
        case 8..<12: scene.read()
        case 12..<14: scene.set.observe(now: scene.now)
        case 14: scene.read(forSeconds: Int.random(in: 1..<12, using: &random))
        // Under a name that is still tailed, an open line waits for the rest of it, also after a restart.
        case 15..<18 where writer.hasFile && (writer.openLine.isEmpty || writer.pattern == "app.log"):
            // A file that came and went while nobody looked cannot be found under a name that is not tailed.
            if writer.pattern == "app.log" { scene.look() }
            scene.rename("app.log", "app.log.\(writer.generation)")
            writer.leave()
        case 18 where writer.hasFile && writer.openLine.isEmpty:
            scene.look()
            scene.remove("app.log")
            writer.leave()
        case 19 where writer.openLine.isEmpty:
            scene.read()
            scene.restart()
        default: break
        }
    }
}

extension Scene {
    /// Has every file noticed, without reading any.
    func look() {
        if !options.usesNotifications { now += 10_000_000_000 }
        set.observe(now: now)
    }
}
