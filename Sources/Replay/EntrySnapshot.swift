import Entries
import Languages
import Stages

/// Everything visible of an entry at one moment, for telling what a stage changed.
struct EntrySnapshot {
    private let line: [UInt8]
    private let timestamp: Timestamp
    private let labels: [(name: String, value: [UInt8]?)]
    /// The extracted map; nil values are those that Promtail holds as nil.
    private let extracted: [(name: String, value: [UInt8]?)]
    private let metadata: [(name: String, value: [UInt8]?)]

    init(_ entry: Entry, _ labelSets: LabelSets) {
        var copy = entry
        line = entry.line.array
        timestamp = entry.timestamp
        labels = labelSets.labels(of: labelSets.number(of: &copy)).map { ($0.name, $0.value) }
        extracted = labelSets.registerNames.enumerated().compactMap { index, name in
            let value = entry[Slot(index: index)]
            return value.isPresent ? (name, Self.text(value)) : nil
        }
        metadata = (0..<entry.metadata.count).map { (entry.metadata[$0].name.string, entry.metadata[$0].value.array) }
    }

    /// The text that a stage would read, without putting it into the register.
    private static func text(_ value: Value) -> [UInt8]? {
        let quote = [UInt8(ascii: "\"")]
        switch value.kind {
        case .absent, .null: return nil
        case .string, .bool: return value.raw.array
        case .escapedString:
            let parsed = Bytes.with(quote + value.raw.array + quote) { JSONValue.parse($0) }
            if case .string(let text) = parsed { return text }
            return value.raw.array
        case .number, .json:
            switch JSONValue.parse(value.raw) {
            case .number(let number): return GoNumber.decimal(number)
            case .some(let tree): return tree.goJSON
            case nil: return value.raw.array
            }
        }
    }

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
