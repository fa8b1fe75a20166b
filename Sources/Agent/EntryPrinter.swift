import Entries
import Glibc
import Languages

/// Prints entries on standard output instead of sending them (`-dry-run`, server-and-metrics.md 6).
///
/// Used by one worker thread at a time.
final class EntryPrinter {
    private static let layout = GoTimeLayout("2006-01-02T15:04:05.999999999-0700")

    /// `<timestamp><TAB>{labels}<TAB><line>`, cells filled with tabs to a multiple of 8 as Promtail's aligner does.
    func print(_ entry: Entry, _ labels: [(name: String, value: [UInt8])]) {
        var line = Self.cell(
            Self.layout.format(
                seconds: entry.timestamp.seconds,
                nanoseconds: entry.timestamp.nanoseconds,
                zone: .utc
            )
        )
        line += Self.cell(StreamText.render(labels))
        line += entry.line.array
        line.append(0x0A)
        var written = 0
        while written < line.count {
            let count = line.withUnsafeBytes { bytes in
                write(STDOUT_FILENO, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno != EINTR { return }
            written += max(count, 0)
        }
    }

    /// A cell whose width is a multiple of 8 gets no tab at all.
    private static func cell(_ text: [UInt8]) -> [UInt8] { text.count % 8 == 0 ? text : text + [0x09] }
}
