import Entries
import TestSupport
import Testing

@testable import Languages

struct TimestampFormatTests {
    private let now = Timestamp(seconds: 1_780_000_000)

    private func instant(_ text: String) throws -> Timestamp {
        let parsed = Bytes.with(Array(text.utf8)) { GoTimeLayout("2006-01-02T15:04:05.999999999Z07:00").parse($0) }
        return try #require(parsed)
    }

    private func parse(
        _ text: String,
        _ format: String,
        location: String? = nil,
        now: String? = nil,
        machine: ZoneInfo = .utc
    ) throws -> Timestamp? {
        let zone = try location.map { name throws(LanguageError) in try ZoneInfo.named(name) }
        let reader = TimestampFormat(format, location: zone, machine: machine)
        let clock = try now.map(instant) ?? self.now
        return Bytes.with(Array(text.utf8)) { reader.parse($0, now: clock) }
    }

    @Test(arguments: [
        ("RFC3339", "2020-05-06T07:08:09-04:00", "2020-05-06T11:08:09Z"),
        ("RFC3339", "2026-03-04T05:06:07.25Z", "2026-03-04T05:06:07.25Z"),
        ("RFC3339Nano", "2026-03-04T05:06:07.123456789-07:00", "2026-03-04T12:06:07.123456789Z"),
        ("RFC3339Nano", "2026-03-04T05:06:07,5Z", "2026-03-04T05:06:07.5Z"),
        ("ANSIC", "Thu Jan  8 09:10:11 2026", "2026-01-08T09:10:11Z"),
        ("UnixDate", "Thu Jan  8 09:10:11 UTC 2026", "2026-01-08T09:10:11Z"),
        ("RubyDate", "Thu Jan 08 09:10:11 +0100 2026", "2026-01-08T08:10:11Z"),
        ("RFC822", "08 Jan 26 09:10 UTC", "2026-01-08T09:10:00Z"),
        ("RFC822Z", "08 Jan 26 09:10 -0500", "2026-01-08T14:10:00Z"),
        ("RFC850", "Thursday, 08-Jan-26 09:10:11 UTC", "2026-01-08T09:10:11Z"),
        ("RFC1123", "Thu, 08 Jan 2026 09:10:11 GMT", "2026-01-08T09:10:11Z"),
        ("RFC1123Z", "Thu, 08 Jan 2026 09:10:11 +0530", "2026-01-08T03:40:11Z"),
        ("Unix", "1562708916.414123", "2019-07-09T21:48:36.414123Z"),
        ("Unix", "1562708916.000000123", "2019-07-09T21:48:36.000000123Z"),
        ("Unix", "-1.5", "1969-12-31T23:59:59.5Z"),
        ("Unix", "+1.1234567891", "1970-01-01T00:00:01.123456789Z"),
        ("UnixMs", "1562708916919", "2019-07-09T21:48:36.919Z"),
        ("UnixMs", "-1", "1969-12-31T23:59:59.999Z"),
        ("UnixUs", "1767225600123456", "2026-01-01T00:00:00.123456Z"),
        ("UnixNs", "1767225600123456789", "2026-01-01T00:00:00.123456789Z"),
        ("UnixNs", "-9223372036854775808", "1677-09-21T00:12:43.145224192Z"),
        ("2006-01-02", "2009-01-01", "2009-01-01T00:00:00Z"),
        ("2006-01-02 15:04:05 MST", "2009-01-01 01:02:03 GMT-5", "2009-01-01T01:02:03Z"),
    ])
    func readsTheFormat(format: String, text: String, expected: String) throws {
        #expect(try parse(text, format) == instant(expected))
    }

    @Test(arguments: [
        ("Unix", "1."), ("Unix", ".5"), ("Unix", "1e9"), ("Unix", ""), ("Unix", "1.2.3"), ("Unix", " 1"), ("Unix", "-"),
        ("Unix", "9223372036854775808"), ("UnixMs", "123.4"), ("UnixNs", "0x1"), ("UnixUs", "1_000"),
        ("RFC3339", "2020-05-06 07:08:09Z"), ("RFC3339", "2020-05-06T07:08:60Z"), ("RFC3339", "2021-02-29T00:00:00Z"),
        ("RFC3339", "2020-05-06T07:08:09"), ("RFC3339", "2020-05-06T07:08:09Zx"), ("ANSIC", "Thy Jan  8 09:10:11 2026"),
        ("2006-01-02", ""), ("", "x"), ("no layout at all", "2026"),
    ])
    func refusesTheText(format: String, text: String) throws {
        #expect(try parse(text, format) == nil)
    }

    @Test(arguments: [
        ("2026-01-15 12:00:00", "Europe/Berlin", "2026-01-15T11:00:00Z"),
        ("2026-07-15 12:00:00", "Europe/Berlin", "2026-07-15T10:00:00Z"),
        ("2026-03-08 01:59:59", "America/New_York", "2026-03-08T06:59:59Z"),
        ("2026-03-08 03:00:00", "America/New_York", "2026-03-08T07:00:00Z"),
        ("2026-07-15 12:00:00", "Etc/GMT+5", "2026-07-15T17:00:00Z"),
        ("2019-07-22 20:29:32", "America/New_York", "2019-07-23T00:29:32Z"),
        ("2080-07-15 12:00:00", "Europe/Berlin", "2080-07-15T10:00:00Z"),
        ("2080-01-15 12:00:00", "Australia/Sydney", "2080-01-15T01:00:00Z"),
    ])
    func theLocationTellsTheOffset(text: String, location: String, expected: String) throws {
        #expect(try parse(text, "2006-01-02 15:04:05", location: location) == instant(expected))
    }

