package import Entries
import Languages

/// Everything visible of an entry at one moment, for telling what a stage changed.
package struct EntrySnapshot {
    package let line: [UInt8]
    package let timestamp: Timestamp
    package let labels: [(name: String, value: [UInt8]?)]
    /// The extracted map; nil values are those that Promtail holds as nil.
    package let extracted: [(name: String, value: [UInt8]?)]
    package let metadata: [(name: String, value: [UInt8]?)]

    package init(_ entry: Entry, _ labelSets: LabelSets) {
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
}
