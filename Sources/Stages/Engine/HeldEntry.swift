package import Entries

/// A copy of an entry that outlives the slab and the arena it came from.
///
/// Used where a stage keeps entries back (a partial line, a block of lines). It remembers the spans of all lines that
/// went into it, so that none of them is acknowledged before the joined entry is.
package struct HeldEntry {
    package var line: [UInt8]
    package var timestamp: Timestamp
    let base: Int
    let registers: [(kind: Value.Kind, bytes: [UInt8])]
    let labels: [(kind: Value.Kind, bytes: [UInt8])]
    let metadata: [(name: [UInt8], value: [UInt8])]
    /// Spans of the lines inside, oldest first, one for each line.
    package private(set) var spans: [SpanID]
    /// When the latest piece came, in monotonic nanoseconds.
    package var arrival: Int64

    /// Copies `entry` as it is now, with `line` in place of its line and after the spans of earlier pieces.
    init(_ entry: Entry, line: [UInt8], earlier: [SpanID] = []) {
        self.line = line
        timestamp = entry.timestamp
        base = entry.base
        registers = (0..<entry.registerCount).map { (entry.registers[$0].kind, entry.registers[$0].raw.array) }
        labels = (0..<entry.labelCount).map { (entry.labels[$0].kind, entry.labels[$0].raw.array) }
        metadata = (0..<entry.metadata.count).map { (entry.metadata[$0].name.array, entry.metadata[$0].value.array) }
        spans = earlier + entry.takeSpans()
        arrival = entry.now.monotonic
    }
}
