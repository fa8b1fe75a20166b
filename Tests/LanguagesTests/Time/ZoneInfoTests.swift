import Testing

@testable import Languages

struct ZoneInfoTests {
    @Test func namesThatLeadElsewhereAreRefused() {
        for name in ["../etc/passwd", "/etc/localtime", "Europe/../UTC", "\\x", "Nowhere/City", "Europe", "a\0b"] {
            #expect {
                try ZoneInfo.named(name)
            } throws: { error in
                (error as? LanguageError)?.message == "unknown time zone \(name)"
            }
        }
    }

    @Test func theShortNamesMeanUTC() throws {
        #expect(try ZoneInfo.named("") === ZoneInfo.utc)
        #expect(try ZoneInfo.named("UTC") === ZoneInfo.utc)
        #expect(try ZoneInfo.named("Local") === ZoneInfo.local)
    }

    @Test func theVariableOfTheMachineMayHoldAPath() {
        let folders = ["/nowhere", "/usr/share/zoneinfo"]
        #expect(ZoneInfo.machineZone(environment: ":Europe/Berlin", folders: folders).offset(atUTC: 0) == 3_600)
        #expect(
            ZoneInfo.machineZone(environment: "/usr/share/zoneinfo/Asia/Tokyo", folders: []).offset(atUTC: 0) == 32_400
        )
        #expect(ZoneInfo.machineZone(environment: "", folders: folders) === ZoneInfo.utc)
        #expect(ZoneInfo.machineZone(environment: "No/Where", folders: folders) === ZoneInfo.utc)
    }

    /// 2026: the clocks of Berlin change on 29 March at 01:00 UTC and on 25 October at 01:00 UTC.
    @Test(arguments: [
        (2026, 3, 29, 1, 59, 3_600), (2026, 3, 29, 2, 30, 3_600), (2026, 3, 29, 3, 0, 7_200),
        (2026, 10, 25, 1, 59, 7_200), (2026, 10, 25, 2, 30, 3_600), (2026, 10, 25, 3, 0, 3_600),
        (1890, 1, 1, 0, 0, 3_208), (2500, 7, 1, 12, 0, 7_200), (2500, 12, 1, 12, 0, 3_600),
    ])
    func gapsAndOverlapsFollowGo(year: Int, month: Int, day: Int, hour: Int, minute: Int, offset: Int) throws {
        let seconds = CivilDay.number(year: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60
        #expect(try ZoneInfo.named("Europe/Berlin").offset(forLocal: Int64(seconds)) == offset)
    }

    @Test func abbreviationsAreLookedUpWhereTheyHold() throws {
        let berlin = try ZoneInfo.named("Europe/Berlin")
        #expect(berlin.offset(ofAbbreviation: Array("CEST".utf8), atLocal: 1_780_000_000) == 7_200)
        #expect(berlin.offset(ofAbbreviation: Array("CET".utf8), atLocal: 1_780_000_000) == 3_600)
        #expect(berlin.offset(ofAbbreviation: Array("PST".utf8), atLocal: 1_780_000_000) == nil)
        #expect(berlin.abbreviation(atUTC: 1_780_000_000) == Array("CEST".utf8))
    }

    @Test(arguments: [
        "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "IST-1GMT0,J60/-2,300",
    ])
    func rulesForTheFutureAreRead(text: String) {
        #expect(DaylightRule(Array(text.utf8))?.changes != nil)
    }

    @Test(arguments: [
        "", "A1", "<+03", "CET", "CET-169", "CET-1CEST,M13.1.0,M1.1.0", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0x",
    ])
    func brokenRulesAreNone(text: String) {
        #expect(DaylightRule(Array(text.utf8)) == nil)
    }

    @Test func instantsAtTheEndOfTimeDoNotCrash() throws {
        for name in ["Europe/Berlin", "America/New_York", "Etc/GMT+5"] {
            let zone = try ZoneInfo.named(name)
            for seconds in [Int64.min, .min + 1, -1, 0, .max - 1, .max] {
                #expect(abs(zone.offset(atUTC: seconds)) < 86_400)
                #expect(abs(zone.offset(forLocal: seconds)) < 86_400)
                #expect(!GoTimeLayout("2006 MST").format(seconds: seconds, nanoseconds: 0, zone: zone).isEmpty)
            }
        }
    }

    @Test func damagedFilesAreRefused() throws {
        // One kind, no transitions, version 1.
        let header = Array("TZif".utf8) + [UInt8](repeating: 0, count: 16)
        func counts(_ numbers: [UInt8]) -> [UInt8] { numbers.flatMap { [0, 0, 0, $0] } }
        let good = header + counts([0, 0, 0, 0, 1, 4]) + [0, 0, 0x0E, 0x10, 0, 0] + Array("CET\0".utf8)
        #expect(ZoneFile.zone(named: "x", bytes: good)?.offset(atUTC: 0) == 3_600)
        for length in good.indices { #expect(ZoneFile.zone(named: "x", bytes: Array(good[..<length])) == nil) }
        let badName = header + counts([0, 0, 0, 0, 1, 4]) + [0, 0, 0x0E, 0x10, 0, 9] + Array("CET\0".utf8)
        #expect(ZoneFile.zone(named: "x", bytes: badName) == nil)
        let badKind =
            header + counts([0, 0, 0, 1, 1, 4]) + [0, 0, 0, 0, 7] + [0, 0, 0x0E, 0x10, 0, 0] + Array("CET\0".utf8)
        #expect(ZoneFile.zone(named: "x", bytes: badKind) == nil)
        let huge = header + [UInt8](repeating: 0xFF, count: 24)
        #expect(ZoneFile.zone(named: "x", bytes: huge) == nil)
    }
}
