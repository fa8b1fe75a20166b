import Entries

/// How far the log of a container was read: up to this time, of which so many lines.
///
/// Times alone do not tell: lines may share one, and Podman gives whole seconds.
struct LogPosition: Equatable {
    /// Of the last line.
    var timestamp: Timestamp
    /// Lines in a row that have this time, the last one included.
    var count: Int

    /// Written as `SECONDS.NANOSECONDS/COUNT`.
    var text: String {
        let fraction = String(timestamp.nanoseconds)
        return "\(timestamp.seconds).\(String(repeating: "0", count: 9 - fraction.count))\(fraction)/\(count)"
    }

    init(timestamp: Timestamp, count: Int) {
        self.timestamp = timestamp
        self.count = count
    }

    /// Reads ``text``, or whole seconds, as Promtail saves them; nil for other texts.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, numbers.count <= 2, let seconds = Int64(numbers[0]), seconds >= 0 else { return nil }
        var nanoseconds: Int64 = 0
        if numbers.count == 2 {
            guard numbers[1].utf8.count == 9, let fraction = Int64(numbers[1]), fraction >= 0 else { return nil }
            nanoseconds = fraction
        }
        guard let count = parts.count == 2 ? Int(parts[1]) : 0, count >= 0 else { return nil }
        self.init(timestamp: Timestamp(seconds: seconds, nanoseconds: nanoseconds), count: count)
    }

    /// Value of `since`: lines of this time come again.
    var since: String { String(text.prefix { $0 != "/" }) }

    /// The position behind a line.
    func after(_ line: Timestamp) -> LogPosition {
        line == timestamp ? LogPosition(timestamp: line, count: count + 1) : LogPosition(timestamp: line, count: 1)
    }
}

/// Leaves out lines that were read before: those at the beginning that have the time of the position.
struct Resumption {
    private let timestamp: Timestamp?
    private var left: Int

    init(_ position: LogPosition?) {
        timestamp = position?.timestamp
        left = position?.count ?? 0
    }

    /// Whether the line is new.
    mutating func isNew(_ line: Timestamp) -> Bool {
        guard left > 0, line == timestamp else {
            // Another time: nothing that was read before follows.
            if left > 0, let timestamp, line > timestamp { left = 0 }
            return true
        }
        left -= 1
        return false
    }
}
