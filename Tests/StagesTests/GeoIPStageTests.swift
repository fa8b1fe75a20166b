import Configuration
import Glibc
import Testing

@testable import Stages

struct GeoIPStageTests {
    private static func path(_ name: String) -> String {
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/fixtures/geoip/\(name).mmdb"
    }

    private static func stages(_ kind: String) -> String {
        """
        - regex: {expression: '^(?P<ip>\\S+)'}
        - geoip: {source: ip, db: '\(path(kind))', db_type: \(kind)}
        """
    }

    private func labels(_ kind: String, _ line: String) throws -> [String: String] {
        try StageRun.outputs(Self.stages(kind), [line]).first?.labels ?? [:]
    }

    private static let springfield = [
        "geoip_city_name": "Springfield", "geoip_country_name": "United States",
        "geoip_continent_name": "North America", "geoip_continent_code": "NA", "geoip_location_latitude": "39.8",
        "geoip_location_longitude": "-89.65", "geoip_postal_code": "62701", "geoip_timezone": "America/Chicago",
        "geoip_subdivision_name": "Sangamon", "geoip_subdivision_code": "SAN",
    ]

    @Test func aCityGivesEveryLabel() throws {
        #expect(try labels("city", "192.0.2.77 GET /") == Self.springfield)
        // IPv4 within IPv6 is the same address.
        #expect(try labels("city", "::ffff:192.0.2.77") == [:])
        #expect(try labels("city", "::192.0.2.77") == Self.springfield)
    }

    @Test func whatIsNotThereIsLeftOut() throws {
        #expect(try labels("city", "198.51.100.1") == ["geoip_country_name": "Germany"])
        #expect(
            try labels("city", "2001:db8::5") == [
                "geoip_city_name": "Sixton", "geoip_location_latitude": "1", "geoip_location_longitude": "0",
            ]
        )
    }

    @Test(arguments: [
        "203.0.113.1", "198.51.100.200", "nonsense", "192.0.2", "192.0.2.77.1", "192.0.2.077", "::g", "192.0.2.1%eth0",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd", "192.0.2.1/24", "fe80::1%lo",
    ])
    func whatIsNotKnownOrNoAddressSetsNothing(text: String) throws { #expect(try labels("city", text) == [:]) }

    @Test func anAutonomousSystemHasNumberAndName() throws {
        #expect(
            try labels("asn", "192.0.2.1") == [
                "geoip_autonomous_system_number": "64500", "geoip_autonomous_system_organization": "Example Net",
            ]
        )
        #expect(try labels("asn", "2001:db8:1::")["geoip_autonomous_system_number"] == "4200000000")
        #expect(try labels("asn", "2001:db8:1::")["geoip_autonomous_system_organization"] == "Ümlaut AG")
    }

    @Test func aMissingSourceSetsNothing() throws {
        let outputs = try StageRun.outputs("- geoip: {source: ip, db: '\(Self.path("city"))', db_type: city}", ["x"])
        #expect(outputs.first?.labels == [:])
    }

    @Test(arguments: [
        ("source: ip, db: /nowhere.mmdb, db_type: city", "geoip: 'db' cannot be used: No such file or directory"),
        ("source: ip, db: /dev/null, db_type: city", "geoip: 'db' cannot be used"),
        ("source: '', db: x, db_type: city", "geoip: 'source' is empty"),
        ("source: ip, db: '', db_type: city", "geoip: 'db' is empty"),
        ("source: ip, db: x, db_type: country", "geoip: 'db_type' must be 'city' or 'asn'"),
        ("source: ip, db: x, db_type: ''", "geoip: 'db_type' must be 'city' or 'asn'"),
    ])
    func mistakesAreTold(options: String, message: String) throws {
        do {
            _ = try StageRun.outputs("- geoip: {\(options)}", ["x"])
            Issue.record("\(options) is taken")
        } catch {
            #expect(error.all.contains { $0.message.hasPrefix(message) }, "\(error.rendered)")
        }
    }

    /// Cut at every byte or with any byte changed: no crash, whatever is found.
    @Test func aDamagedDatabaseIsSurvived() throws {
        let whole = try bytes(of: Self.path("asn"))
        let name = "/tmp/sluice-geoip-\(getpid()).mmdb"
        defer { unlink(name) }
        func look(_ bytes: [UInt8]) throws {
            let file = try #require(fopen(name, "w"))
            fwrite(bytes, 1, bytes.count, file)
            fclose(file)
            _ = try? StageRun.outputs(Self.stages("asn").replacing(Self.path("asn"), with: name), ["192.0.2.1"])
        }
        for end in stride(from: 0, to: whole.count, by: 7) { try look(Array(whole[..<end])) }
        for place in stride(from: 0, to: whole.count, by: 3) {
            for mask: UInt8 in [0xFF, 0x01, 0x80] {
                var damaged = whole
                damaged[place] ^= mask
                try look(damaged)
            }
        }
    }

    private func bytes(of path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
    }
}
