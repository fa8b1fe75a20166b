import CMaxMind
import Configuration
import Entries
import Languages

/// Makes labels of what a MaxMind database says of an IP address (stages.md 6.9).
///
/// The database is opened once, when the pipeline is compiled, and mapped into memory: replace its file by renaming
/// another one onto it, and reload. An address that is none, or that the database does not know, sets nothing.
struct GeoIPStage: Stage {
    static let spec = StageSpec(
        name: "geoip",
        summary: "Makes labels of what a MaxMind database says of an IP address.",
        options: [
            .required("db", .string, "Path of the database, a .mmdb file."),
            .required("source", .string, "Extracted value that holds the address."),
            .required("db_type", .string, "city or asn."),
        ],
        examples: []
    )

    /// One label, and how its value is found in a record.
    private enum Field {
        case text([String])
        case number([String])
        /// Latitude or longitude: set only together, and only where they are not both 0.
        case coordinate([String])
    }

    private static let city: [(label: String, field: Field)] = [
        ("geoip_city_name", .text(["city", "names", "en"])),
        ("geoip_country_name", .text(["country", "names", "en"])),
        ("geoip_continent_name", .text(["continent", "names", "en"])),
        ("geoip_continent_code", .text(["continent", "code"])),
        ("geoip_location_latitude", .coordinate(["location", "latitude"])),
        ("geoip_location_longitude", .coordinate(["location", "longitude"])),
        ("geoip_postal_code", .text(["postal", "code"])),
        ("geoip_timezone", .text(["location", "time_zone"])),
        // The last one is the smallest.
        ("geoip_subdivision_name", .text(["subdivisions", "-1", "names", "en"])),
        ("geoip_subdivision_code", .text(["subdivisions", "-1", "iso_code"])),
    ]
    private static let network: [(label: String, field: Field)] = [
        ("geoip_autonomous_system_number", .number(["autonomous_system_number"])),
        ("geoip_autonomous_system_organization", .text(["autonomous_system_organization"])),
    ]

    private let source: Slot
    private let database: GeoIPDatabase
    private let items: [(label: LabelSlot, field: Field, path: GeoIPDatabase.Path)]
    private let latitude: GeoIPDatabase.Path
    private let longitude: GeoIPDatabase.Path

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        source = try options.requiredSlot(compiler)
        let fields: [(label: String, field: Field)]
        let kind = options.string("db_type") ?? ""
        switch kind {
        case "city": fields = Self.city
        case "asn": fields = Self.network
        default: throw options.mistake("db_type", "must be 'city' or 'asn'")
        }
        guard let path = options.string("db"), !path.isEmpty else {
            throw options.mistake("db", "is empty", help: "name a .mmdb file, such as GeoLite2-City.mmdb")
        }
        do throws(GeoIPDatabase.Unreadable) {
            database = try GeoIPDatabase(path)
        } catch {
            throw options.mistake(
                "db",
                "cannot be used: \(error.reason)",
                help: "name a .mmdb file of MaxMind's format"
            )
        }
        if !database.type.lowercased().contains(kind) {
            compiler.diagnostics.add(
                options.mistake("db_type", "is '\(kind)', and the database calls itself '\(database.type)'").asWarning
            )
        }
        items = fields.map { label, field in
            switch field {
            case .text(let path), .number(let path), .coordinate(let path):
                (compiler.labelSlot(label), field, GeoIPDatabase.Path(path))
            }
        }
        latitude = GeoIPDatabase.Path(["location", "latitude"])
        longitude = GeoIPDatabase.Path(["location", "longitude"])
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        guard let address = entry.text(source), let record = database.find(address) else { return .keep }
        let hasPlace = database.number(record, latitude) != 0 || database.number(record, longitude) != 0
        for item in items {
            switch item.field {
            case .text:
                let text = database.text(record, item.path)
                if !text.isEmpty { entry.setLabel(item.label, to: text) }
            case .number:
                let number = database.number(record, item.path)
                if number >= 1 { set(item.label, "\(UInt64(number))", &entry) }
            case .coordinate:
                if hasPlace { set(item.label, GoNumber.general(database.number(record, item.path)), &entry) }
            }
        }
        return .keep
    }

    private func set(_ label: LabelSlot, _ text: String, _ entry: inout Entry) {
        entry.setLabel(label, to: entry.arena.copy(Array(text.utf8)))
    }
}
