import Testing

@testable import Replay

/// Each file of `fixtures/mistakes` holds a mistake of the kind that people make; what must be said of it stands beside
/// it, line by line as `line:column: severity: message`.
struct SeededMistakesTests {
    private static let folder = "fixtures/mistakes"
    private static let mistakes = Repository.configurations(in: folder)
    private static let good = Repository.configurations(in: "\(folder)/good")

    /// The first lines of all diagnostics, without the file's name.
    private static func heads(of name: String) throws -> [String] {
        let path = Repository.path(name)
        let result = try CommandScene().run(CheckCommand.self, [path])
        let heads = result.output.split(separator: "\n").filter { $0.hasPrefix("\(path):") }
        // The last one counts the others.
        return heads.dropLast().map { String($0.dropFirst(path.count + 1).drop { $0 == " " }) }
    }

    @Test(arguments: mistakes)
    func mistakeIsTold(_ name: String) throws {
        let beside = "\(Self.folder)/\(name.replacing(".yaml", with: ".expected"))"
        let expected = try TextFile.text(Repository.path(beside)).split(separator: "\n").map { String($0) }
        #expect(try Self.heads(of: "\(Self.folder)/\(name)") == expected)
    }

    @Test(arguments: good)
    func whatIsRightIsNotTold(_ name: String) throws {
        #expect(try Self.heads(of: "\(Self.folder)/good/\(name)").isEmpty)
    }

    @Test func thereAreManyOfBoth() {
        #expect(Self.mistakes.count >= 150 && Self.good.count >= 10)
    }
}