    @Test(arguments: [
        ("Dec 31 23:59:59", "2019-01-01T00:00:10Z", "2018-12-31T23:59:59Z"),
        ("Jan 01 01:02:03", "2018-12-31T23:00:00Z", "2019-01-01T01:02:03Z"),
        ("Jun 15 12:13:14.750", "2026-11-01T00:00:00Z", "2026-06-15T12:13:14.75Z"),
        ("Feb 29 00:00:00", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("Feb 29 00:00:00", "2028-03-01T00:00:00Z", "2028-02-29T00:00:00Z"),
    ])
    func aMissingYearComesFromTheClock(text: String, now: String, expected: String) throws {
        #expect(try parse(text, "Jan 02 15:04:05", now: now) == instant(expected))
    }

    @Test func yearlessTimesCountInTheirLocation() throws {
        let parsed = try parse(
            "Jul 14 23:59:59",
            "Jan _2 15:04:05",
            location: "Europe/Paris",
            now: "2026-07-15T00:00:00Z"
        )
        #expect(parsed == (try instant("2026-07-14T21:59:59Z")))
    }

    @Test func aYearUnderAnotherNameIsRefusedWhereNoneIsExpected() throws {
        #expect(GoTimeLayout("06-01-02").hasYear)
        #expect(!GoTimeLayout("Jan _2 15:04:05").hasYear)
    }

    @Test func theQuickWayAgreesWithTheLayout() {
        var generator = SplitMix(state: 42)
        let layout = GoTimeLayout("2006-01-02T15:04:05.999999999Z07:00")
        var quick = 0
        for _ in 0..<10_000 {
            let bytes = generator.internetTime()
            Bytes.with(bytes) { text in
                guard let fast = InternetTime.parse(text) else { return }
                quick += 1
                #expect(fast == layout.parse(text), "\(text.string)")
            }
        }
        #expect(quick > 4_000)
    }

    /// Fractions are read eight digits at a time, if need be beyond the text: here nothing behind it can be read, or digits
    /// stand there that do not count.
    @Test func fractionsOfEveryLengthAreRead() throws {
        let layout = GoTimeLayout("2006-01-02T15:04:05.999999999Z07:00")
        for count in 0...13 {
            for zone in ["Z", "+01:30", "-00:01", "", "x", "+1:30"] {
                let digits = "8050607090102".prefix(count)
                let text = Array("2026-01-02T03:04:05.\(digits)\(zone)".utf8)
                let expected = Bytes.with(text) { layout.parse($0) }
                let guarded = GuardedMemory(text)
                defer { guarded.deallocate() }
                #expect(InternetTime.parse(guarded.bytes) == expected, "\(count) digits, \(zone)")
                Bytes.with(text + Array("1234567890".utf8)) { longer in
                    #expect(InternetTime.parse(longer[0..<text.count]) == expected, "\(count) digits, \(zone)")
                }
            }
        }
    }

    @Test func theQuickWayKnowsTheCalendar() {
        // Every leap year and month end comes up among these: 97 is prime to the 146,097 days of the calendar's cycle.
        for day in Array(stride(from: -719_528, to: 2_932_896, by: 97)) + Array(19_000..<22_000) {
            let date = CivilDay.date(day)
            let text = GoTimeLayout("2006-01-02T15:04:05Z07:00")
                .format(seconds: Int64(day) * 86_400, nanoseconds: 0, zone: .utc)
            let parsed = Bytes.with(text) { InternetTime.parse($0) }
            if parsed != Timestamp(seconds: Int64(day) * 86_400) { Issue.record("\(date)") }
        }
    }
}

extension SplitMix {
    fileprivate mutating func digits(_ range: ClosedRange<Int>, width: Int) -> String {
        let text = String(Int.random(in: range, using: &self))
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// A timestamp, every second one with something wrong or odd about it.
    fileprivate mutating func internetTime() -> [UInt8] {
        var text = digits(0...9_999, width: 4) + "-" + digits(0...13, width: 2) + "-" + digits(0...32, width: 2)
        text += "T" + digits(0...24, width: 2) + ":" + digits(0...60, width: 2) + ":" + digits(0...60, width: 2)
        if Bool.random(using: &self) {
            text += Bool.random(using: &self) ? "." : ","
            for _ in 0..<Int.random(in: 0...11, using: &self) { text += digits(0...9, width: 1) }
        }
        text += Bool.random(using: &self) ? "Z" : "+" + digits(0...25, width: 2) + ":" + digits(0...61, width: 2)
        var bytes = Array(text.utf8)
        if Int.random(in: 0..<4, using: &self) == 0 {
            let index = Int.random(in: bytes.indices, using: &self)
            switch Int.random(in: 0..<3, using: &self) {
            case 0: bytes[index] = UInt8.random(in: 0x20...0x7E, using: &self)
            case 1: bytes.remove(at: index)
            default: bytes.insert(UInt8.random(in: 0x20...0x7E, using: &self), at: index)
            }
        }
        return bytes
    }
}
