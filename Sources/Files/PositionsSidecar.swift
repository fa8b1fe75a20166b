/// The file beside Promtail's positions file: what makes each file itself, and rotated files with something unread.
///
///     sluice-positions 1
///     table <hash of the positions file written with this> <hash of the one before>
///     file <bytes|lines> <current|rotated> <position> <device> <inode> <born> <count> <hash> <count> <hash> <path>
///     checksum <hash of all bytes before this line>
///
/// Hashes are 64-bit FNV-1a in hexadecimal. The two counts and hashes are those of the first bytes and of the bytes
/// before the position. In paths, `\` and newline are written `\\` and `\n`.
///
/// It is written before the positions file. The hashes of both tables tell later whether that one is still ours: after
/// a crash between the two writes it is the one before.
struct PositionsSidecar: Equatable {
    enum Failure: Error, Equatable {
        /// Written by a version that knows more.
        case unknownVersion
        case damaged
    }

    var records: [FileRecord]
    /// Hashes of the positions files that belong to it.
    var tables: [UInt64]

    private static let title = "sluice-positions "
    private static let version = "1"

    var text: String {
        var text = Self.title + Self.version + "\ntable"
        for table in tables { text += " " + Self.hex(table) }
        text += "\n"
        for record in records {
            let fields = [
                "file", record.unit.rawValue, record.isRotated ? "rotated" : "current", String(record.position),
                String(record.identity.device), String(record.identity.inode), String(record.identity.born),
                String(record.head.count), Self.hex(record.head.hash),
                String(record.before.count), Self.hex(record.before.hash), Self.escaped(record.path),
            ]
            text += fields.joined(separator: " ") + "\n"
        }
        return text + "checksum " + Self.hex(Fingerprint.hash(text.utf8)) + "\n"
    }

    init(records: [FileRecord], tables: [UInt64]) {
        self.records = records
        self.tables = tables
    }

    init(_ text: String) throws(Failure) {
        guard text.hasPrefix(Self.title) else { throw .damaged }
        guard text.hasPrefix(Self.title + Self.version + "\n") else { throw .unknownVersion }
        // By bytes: to a Character, a newline behind a carriage return is no newline.
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Substring.init)
        guard lines.count >= 4, lines.removeLast().isEmpty else { throw .damaged }
        let checksum = lines.removeLast()
        let body = text.utf8.dropLast(checksum.utf8.count + 1)
        guard checksum == "checksum " + Self.hex(Fingerprint.hash(body)) else { throw .damaged }
        let tableFields = lines[1].split(separator: " ")
        guard tableFields.first == "table" else { throw .damaged }
        tables = tableFields.dropFirst().compactMap { UInt64($0, radix: 16) }
        records = []
        for line in lines.dropFirst(2) { records.append(try Self.record(line)) }
    }

    private static func record(_ line: Substring) throws(Failure) -> FileRecord {
        let fields = line.utf8.split(separator: UInt8(ascii: " "), maxSplits: 11, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard fields.count == 12, fields[0] == "file", let unit = FileRecord.Unit(rawValue: fields[1]),
            let position = Int64(fields[3]), position >= 0, let device = UInt64(fields[4]),
            let inode = UInt64(fields[5]), let born = Int64(fields[6]),
            let head = fingerprint(fields[7], fields[8]), let before = fingerprint(fields[9], fields[10])
        else { throw .damaged }
        return FileRecord(
            path: unescaped(fields[11]),
            identity: FileIdentity(device: device, inode: inode, born: born),
            head: head,
            before: before,
            position: position,
            unit: unit,
            isRotated: fields[2] == "rotated"
        )
    }

    private static func fingerprint(_ count: String, _ hash: String) -> Fingerprint? {
        guard let count = Int(count), (0...Fingerprint.maximumBytes).contains(count),
            let hash = UInt64(hash, radix: 16)
        else { return nil }
        return Fingerprint(count: count, hash: hash)
    }

    private static func hex(_ value: UInt64) -> String { String(value, radix: 16) }

    private static func escaped(_ path: String) -> String {
        path.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }

    private static func unescaped(_ text: String) -> String {
        var isEscaped = false
        return text.unicodeScalars.reduce(into: "") { path, scalar in
            if isEscaped {
                path.unicodeScalars.append(scalar == "n" ? "\n" : scalar)
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else {
                path.unicodeScalars.append(scalar)
            }
        }
    }
}
