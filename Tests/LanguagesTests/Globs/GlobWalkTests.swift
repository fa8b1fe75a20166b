import Glibc
import Testing

@testable import Languages

/// A temporary folder with files, removed at the end.
private struct Tree: ~Copyable {
    let root: String

    init(files: [String], folders: [String] = [], links: [(from: String, to: String)] = []) throws {
        var template = Array("/tmp/glob-XXXXXX".utf8CString)
        root = String(cString: try #require(mkdtemp(&template)))
        for folder in folders { makeFolder(folder) }
        for file in files {
            let parts = file.split(separator: "/").dropLast()
            if !parts.isEmpty { makeFolder(parts.joined(separator: "/")) }
            close(open("\(root)/\(file)", O_CREAT | O_WRONLY | O_CLOEXEC, 0o600))
        }
        for link in links { _ = symlink(link.to, "\(root)/\(link.from)") }
    }

    private func makeFolder(_ path: String) {
        var so = root
        for part in path.split(separator: "/") {
            so += "/\(part)"
            mkdir(so, 0o700)
        }
    }

    deinit { Self.remove(root) }

    private static func remove(_ path: String) {
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove("\(path)/\(name)") }
            }
            closedir(folder)
        }
        _ = Glibc.remove(path)
    }

    func find(_ pattern: String, isFollowingLinks: Bool = true) throws -> [String] {
        try GlobPattern("\(root)/\(pattern)").expand(isFollowingLinks: isFollowingLinks)
            .map { String($0.dropFirst(root.utf8.count + 1)) }
    }
}

struct GlobWalkTests {
    private func tree() throws -> Tree {
        try Tree(
            files: [
                "d/a.log", "d/s/t/b.log", "d/s/skip1.log", "d/s/c.txt", "x/app1.txt", "y/app2.txt", "z/app3.txt",
                "x/appA.txt", "d/.hidden.log", "one.log", "odd*[name].log",
            ],
            folders: ["d/dir.log", "empty"]
        )
    }

    @Test(arguments: [
        ("d/**/*.log", ["d/.hidden.log", "d/a.log", "d/dir.log", "d/s/skip1.log", "d/s/t/b.log"]),
        ("d/**/skip*.log", ["d/s/skip1.log"]),
        ("{x,y}/app[0-9].txt", ["x/app1.txt", "y/app2.txt"]),
        ("{x,x,[x-y]}/app?.txt", ["x/app1.txt", "x/appA.txt", "y/app2.txt"]),
        ("one.log", ["one.log"]),
        ("nothing-here/*.log", []),
        ("one.log/*", []),
        ("none.log", []),
        ("d/s/**", ["d/s", "d/s/c.txt", "d/s/skip1.log", "d/s/t", "d/s/t/b.log"]),
        ("**/t/*", ["d/s/t/b.log"]),
        ("{d/s,z}/*.txt", ["d/s/c.txt", "z/app3.txt"]),
        ("odd\\*\\[name].log", ["odd*[name].log"]),
        ("empty/*", []),
        ("*/../one.log", ["one.log"]),
    ])
    func findsWhatDoublestarFinds(pattern: String, expected: [String]) throws {
        let tree = try tree()
        #expect(try tree.find(pattern) == expected)
    }

    @Test func linkedFoldersAreFollowedAndCirclesEnd() throws {
        let tree = try Tree(
            files: ["a/x.log", "b/y.log"],
            links: [("a/self", "."), ("a/other", "../b"), ("b/back", "../a"), ("gone.log", "nowhere")]
        )
        #expect(try tree.find("a/**/*.log") == ["a/other/y.log", "a/x.log"])
        #expect(try tree.find("a/**/*.log", isFollowingLinks: false) == ["a/x.log"])
        #expect(try tree.find("a/self/self/x.log") == ["a/self/self/x.log"])
        #expect(try tree.find("*.log") == ["gone.log"])
        #expect(try tree.find("gone.log").isEmpty)
    }

    @Test func unreadableFoldersArePassedOver() throws {
        let tree = try Tree(files: ["a/x.log", "locked/y.log"])
        chmod("\(tree.root)/locked", 0)
        defer { chmod("\(tree.root)/locked", 0o700) }
        // Root may look into every folder.
        #expect(try tree.find("*/*.log") == (geteuid() == 0 ? ["a/x.log", "locked/y.log"] : ["a/x.log"]))
    }

    @Test func depthIsBoundedAndSaid() throws {
        let deep = (0..<80).map { _ in "n" }.joined(separator: "/")
        let tree = try Tree(files: ["n/near.log", "\(deep)/far.log"])
        let walk = try GlobWalk(GlobPattern("\(tree.root)/**/*.log"))
        #expect(walk.paths == ["\(tree.root)/n/near.log"])
        #expect(!walk.isComplete)
        #expect(try GlobWalk(GlobPattern("\(tree.root)/\(deep)/*.log")).paths.count == 1)
    }

    @Test func whatIsFoundAlsoMatches() throws {
        let tree = try tree()
        for text in ["d/**/*.log", "{x,y}/*", "**/[a-c].*"] {
            let pattern = try GlobPattern("\(tree.root)/\(text)")
            for path in pattern.expand() { #expect(pattern.matches(path)) }
        }
    }
}
