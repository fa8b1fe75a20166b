import Entries
import Testing

@testable import Languages

struct GlobPatternTests {
    @Test(arguments: [
        ("/var/log/*.log", "/var/log/a.log", true),
        ("/var/log/*.log", "/var/log/.log", true),
        ("/var/log/*.log", "/var/log/.hidden.log", true),
        ("/var/log/*.log", "/var/log/x/a.log", false),
        ("/var/log/*.log", "/var/log/a.log.1", false),
        ("/var/log/*.log", "var/log/a.log", false),
        ("a?c", "abc", true), ("a?c", "aéc", true), ("a?c", "ac", false), ("a?c", "a/c", false),
        ("a*b*c", "aXbYbZc", true), ("a*b*c", "acb", false), ("*", "", false), ("a*", "a", true),
        ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[^a-c]x", "dx", true), ("[!a-c]x", "ax", false),
        ("[é-ü]", "ö", true), ("[a\\]b]", "]", true), ("[a-]", "-", true), ("[\\--a]", "0", true),
        ("[c-a]", "b", false),
        ("a[-]b", "a-b", true), ("[^a]", "/", false),
        ("\\*", "*", true), ("\\*", "a", false), ("a\\{b", "a{b", true),
        ("**", "a/b/c", true), ("**/c", "c", true), ("**/c", "a/b/c", true), ("a/**", "a", true),
        ("a/**", "a/b/c", true), ("a/**/c", "a/c", true), ("a/**/c", "a/b/b/c", true), ("a/**/c", "a/b/d", false),
        ("a/**/b/**/c", "a/x/b/y/b/z/c", true), ("a/**.log", "a/x.log", true), ("a/**.log", "a/b/x.log", false),
        ("a**c", "abc", true), ("**/**/c", "c", true),
        ("{a,b}/c", "a/c", true), ("{a,b}/c", "b/c", true), ("{a,b}/c", "c/c", false),
        ("{a/b,c}/d", "a/b/d", true), ("{a{1,2},b}x", "a2x", true), ("{a{1,2},b}x", "bx", true), ("{,x}y", "y", true),
        ("{**,a}/y", "q/r/y", true), ("{a\\,b,c}", "a,b", true), ("[{]a", "{a", true), ("{a}", "a", true),
        ("a/./b//c/", "a/b/c", true), ("a/*/../b", "a/b", true),
    ])
    func matchesAsDoublestarDoes(pattern: String, path: String, isMatch: Bool) throws {
        #expect(try GlobPattern(pattern).matches(path) == isMatch)
    }

    @Test(arguments: [
        ("[a", 0), ("a[]", 1), ("[^]", 0), ("{a,b", 0), ("x{a,{b}", 1), ("a}", 1), ("a\\", 1), ("[a\\]", 0),
    ])
    func malformedPatternsAreRefused(pattern: String, offset: Int) {
        #expect {
            try GlobPattern(pattern)
        } throws: { error in
            let error = error as? LanguageError
            return error?.message == "syntax error in pattern" && error?.offset == offset
        }
    }

    @Test func tooManyAlternativesAreRefused() throws {
        #expect(throws: LanguageError.self) { try GlobPattern(String(repeating: "{a,b}", count: 11)) }
        #expect(try GlobPattern(String(repeating: "{a,b}", count: 10)).matches("abababbbaa"))
        #expect(throws: LanguageError.self) { try GlobPattern(String(repeating: "a", count: 5_000)) }
        #expect(throws: LanguageError.self) { try GlobPattern(String(repeating: "a/", count: 200)) }
    }

    @Test func manyStarsDoNotTakeExponentialTime() throws {
        let pattern = try GlobPattern(String(repeating: "*a", count: 60) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2_000)))
        let folders = try GlobPattern(String(repeating: "**/a/", count: 30) + "b")
        #expect(!folders.matches(String(repeating: "a/", count: 1_000)))
    }

    @Test func bytesThatAreNotUTF8CountAsCharacters() throws {
        let pattern = try GlobPattern("a?b*")
        Bytes.with([0x61, 0xFF, 0x62, 0xFE]) { #expect(pattern.matches($0)) }
    }

    @Test(arguments: [
        ("/var/log/*.log", "/var/log"), ("/var/log/app.log", "/var/log"), ("/*/x", "/"), ("/x", "/"),
        ("logs/{a,b}/c", "logs"), ("*.log", "."), ("x", "."), ("/a/b\\*/c", "/a"), ("/a/x[0-9]/c", "/a"),
    ])
    func theFixedPrefixIsTheDeepestPlainFolder(pattern: String, prefix: String) throws {
        #expect(try GlobPattern(pattern).fixedPrefix == prefix)
    }
}
