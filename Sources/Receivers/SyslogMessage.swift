package import Entries

/// A syslog message, as views of the bytes it was read from.
package struct SyslogMessage {
    package struct Element {
        package let id: Bytes
        /// In order; values as written, with their escapes.
        package var parameters: [(name: Bytes, value: Bytes)] = []
    }

    /// 0 to 191 (RFC 5424, 6.2.1).
    package let priority: Int
    /// 0 for RFC 3164.
    package var version = 0
    package var timestamp: Timestamp?
    package var hostname: Bytes?
    package var appName: Bytes?
    package var processID: Bytes?
    package var messageID: Bytes?
    package var structuredData: [Element] = []
    package var text = Bytes.empty

    package init(priority: Int) { self.priority = priority }

    /// RFC 5424, table 2, in Promtail's words.
    package var severity: String { Self.severities[priority & 7] }
    /// RFC 5424, table 1, in Promtail's words.
    package var facility: String { Self.facilities[min(priority >> 3, Self.facilities.count - 1)] }

    static let severities = [
        "emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug",
    ]
    private static let facilities =
        [
            "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
            "security", "console", "cron2",
        ] + (0..<8).map { "local\($0)" }

    /// A parameter's value without its escapes (RFC 5424, 6.3.3).
    package static func unescaped(_ value: Bytes) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(value.count)
        var index = 0
        while index < value.count {
            if value[index] == UInt8(ascii: "\\"), index + 1 < value.count, escapable.contains(value[index + 1]) {
                index += 1
            }
            result.append(value[index])
            index += 1
        }
        return result
    }

    static let escapable: Set<UInt8> = [UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "]")]
}
