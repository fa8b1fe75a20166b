import Testing

@testable import Files

struct RotatedNameTests {
    @Test(arguments: [
        ("app.log", ["app.log.3", "app.log.2.gz", "app.log.1"]),
        ("app.log", ["app.log.10", "app.log.9", "app.log.8"]),
        ("app.log", ["app.log-20231231", "app.log-20240101.bz2", "app.log-20240102"]),
        ("0.log", ["0.log.20240506-070809", "0.log.20240506-080910.gz", "0.log.20240507-000000"]),
        ("app.log", ["app-2024-05-06T07-08-09.123.log.gz", "app-2024-05-07T00-00-00.000.log"]),
        ("web.access.log", ["web.access.2.log", "web.access.1.log"]),
        ("syslog", ["syslog.2.gz", "syslog.1"]),
    ])
    func namesTellTheOrder(log: String, oldestFirst: [String]) throws {
        let names = try oldestFirst.map { try #require(RotatedName($0, of: log), "\($0)") }
        for (index, name) in names.enumerated() {
            for (other, otherName) in names.enumerated() {
                #expect(name.isNewer(than: otherName) == (index > other), "\(oldestFirst[index]) \(oldestFirst[other])")
            }
        }
    }

    @Test(arguments: [
        ("app.log", "app.log"), ("app.log", "app.log."), ("app.log", "app.log.old"), ("app.log", "app.log1"),
        ("app.log", "app.log.1.zst"), ("app.log", "app.log.1~"), ("app.log", "app.log.a1"), ("app.log", "app.log.1a"),
        ("app.log", "app.log.-1"), ("app.log", "application.log.1"), ("app.log", "app-errors.log"),
        ("app.log", "app..log"), ("app.log", "app.log.gz"), (".log", ".log.x"), ("app.log", "app-1-errors.log"),
        ("app.log", "app.log.1-"), ("app.log", ""),
    ])
    func otherNamesAreNoneOfTheLog(log: String, name: String) {
        #expect(RotatedName(name, of: log) == nil)
    }

    @Test func numbersAndDatesAreNotCompared() throws {
        let number = try #require(RotatedName("a.log.1", of: "a.log"))
        let date = try #require(RotatedName("a.log.20240506", of: "a.log"))
        #expect(!number.isNewer(than: date) && !date.isNewer(than: number))
        #expect(!number.isNewer(than: number) && !date.isNewer(than: date))
    }
}
