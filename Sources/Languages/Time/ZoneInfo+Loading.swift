import Glibc

extension ZoneInfo {
    /// The machine's zone: what `TZ` names, else `/etc/localtime`, else UTC; read once.
    package static let local = machineZone(
        environment: getenv("TZ").map { String(cString: $0) },
        folders: zoneFolders
    )

    /// The zone with an IANA name such as `Europe/Berlin`; `""` and `UTC` give UTC, `Local` the machine's zone.
    ///
    /// Looks in the folder that `TZDIR` names, then where systems keep zone files. Throws `unknown time zone X`.
    package static func named(_ name: String) throws(LanguageError) -> ZoneInfo {
        switch name {
        case "", "UTC": return .utc
        case "Local": return .local
        default:
            guard let zone = load(name, folders: zoneFolders) else {
                throw LanguageError(
                    "unknown time zone \(name)",
                    help: "use a name of the IANA database, such as Europe/Berlin"
                )
            }
            return zone
        }
    }

    /// The zone that a `TZ` variable with this value means; nil: the variable is not set.
    static func machineZone(environment: String?, folders: [String]) -> ZoneInfo {
        guard var name = environment else { return read("/etc/localtime", name: "Local") ?? .utc }
        if name.hasPrefix(":") { name.removeFirst() }
        guard !name.isEmpty, name != "UTC" else { return .utc }
        // A whole path is fine here: the variable is the operator's, not a configuration's.
        return (name.hasPrefix("/") ? read(name, name: name) : load(name, folders: folders)) ?? .utc
    }

    /// The zone file `name` in the first of `folders` that has it; names that lead out of the folder are refused.
    static func load(_ name: String, folders: [String]) -> ZoneInfo? {
        guard !name.isEmpty, !name.contains(".."), !name.hasPrefix("/"), !name.hasPrefix("\\"),
            !name.utf8.contains(0)
        else { return nil }
        for folder in folders {
            if let zone = read("\(folder)/\(name)", name: name) { return zone }
        }
        return nil
    }

    private static var zoneFolders: [String] {
        let chosen = getenv("TZDIR").map { String(cString: $0) } ?? ""
        return (chosen.isEmpty ? [] : [chosen]) + [
            "/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ", "/etc/zoneinfo",
        ]
    }

    /// Zone files are a few kilobytes; one beyond 1 MiB is something else.
    private static func read(_ path: String, name: String) -> ZoneInfo? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let limit = 1 << 20
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 * 1024)
        while content.count <= limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return ZoneFile.zone(named: name, bytes: content) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            content.append(contentsOf: chunk[..<count])
        }
        return nil
    }
}
