import Entries
import Glibc

/// The sums of a run, for people.
struct Summary {
    private let lines: [String]

    init(_ totals: Ledger.Totals, seconds: Double) {
        let sent = totals.clients.values.reduce(into: Ledger.ClientSums()) { sum, client in
            sum.sentEntries += client.sentEntries
            sum.sentBytes += client.sentBytes
        }
        var lines = [
            "summary: lines read      \(totals.readLines)",
            "summary: delivered       \(sent.sentEntries)",
        ]
        for (reason, count) in totals.drops.sorted(by: { ($0.key.stage, $0.key.reason) < ($1.key.stage, $1.key.reason) }
        ) {
            lines.append("summary: dropped         \(count) by \(reason.stage) (\(reason.reason))")
        }
        for (host, client) in totals.clients.sorted(by: { $0.key < $1.key }) {
            for (reason, count) in client.droppedEntries.sorted(by: { $0.key < $1.key }) {
                lines.append("summary: refused         \(count) by \(host) (\(reason))")
            }
        }
        lines.append("summary: values redacted \(totals.redactedValues)")
        lines.append("summary: bytes read      \(totals.readBytes)")
        lines.append("summary: bytes on wire   \(sent.sentBytes)")
        lines.append("summary: seconds         \(Int(seconds)).\(Int(seconds * 10) % 10)")
        self.lines = lines
    }

    func print() {
        let text = lines.joined(separator: "\n") + "\n"
        _ = write(STDOUT_FILENO, text, text.utf8.count)
    }
}
