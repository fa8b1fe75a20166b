import Entries
import Glibc
import Languages
import Synchronization

/// The agent's own log on standard error, as Promtail writes it: logfmt or JSON, one line per event.
///
/// Whoever logs gives a fixed message and named values; nothing that a user logs is ever among them.
package final class AgentLog: Sendable {
    package enum Level: Int, Sendable, CaseIterable {
        case debug, info, warn, error

        package init?(name: String) {
            guard let level = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
            self = level
        }
    }

    package enum Format: String, Sendable { case logfmt, json }

    private let level: Level
    private let format: Format
    private let counts = Mutex([UInt64](repeating: 0, count: Level.allCases.count))

    package init(level: Level = .info, format: Format = .logfmt) {
        self.level = level
        self.format = format
    }

    package func debug(_ message: StaticString, _ values: (String, String)...) { log(.debug, message, values) }
    package func info(_ message: StaticString, _ values: (String, String)...) { log(.info, message, values) }
    package func warn(_ message: StaticString, _ values: (String, String)...) { warn(message, values) }
    package func warn(_ message: StaticString, _ values: [(String, String)]) { log(.warn, message, values) }
    package func error(_ message: StaticString, _ values: (String, String)...) { log(.error, message, values) }

    /// Lines written so far by level.
    package var lineCounts: [(level: Level, count: UInt64)] {
        counts.withLock { counts in Level.allCases.map { ($0, counts[$0.rawValue]) } }
    }

    private func log(_ level: Level, _ message: StaticString, _ values: [(String, String)]) {
        guard level.rawValue >= self.level.rawValue else { return }
        counts.withLock { $0[level.rawValue] += 1 }
        let pairs = [("level", "\(level)"), ("ts", Self.timestamp()), ("msg", "\(message)")] + values
        var line: [UInt8] = []
        switch format {
        case .logfmt: Self.appendLogfmt(pairs, to: &line)
        case .json: Self.appendJSON(pairs, to: &line)
        }
        line.append(0x0A)
        _ = write(STDERR_FILENO, line, line.count)
    }

    private static func appendLogfmt(_ pairs: [(String, String)], to line: inout [UInt8]) {
        for (key, value) in pairs {
            if !line.isEmpty { line.append(0x20) }
            line += Array(key.utf8)
            line.append(0x3D)
            let text = Array(value.utf8)
            if text.isEmpty || text.contains(where: { $0 <= 0x20 || $0 == 0x22 || $0 == 0x3D || $0 == 0x7F }) {
                Bytes.with(text) { GoQuoting.appendQuoted($0, to: &line) }
            } else {
                line += text
            }
        }
    }

    private static func appendJSON(_ pairs: [(String, String)], to line: inout [UInt8]) {
        line.append(0x7B)
        for (index, pair) in pairs.enumerated() {
            if index > 0 { line.append(0x2C) }
            Bytes.with(Array(pair.0.utf8)) { JSONValue.appendQuoted($0, to: &line) }
            line.append(0x3A)
            Bytes.with(Array(pair.1.utf8)) { JSONValue.appendQuoted($0, to: &line) }
        }
        line.append(0x7D)
    }

    private static let layout = GoTimeLayout("2006-01-02T15:04:05.000000000Z07:00")

    private static func timestamp() -> String { text(Clock.wall()) }

    /// An instant as it stands in the log.
    static func text(_ time: Timestamp) -> String {
        String(decoding: layout.format(seconds: time.seconds, nanoseconds: time.nanoseconds, zone: .utc), as: UTF8.self)
    }
}
