import Files
import Glibc

/// Compresses as the command line tools do, which every Debian has.
enum Packing {
    static func pack(_ bytes: [UInt8], with tool: String, in scene: Scene) -> [UInt8] {
        scene.write("to-pack", bytes)
        let command = "\(tool) < '\(scene.path("to-pack"))' > '\(scene.path("packed"))'"
        precondition(system(command) == 0, "\(tool) failed")
        defer {
            scene.remove("to-pack")
            scene.remove("packed")
        }
        let descriptor = open(scene.path("packed"), O_RDONLY)
        defer { close(descriptor) }
        var packed = [UInt8](repeating: 0, count: 16 << 20)
        let count = packed.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        return Array(packed[..<max(0, count)])
    }

    /// Puts `name`.gz in the place of `name`, as logrotate has it done.
    static func compress(_ name: String, in scene: Scene) {
        precondition(system("gzip '\(scene.path(name))'") == 0, "gzip failed")
    }
}
