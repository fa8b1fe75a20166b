import Testing

@testable import Configuration

struct SizesAndIntervalsTests {
    @Test(arguments: [
        ("", 0), ("0", 0), ("1024", 1024), ("1kb", 1024), ("256 KB", 262_144), ("2MEGABYTES", 2_097_152),
        ("1g", 1 << 30),
        ("3b", 3), ("7E", 7 << 60),
    ])
    func sizesHaveUnitsOfPowersOf1024(_ text: String, _ bytes: Int) {
        #expect(ByteSize.parse(text) == bytes)
    }

    @Test(arguments: ["23QB", "1.5MB", "-1", "MB", "8E", " 1", "1 K B", "99999999999999999999"])
    func otherSizesAreRefused(_ text: String) {
        #expect(ByteSize.parse(text) == nil)
    }

    @Test(arguments: [
        ("0", Duration.zero), ("5m", .seconds(300)), ("1d12h", .seconds(129_600)), ("250ms", .milliseconds(250)),
        ("1y", .seconds(31_536_000)), ("1m30s", .seconds(90)),
    ])
    func prometheusDurationsAreRead(_ text: String, _ expected: Duration) {
        #expect(PrometheusDuration.parse(text) == expected)
    }

    @Test(arguments: ["", "5", "1.5h", "1s1m", "1m1m", "-1s", "m", "999999999999y", "1h 2m"])
    func otherPrometheusDurationsAreRefused(_ text: String) {
        #expect(PrometheusDuration.parse(text) == nil)
    }
}
