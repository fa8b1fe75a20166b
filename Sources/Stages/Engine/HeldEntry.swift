package import Entries

/// A copy of an entry that outlives the slab and the arena it came from.
///
/// Used where a stage keeps entries back (a partial line, a block of lines). It remembers the spans of all lines that
/// went into it, so that none of them is acknowledged before the joined entry is.
package struct HeldEntry {
    package var line: [UInt8]
    package var timestamp: Timestamp
    let base: Int
    private(set) var registers: [(kind: Value.Kind, bytes: [UInt8])]
    private(set) var labels: [(kind: Value.Kind, bytes: [UInt8])]
    private(set) var metadata: [(name: [UInt8], value: [UInt8])]
    /// Spans of the lines inside, oldest first, one for each line.
    package private(set) var spans: [SpanID]
    /// When the latest piece came, in monotonic nanoseconds.
    package var arrival: Int64

    /// Copies `entry` as it is now.
    init(_ entry: Entry) { self.init(entry, line: entry.line.array, spans: entry.takeSpans()) }

    /// Copies all of `entry` but its line and its spans: what a block of lines carries besides the lines.
    static func withoutLine(_ entry: Entry) -> HeldEntry { HeldEntry(entry, line: [], spans: []) }

    private init(_ entry: Entry, line: [UInt8], spans: [SpanID]) {
        self.line = line
        self.spans = spans
        timestamp = entry.timestamp
        base = entry.base
        registers = Self.values(entry.registers, entry.registerCount)
        labels = Self.values(entry.labels, entry.labelCount)
        metadata = Self.pairs(entry.metadata)
        arrival = entry.now.monotonic
    }

    /// Puts the line of a later entry below the lines in here; all else stays.
    ///
    /// No line break goes before the first text: empty lines at the start vanish, as in Promtail.
    mutating func appendLine(of entry: Entry) {
        if !line.isEmpty { line.append(UInt8(ascii: "\n")) }
        line.append(contentsOf: UnsafeBufferPointer(start: entry.line.start, count: entry.line.count))
        spans.append(contentsOf: entry.takeSpans())
        arrival = entry.now.monotonic
    }

    /// Puts the line of a later entry with the same labels behind this one; all else is that entry's from now on.
    mutating func append(_ entry: Entry) {
        line.append(contentsOf: UnsafeBufferPointer(start: entry.line.start, count: entry.line.count))
        timestamp = entry.timestamp
        registers = Self.values(entry.registers, entry.registerCount)
        metadata = Self.pairs(entry.metadata)
        spans.append(contentsOf: entry.takeSpans())
        arrival = entry.now.monotonic
    }

    /// Whether `entry` comes from the same target with the same labels.
    func hasLabels(of entry: Entry) -> Bool {
        guard base == entry.base else { return false }
        for (index, label) in labels.enumerated() {
            let other = entry.labels[index]
            guard label.kind == other.kind, Bytes.with(label.bytes, { $0 == other.raw }) else { return false }
        }
        return true
    }

    private static func values(
        _ file: UnsafeMutablePointer<Value>,
        _ count: Int
    ) -> [(kind: Value.Kind, bytes: [UInt8])] { (0..<count).map { (file[$0].kind, file[$0].raw.array) } }

    private static func pairs(_ list: MetadataList) -> [(name: [UInt8], value: [UInt8])] {
        (0..<list.count).map { (list[$0].name.array, list[$0].value.array) }
    }
}
