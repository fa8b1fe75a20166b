import Entries
import Glibc
import Languages
import TestSupport
import Testing

@testable import Stages

struct MaskTests {
    private static let key = "0123456789abcdef0123456789abcdef"

    private func hash(_ secret: String) -> String {
        let digest = Bytes.with(Array(Self.key.utf8)) { key in
            Bytes.with(Array(secret.utf8)) { Hashing.hmacSHA256(key: key, $0) }
        }
        return "[hmac:" + String(decoding: Hashing.hex(digest).prefix(32), as: UTF8.self) + "]"
    }

    /// Stages and then a redact stage with the key in a file.
    private func run(_ stages: String = "", keyEnding: String = "") throws -> StageRun {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = try folder.write("key", Self.key + keyEnding)
        return try StageRun(stages + "- redact: {mode: hash, hash_key_file: \(path)}")
    }

    @Test func hashIsTheSameWhereverAndHoweverTheValueIsWritten() throws {
        let run = try run()
        let lines = [
            #"{"password":"hunter2"}"#, #"{"password":"hunt\u0065r2"}"#, #"{"a":[{"myToken":"hunter2"}]}"#,
            #"{"m":"x token=hunter2 y"}"#, #"{"m":"\"x\" token=hunter2 y"}"#, "password=hunter2 x",
            "/?token=hunter2&x=1",
            #"{"m":"{\"password\":\"hunter2\"}"}"#, "INFO {\"password\":\"hunter2\"}",
        ]
        for line in lines { run.feed(line) }
        #expect(run.lines.allSatisfy { $0.contains(hash("hunter2")) && !$0.contains("hunter2") }, "\(run.lines)")
        #expect(hash("hunter2") != hash("hunter3"))
    }

    @Test func hashOfANumberIsAText() throws {
        let run = try run()
        run.feed(#"{"password":12}"#)
        #expect(run.lines == [#"{"password":"\#(hash("12"))"}"#])
    }

    @Test func extractedValuesAndLabelsHaveTheHashOfTheLine() throws {
        let run = try run("- json: {expressions: {password: , p: password}}\n- labels: {p: }\n")
        run.feed(#"{"password":"hunt\u0065r2"}"#)
        #expect(run.outputs[0].labels == ["p": hash("hunter2")])
        #expect(run.outputs[0].extracted == ["p": .text(hash("hunter2")), "password": .text(hash("hunter2"))])
        #expect(run.lines[0].contains(hash("hunter2")))
    }

    @Test func lineBreaksAtTheEndOfTheKeyFileDoNotCount() throws {
        let run = try run(keyEnding: "\r\n")
        run.feed("password=hunter2")
        #expect(run.lines == ["password=" + hash("hunter2")])
    }

    @Test func keyMayComeFromTheEnvironment() throws {
        setenv("SLUICE_TEST_HASH_KEY", Self.key, 1)
        defer { unsetenv("SLUICE_TEST_HASH_KEY") }
        let run = try StageRun("- redact: {mode: hash, hash_key_env: SLUICE_TEST_HASH_KEY}")
        run.feed("password=hunter2")
        #expect(run.lines == ["password=" + hash("hunter2")])
    }

    @Test func shortKeyIsRefusedAndNotShown() throws {
        let folder = try TemporaryFolder()
        let mistakes = StageRun.mistakes(
            "- redact: {mode: hash, hash_key_file: \(try folder.write("key", "tooshortkey-123"))}"
        )
        #expect(mistakes.contains("redact: 'mode' 'hash' needs a key of at least 16 bytes"))
        #expect(!mistakes.contains("tooshortkey"))
    }

    @Test func keyFileOfMoreThanFourKilobytesIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("key", String(repeating: "k", count: 4_097))
        #expect(KeyFile.read(path) == nil)
        #expect(KeyFile.read(try folder.write("key", String(repeating: "k", count: 4_096)))?.count == 4_096)
        #expect(KeyFile.read(folder.path) == nil)
    }
}
