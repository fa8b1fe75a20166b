import Testing

@testable import Replay

/// The fixtures in `fixtures/pipelines`: inputs as programs write them, through the pipelines that people start from.
struct FixtureTests {
    @Test func thereAreFixtures() { #expect(Repository.fixtures.count >= 16) }

    @Test(arguments: Repository.fixtures) func comesOutAsExpected(_ name: String) {
        #expect(FixtureTest(folder: Fixture(name).folder).run(isUpdating: false) == .passed)
    }

    /// So that ``noSecretComesOut(_:)`` can fail.
    @Test(arguments: Repository.fixtures) func everySecretStandsInTheInput(_ name: String) throws {
        let fixture = Fixture(name)
        let input = try fixture.read("input.log")
        let secrets = try fixture.secrets()
        #expect(!secrets.isEmpty)
        for secret in secrets { #expect(input.contains(secret), "\(String(decoding: secret, as: UTF8.self))") }
    }

    @Test(arguments: Repository.fixtures) func noSecretComesOut(_ name: String) throws {
        let fixture = Fixture(name)
        let expected = try fixture.read("expected.ndjson")
        let entries = try fixture.replayedWithoutDrops()
        #expect(!entries.isEmpty)
        for secret in try fixture.secrets() {
            let text = String(decoding: secret, as: UTF8.self)
            #expect(!expected.contains(secret), "\(text)")
            for entry in entries where entry.contains(secret) {
                Issue.record("\(text) in: \(String(decoding: entry, as: UTF8.self))")
            }
        }
    }

    /// A difference is found wherever it is, or all of the above would pass for nothing.
    @Test(arguments: [
        ("abc\n", "expected.ndjson:1: not a JSON object"),
        (
            #"{"line":"a","labels":{"filename":"input.log"}}"#,
            "expected.ndjson: 2 entries came out, 1 expected; the next is \"b\""
        ),
        (
            #"{"line":"x","labels":{"filename":"input.log"}}"#,
            "expected.ndjson:1: line is \"a\", expected \"x\""
        ),
        (
            #"{"line":"a","labels":{}}"#,
            #"expected.ndjson:1: labels is {"filename":"input.log"}, expected {}"#
        ),
        (
            #"{"line":"a","labels":{"filename":"input.log"},"ts":"2026-01-02T03:04:05Z"}"#,
            #"expected.ndjson:1: ts is "now", expected "2026-01-02T03:04:05Z""#
        ),
        (
            #"{"line":"a","labels":{"filename":"input.log"},"metadata":{"a":"b"}}"#,
            #"expected.ndjson:1: metadata is missing, expected {"a":"b"}"#
        ),
        (
            "{\"line\":\"a\",\"labels\":{\"filename\":\"input.log\"}}\n\n{\"line\":\"b\",\"labels\":{\"filename\":\"input.log\"}}\n{}",
            "expected.ndjson:4: 2 entries came out, this one did not"
        ),
    ])
    func differenceIsShown(_ expected: String, _ message: String) throws {
        let scene = try CommandScene()
        try scene.makeFixture("f", input: "a\nb\n", expected: expected)
        #expect(FixtureTest(folder: scene.path("f")).run(isUpdating: false) == .failed(message))
    }
}
