import Glibc
import TestSupport

@testable import Replay

/// A folder of the test's own, in which commands run; it reads as FOLDER in what they say.
struct CommandScene {
    /// How a command ended.
    struct Result: Equatable {
        let code: Int32
        let output: String
        let errors: String
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func path(_ name: String) -> String { folder.path(name) }

    func write(_ name: String, _ text: String) throws { try folder.write(name, text) }

    func makeFolder(_ name: String) { mkdir(path(name), 0o700) }

    /// A fixture with a pipeline of its own that only redacts.
    func makeFixture(_ name: String, input: String, expected: String? = nil) throws {
        makeFolder(name)
        try write("\(name)/pipeline.yaml", "- redact:\n")
        try write("\(name)/input.log", input)
        if let expected { try write("\(name)/expected.ndjson", expected) }
    }

    /// Runs a command in this process; `FOLDER` in its arguments is the scene's.
    func run(_ command: any Command.Type, _ arguments: [String]) -> Result {
        let (output, errors) = (Output.inMemory(), Output.inMemory())
        let console = Console(output: output, errors: errors, input: -1)
        let code = command.start(arguments.map { $0.replacing("FOLDER", with: folder.path) }, console)
        return Result(code: code, output: shown(output.text), errors: shown(errors.text))
    }

    /// Runs the program in the scene's folder; what it says on either stream.
    func runProgram(_ arguments: String) throws -> (code: Int32, said: String) {
        let script = "cd '\(folder.path)' && exec timeout 10 '\(Self.program)' \(arguments)"
        let (code, output) = try Subprocess.run(["/bin/sh", "-c", script])
        return (code, shown(String(decoding: output, as: UTF8.self)))
    }

    private func shown(_ text: String) -> String { text.replacing(folder.path, with: "FOLDER") }

    /// The binary that was built together with these tests.
    private static var program: String {
        // <build>/sluicePackageTests.xctest is an argument of the toolchain's runner, or what was started.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return bundle.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/sluice"
    }
}
