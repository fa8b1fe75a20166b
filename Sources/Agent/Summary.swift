import Entries
import Glibc

/// The sums of a run, for people.
///
/// For each client the lines read are those delivered, dropped, joined into others, refused and not answered for.
struct Summary {
    let lines: [String]

    init(_ totals: Ledger.Totals, seconds: Double) {
        var rows: [(name: String, text: String)] = [("lines read", "\(totals.readLines)")]
        let clients = totals.clients.sorted { $0.key < $1.key }
        for (host, client) in clients {
            rows.append(("delivered", "\(client.sentEntries)\(clients.count > 1 ? " to \(host)" : "")"))
        }
        if clients.isEmpty { rows.append(("printed", "\(Self.printed(totals))")) }
        let drops = totals.drops.sorted { ($0.key.stage, $0.key.reason) < ($1.key.stage, $1.key.reason) }
        for (reason, count) in drops { rows.append(("dropped", "\(count) by \(reason.stage) (\(reason.reason))")) }
        if totals.joinedLines > 0 { rows.append(("joined", "\(totals.joinedLines) to other lines")) }
        if totals.heldLines > 0 { rows.append(("held", "\(totals.heldLines) by stages")) }
        for (host, client) in clients { rows += Self.refusals(host, client) }
        rows.append(("values redacted", "\(totals.redactedValues)"))
        rows.append(("bytes read", "\(totals.readBytes)"))
        rows.append(("bytes on wire", "\(clients.reduce(0) { $0 + $1.value.sentBytes })"))
        rows.append(("seconds", "\(Int(seconds)).\(Int(seconds * 10) % 10)"))
        lines = rows.map { row in
            "summary: \(row.name)\(String(repeating: " ", count: max(0, 15 - row.name.utf8.count))) \(row.text)"
        }
    }

    /// Entries that a dry run printed: what is left when nobody takes entries.
    private static func printed(_ totals: Ledger.Totals) -> UInt64 {
        let gone = totals.drops.values.reduce(0, +) + totals.joinedLines + totals.heldLines
        return totals.readLines > gone ? totals.readLines - gone : 0
    }

    /// What a client did not get.
    private static func refusals(_ host: String, _ client: Ledger.ClientSums) -> [(name: String, text: String)] {
        var rows = client.droppedEntries.sorted { $0.key < $1.key }.map { reason, count in
            (name: "refused", text: "\(count) by \(host) (\(reason))")
        }
        if client.refusedEntries > 0 {
            rows.append((name: "refused", text: "\(client.refusedEntries) for \(host) (stream_limited)"))
        }
        if client.inFlightEntries > 0 {
            rows.append((name: "not answered", text: "\(client.inFlightEntries) by \(host)"))
        }
        return rows
    }

    func print() {
        let text = lines.joined(separator: "\n") + "\n"
        _ = write(STDOUT_FILENO, text, text.utf8.count)
    }
}
