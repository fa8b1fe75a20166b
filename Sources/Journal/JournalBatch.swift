import Entries
import Languages
import Receivers

/// Entries that are handed over together.
struct JournalBatch {
    /// What was collected of entries, and what becomes of it.
    enum Mode {
        /// The line and the fields that become labels.
        case wanted
        /// All fields, of which one is the line.
        case all
        /// All fields, which are the line.
        case json
    }

    private(set) var messages = MessageBatch()
    var sums = JournalSums()
    /// Entries that were read, whatever became of them.
    var read = 0
    /// Bytes of their lines.
    private(set) var bytes = 0
    /// Index in ``messages`` of each label set that was used, by its number; -1: not yet.
    private var indices: [Int] = []

    private static let message = Array("MESSAGE".utf8)

    /// - Parameter count: how many entries there may be.
    init(count: Int) { messages.reserve(count) }

    /// Takes the entry that `journal` has collected (sources.md 7); `time`: in microseconds since 1970.
    mutating func add(
        _ journal: JournalHandle,
        _ mode: Mode,
        time: UInt64,
        labels: inout JournalLabels
    ) {
        var line = Bytes.empty
        if mode != .json {
            let message = mode == .wanted ? journal.value(ofWanted: 0) : Self.message(of: journal)
            guard let message else {
                sums.withoutMessage += 1
                return
            }
            line = message
        }
        let set: Int
        switch mode == .wanted ? labels.labels(ofWanted: journal) : labels.labels(ofAll: journal) {
        case .dropped:
            sums.relabelled += 1
            return
        case .none:
            sums.withoutLabels += 1
            return
        case .labels(let number): set = index(of: number, labels)
        }
        if journal.isCut { sums.cut += 1 }
        sums.lines += 1
        let timestamp = Timestamp(seconds: Int64(time / 1_000_000), nanoseconds: Int64(time % 1_000_000) * 1_000)
        if mode == .json {
            let object = Self.object(journal)
            bytes += object.count
            Bytes.with(object) { messages.add($0, timestamp: timestamp, labels: set) }
        } else {
            bytes += line.count
            messages.add(line, timestamp: timestamp, labels: set)
        }
    }

    private mutating func index(of number: Int, _ labels: JournalLabels) -> Int {
        while indices.count <= number { indices.append(-1) }
        if indices[number] < 0 { indices[number] = messages.add(labels: labels.labels(number)) }
        return indices[number]
    }

    private static func message(of journal: JournalHandle) -> Bytes? {
        Bytes.with(message) { name in
            (0..<journal.fieldCount).last { journal.name(ofField: $0) == name }.map { journal.value(ofField: $0) }
        }
    }

    /// All fields as a JSON object, sorted by name; of a field that occurs more than once the last value.
    private static func object(_ journal: JournalHandle) -> [UInt8] {
        let order = (0..<journal.fieldCount).sorted { one, other in
            let (first, second) = (journal.name(ofField: one), journal.name(ofField: other))
            return first == second ? one < other : first.precedes(second)
        }
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (place, index) in order.enumerated() {
            let name = journal.name(ofField: index)
            if place + 1 < order.count, journal.name(ofField: order[place + 1]) == name { continue }
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            JSONValue.appendQuoted(name, to: &text)
            text.append(UInt8(ascii: ":"))
            JSONValue.appendQuoted(journal.value(ofField: index), to: &text)
        }
        text.append(UInt8(ascii: "}"))
        return text
    }
}

extension Bytes {
    /// Whether these bytes come before `other` in the order of their values.
    fileprivate func precedes(_ other: Bytes) -> Bool {
        let common = Swift.min(count, other.count)
        for index in 0..<common where self[index] != other[index] { return self[index] < other[index] }
        return count < other.count
    }
}
