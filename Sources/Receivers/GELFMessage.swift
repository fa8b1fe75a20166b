import Entries
import Files
import Languages

/// A GELF message: what becomes labels, its time, and the line that is made of it (sources.md 13).
package struct GELFMessage {
    package let host: [UInt8]
    package let version: [UInt8]
    /// 0 to 7, as in syslog.
    package let level: Int
    package let facility: [UInt8]
    /// Seconds since 1970; 0 where there is none.
    package let seconds: Double
    /// The message again as JSON: known members in their order, the others sorted by name.
    package let line: [UInt8]

    /// Bytes of a message at most, decompressed: 4 MiB.
    package static let sizeLimit = 4 << 20

    /// Reads a whole message, plain or compressed by gzip or zlib; nil when it is none.
    package init?(_ bytes: [UInt8]) {
        guard let text = Self.inflated(bytes), case .object(let object)? = Bytes.with(text, { JSONValue.parse($0) })
        else { return nil }
        func member(_ name: String) -> [UInt8]? {
            switch object[Array(name.utf8)] {
            case .string(let value)?: value
            case nil, .null?: []
            default: nil
            }
        }
        guard let version = member("version"), let host = member("host"), let short = member("short_message"),
            let full = member("full_message"), let facility = member("facility"),
            let time = Self.number(object[Array("timestamp".utf8)]),
            let level = Self.number(object[Array("level".utf8)])
        else { return nil }
        self.version = version
        self.host = host
        self.facility = facility
        self.level = Int(max(Double(Int32.min), min(Double(Int32.max), level)))
        seconds = time
        var members: [(name: [UInt8], value: JSONValue)] = [
            (Array("version".utf8), .string(version)), (Array("host".utf8), .string(host)),
            (Array("short_message".utf8), .string(short)),
        ]
        if !full.isEmpty { members.append((Array("full_message".utf8), .string(full))) }
        members.append((Array("timestamp".utf8), object[Array("timestamp".utf8)] ?? .number(0)))
        if self.level != 0 { members.append((Array("level".utf8), .number(Double(self.level)))) }
        if !facility.isEmpty { members.append((Array("facility".utf8), .string(facility))) }
        let extra = zip(object.keys, object.values).filter { $0.0.first == UInt8(ascii: "_") }
            .sorted { $0.0.lexicographicallyPrecedes($1.0) }
        var all = JSONObject()
        for member in members { all.set(member.name, to: member.value) }
        for (name, value) in extra { all.set(name, to: value) }
        line = JSONValue.object(all).goJSON
    }

    /// 0 where there is none; nil where there is something else than a number.
    private static func number(_ value: JSONValue?) -> Double? {
        switch value {
        case nil, .null?: 0
        case .number(let number)?: number
        default: nil
        }
    }

    private static func inflated(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 2 else { return nil }
        if bytes[0] == 0x1F, bytes[1] == 0x8B { return Inflation.inflate(bytes, .gzip, limit: sizeLimit).contents }
        // RFC 1950, 2.2: deflate, and a check of the first two bytes.
        if bytes[0] & 0x0F == 8, (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0 {
            return Inflation.inflate(bytes, .zlib, limit: sizeLimit).contents
        }
        return bytes.count <= sizeLimit ? bytes : nil
    }
}
