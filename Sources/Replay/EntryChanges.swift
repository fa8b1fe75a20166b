import Entries
import Languages
import Stages

extension EntrySnapshot {
    /// What is different in `next`: lines that begin with `+` (new), `-` (gone) or `~` (changed).
    func changes(to next: EntrySnapshot) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        if next.line != line { lines.append(Array("~ line ".utf8) + next.line) }
        if next.timestamp != timestamp {
            lines.append(Array("~ timestamp ".utf8) + ReplayedEntry.text(of: next.timestamp))
        }
        lines += Self.changes("extracted", extracted, next.extracted)
        lines += Self.changes("label", labels, next.labels)
        lines += Self.changes("metadata", metadata, next.metadata)
        return lines
    }

    private static func changes(
        _ what: String,
        _ before: [(name: String, value: [UInt8]?)],
        _ after: [(name: String, value: [UInt8]?)]
    ) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        // Metadata may name the same thing twice; what stands at the same place is compared.
        var left = before
        for (name, value) in after {
            guard let place = left.firstIndex(where: { $0.name == name }) else {
                lines.append(change("+", what, name, value))
                continue
            }
            if left[place].value != value { lines.append(change("~", what, name, value)) }
            left.remove(at: place)
        }
        return lines + left.map { Array("- \(what) \($0.name)".utf8) }
    }

    private static func change(_ sign: String, _ what: String, _ name: String, _ value: [UInt8]?) -> [UInt8] {
        var line = Array("\(sign) \(what) \(name)=".utf8)
        if let value { Bytes.with(value) { GoQuoting.appendQuoted($0, to: &line) } } else { line += "nil".utf8 }
        return line
    }
}
