import Glibc
import Testing

@testable import Files

/// Names of paths as Promtail gives them to the label `filename`.
struct PathNameTests {
    private let working: String

    init() throws {
        let path = try #require(getcwd(nil, 0))
        defer { free(path) }
        working = String(cString: path)
    }

    @Test(arguments: [
        ("./x.log", "/x.log"), ("x.log", "/x.log"), ("a/../x.log", "/x.log"), ("a//b/./x.log", "/a/b/x.log"), (".", ""),
    ])
    func aRelativePathIsCleanedBelowTheWorkingFolder(path: String, expected: String) {
        #expect(PathName.absolute(path) == working + expected)
    }

    @Test func aPathThatBeginsAtTheRootStaysAsItIs() {
        #expect(PathName.absolute("/a/./b/../x.log") == "/a/./b/../x.log")
    }

    @Test(arguments: [
        ("/a/./b/*.log", "/a/b/*.log"), ("/a/*/../*.log", "/a/*.log"), ("//a//b/", "/a/b"), ("/../x", "/x"), ("/", "/"),
    ])
    func aPatternIsCleanedWhereverItBegins(pattern: String, expected: String) {
        #expect(PathName.absolute(pattern, isPattern: true) == expected)
    }
}
