import Entries
import Glibc
import Languages
import Stages

/// Shows on standard error what each stage changes (`-inspect`, server-and-metrics.md 7).
///
/// Used by one worker thread at a time; a line costs whatever it takes to write about it.
final class StageInspector {
    /// Stages that Promtail looks at.
    private static let inspected: Set<String> = [
        "regex", "replace", "logfmt", "labels", "labeldrop", "labelallow", "static_labels", "timestamp", "output",
        "template", "tenant",
    ]
    private static let layout = GoTimeLayout("2006-01-02 15:04:05.999999999 -0700 MST")

    private enum Color: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    private let isColored = isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil
    private var before: EntrySnapshot?

    /// Takes one call of a pipeline's observer.
    func observe(_ stage: Int, _ name: String, _ entry: Entry, _ labelSets: LabelSets) {
        let after = EntrySnapshot(entry, labelSets)
        defer { before = after }
        guard stage >= 0, Self.inspected.contains(name), let before else { return }
        let changes =
            differences("Extracted", before.extracted, after.extracted)
            + differences("Entry.Labels", before.labels, after.labels)
            + difference("Entry.Entry.Timestamp", Self.text(before.timestamp), Self.text(after.timestamp))
            + difference("Entry.Entry.Line", before.line, after.line)
        let title = isColored ? "\u{1B}[1m\(name)\u{1B}[0m" : name
        if changes.isEmpty {
            write(Array("[inspect: \(title) stage]: \(colored("none", .red))\n".utf8))
        } else {
            write(Array("[inspect: \(title) stage]: \n".utf8) + changes)
        }
    }

    private static func text(_ time: Timestamp) -> [UInt8] {
        layout.format(seconds: time.seconds, nanoseconds: time.nanoseconds, zone: .utc)
    }

    private func differences(
        _ what: String,
        _ before: [(name: String, value: [UInt8]?)],
        _ after: [(name: String, value: [UInt8]?)]
    ) -> [UInt8] {
        Set(before.map(\.name) + after.map(\.name)).sorted().flatMap { name in
            let old = before.first { $0.name == name }
            let new = after.first { $0.name == name }
            // What Promtail holds as nil prints as that.
            return difference(
                "\(what)[\"\(name)\"]",
                old.map { $0.value ?? Array("<nil>".utf8) },
                new.map { $0.value ?? Array("<nil>".utf8) }
            )
        }
    }

    private func difference(_ what: String, _ old: [UInt8]?, _ new: [UInt8]?) -> [UInt8] {
        guard old != new else { return [] }
        let color: Color = old == nil ? .green : new == nil ? .red : .yellow
        var text = Array((colored("{stages.Entry}.\(what):", color) + "\n").utf8)
        if let old { text += Array("\t-: ".utf8) + old + [0x0A] }
        if let new { text += Array("\t+: ".utf8) + new + [0x0A] }
        return text
    }

    private func colored(_ text: String, _ color: Color) -> String {
        isColored ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }

    private func write(_ text: [UInt8]) {
        var written = 0
        while written < text.count {
            let count = text.withUnsafeBytes { bytes in
                Glibc.write(STDERR_FILENO, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno != EINTR { return }
            written += max(count, 0)
        }
    }
}
