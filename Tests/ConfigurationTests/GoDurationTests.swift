import Testing

@testable import Configuration

struct GoDurationTests {
    @Test(arguments: [
        ("0", Duration.zero), ("1s", .seconds(1)), ("250ms", .milliseconds(250)), ("1h30m", .seconds(5_400)),
        ("1.5h", .seconds(5_400)), ("-2s", .seconds(-2)), (".5s", .milliseconds(500)), ("+1us", .microseconds(1)),
        ("1\u{B5}s", .microseconds(1)), ("1.000000001s", .nanoseconds(1_000_000_001)), ("3ns", .nanoseconds(3)),
    ])
    func readsWhatGoReads(_ text: String, _ expected: Duration) {
        #expect(GoDuration.parse(text) == expected)
    }

    @Test(arguments: ["", "-", "1", "1d", "s", ".s", "1 s", "1s ", "9999999999h", "1.2.3s", "0x1s", "1e3s"])
    func refusesTheRest(_ text: String) {
        #expect(GoDuration.parse(text) == nil)
    }

    @Test(arguments: ["0s", "10s", "1m30s", "2h0m0s", "250ms", "1.5s", "3ns", "1.5\u{B5}s", "-1m0s"])
    func printsAsGo(_ text: String) throws {
        let duration = try #require(GoDuration.parse(text))
        #expect(GoDuration.text(duration) == text)
    }
}
