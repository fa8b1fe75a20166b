import Entries
import Testing

@testable import Languages

struct GoTimeLayoutTests {
    private func seconds(_ layout: String, _ text: String) -> Int64? {
        Bytes.with(Array(text.utf8)) {
            GoTimeLayout(layout).parseLocal($0, zone: nil, machine: .utc)?.timestamp.seconds
        }
    }

    @Test(arguments: [
        ("2006-01-02", "1970-01-02", 86_400), ("15:04 2006-01-02", "1:00 1970-01-01", 3_600),
        ("06-1-2", "70-1-2", 86_400), ("2006 002", "1970 032", 2_678_400), ("2006 __2", "1970   2", 86_400),
        ("2006 Jan", "1970 FEB", 2_678_400), ("2006 January", "1970 february", 2_678_400),
        ("2006 3PM", "1970 12AM", 0), ("2006 3PM", "1970 12PM", 43_200), ("2006 03pm", "1970 01pm", 46_800),
        ("2006-01-02 -07", "1970-01-01 -01", 3_600), ("2006-01-02 -07:00:00", "1970-01-01 +00:00:30", -30),
        ("2006  Jan", "1970 Jan", 0), ("2006 Jan ", "1970 Jan", 0), ("2006 Z07", "1970 Z", 0),
        ("2006 MST", "1970 XYZ", 0),
        ("Monday 2006", "sunday 1970", 0), ("2006_02", "1970_02", 86_400), ("_2006", "_1970", 0),
        ("2006 Month", "1970 Month", 0), ("15:04:05.000 2006", "00:00:01.999 1970", 1), ("2006 5", "1970 7,25", 7),
    ])
    func reads(layout: String, text: String, expected: Int64) {
        #expect(seconds(layout, text) == expected)
    }

    @Test(arguments: [
        ("2006-01-02", "1970-1-02"), ("2006-01-02", "1970-13-01"), ("2006-01-02", "1970-02-30"), ("2006", "19701"),
        ("2006 15", "1970 24"), ("2006 03", "1970 13"), ("2006 4", "1970 60"), ("2006 5", "1970 60"),
        ("2006 Mon", "1970 Xyz"),
        ("2006 002", "1970 366"), ("2006 -07:00", "1970 +25:00"), ("2006 -07:00", "1970 +01:61"),
        ("2006 -0700", "1970 0100"),
        ("2006 MST", "1970 ab"), ("2006 MST", "1970 ABCDEFG"), ("2006 MST", "1970 +24"), ("2006Jan", "1970 Jan"),
        ("15:04:05.000 2006", "00:00:01.99 1970"), ("2006 PM", "1970 pm"), ("2006 Z0700", "1970 z"),
        ("05 2006", ".5 1970"),
    ])
    func refuses(layout: String, text: String) {
        #expect(seconds(layout, text) == nil)
    }

    @Test(arguments: [
        "2006-01-02T15:04:05.999999999Z07:00", "Mon Jan _2 15:04:05.000000000 2006 -0700",
        "Monday, January 2 2006 3:04:05,000000000 PM -07:00:00", "__2 2006 15:4:5.000000000 -07",
        "002/06 15:04:05.999999999 Z0700",
    ])
    func whatIsFormattedIsReadBack(text: String) {
        let layout = GoTimeLayout(text)
        var instant = Timestamp(seconds: 0, nanoseconds: 123_456_789)
        for _ in 0..<400 {
            let formatted = layout.format(seconds: instant.seconds, nanoseconds: instant.nanoseconds, zone: .utc)
            #expect(Bytes.with(formatted) { layout.parse($0) } == instant)
            instant = Timestamp(seconds: instant.seconds + 5_777_777, nanoseconds: 987_654_321)
        }
    }
}
