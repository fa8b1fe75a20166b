import Configuration
import Entries
import Languages
import Receivers

/// The labels of journal entries (sources.md 7): `__journal_` and the field's name in small letters, relabelled.
///
/// Only fields that a rule reads are looked at, and what they lead to is remembered, so that an entry like one before it
/// costs a comparison. Belongs to one thread.
struct JournalLabels {
    /// What became of the fields of an entry.
    enum Outcome: Equatable {
        /// Number of the label set, see ``labels(_:)``.
        case labels(Int)
        /// A rule drops the entry.
        case dropped
        /// Nothing is left that has a name without `__`.
        case none
    }

    /// Fields that rules read; nil: every field, since a labelmap looks at all names.
    let fields: [String]?

    private static let prefix = "__journal_"
    private static let priorityKeyword = "__journal_priority_keyword"
    private static let priorities = ["emerg", "alert", "crit", "error", "warning", "notice", "info", "debug"]
    /// Bytes of a value that becomes a label, as libsystemd's own limit is for Promtail: 64 KiB.
    private static let longestValue = 64 << 10
    /// Label sets remembered; beyond, all are forgotten.
    private static let limit = 4_096

    private var source: MessageLabels
    private var known: [UInt64: (key: [UInt8], outcome: Outcome)] = [:]
    private var sets: [[MessageBatch.Label]] = []
    /// The fields' names as they stand in the journal.
    private let names: [[UInt8]]
    /// Of the current entry: room that is kept.
    private var key: [UInt8] = []
    private var found: [Int] = []

    /// - Precondition: the rules compile, which the caller has tried.
    init(configured: [String: String], rules: [RelabelRule]) {
        source = MessageLabels(configured: configured, rules: rules)
        fields = Self.fields(of: rules)
        names = (fields ?? []).map { Array($0.utf8) }
    }

    private static func fields(of rules: [RelabelRule]) -> [String]? {
        guard !rules.contains(where: { $0.action == .labelmap }) else { return nil }
        var names: [String] = []
        for label in rules.flatMap(\.sourceLabels) where label.hasPrefix(prefix) {
            let name = label == priorityKeyword ? "PRIORITY" : label.dropFirst(prefix.count).uppercased()
            if !name.isEmpty, !names.contains(name) { names.append(name) }
        }
        return names
    }

    func labels(_ number: Int) -> [MessageBatch.Label] { sets[number] }

    /// Whether the numbers given so far are forgotten with the next entry; a batch that uses them ends then.
    var isFull: Bool { sets.count >= Self.limit }

    mutating func forget() {
        known.removeAll()
        sets.removeAll()
    }

    /// The labels of the entry that `journal` has collected.
    mutating func labels(of journal: JournalHandle) -> Outcome {
        found.removeAll(keepingCapacity: true)
        if let fields {
            // In the order of the rules, whatever that of the entry is.
            for name in fields.indices {
                if let index = lastField(named: names[name], journal) { found.append(index) }
            }
        } else {
            found.append(contentsOf: 0..<journal.fieldCount)
        }
        key.removeAll(keepingCapacity: true)
        for index in found {
            append(journal.name(ofField: index))
            let value = journal.value(ofField: index)
            append(value[0..<min(value.count, Self.longestValue)])
        }
        let hash = Bytes.with(key) { Hashing.xxh64($0) }
        if let entry = known[hash], entry.key == key { return entry.outcome }
        let outcome = resolve(journal)
        known[hash] = (key, outcome)
        return outcome
    }

    private func lastField(named name: [UInt8], _ journal: JournalHandle) -> Int? {
        Bytes.with(name) { name in
            (0..<journal.fieldCount).last { journal.name(ofField: $0) == name }
        }
    }

    private mutating func append(_ text: Bytes) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.count)) { key.append(contentsOf: $0) }
        key.append(contentsOf: UnsafeBufferPointer(start: text.start, count: text.count))
    }

    private mutating func resolve(_ journal: JournalHandle) -> Outcome {
        var labels: [(name: String, value: String)] = []
        for index in found {
            let name = Self.text(journal.name(ofField: index))
            let field = journal.value(ofField: index)
            let value = Self.text(field[0..<min(field.count, Self.longestValue)])
            labels.append((Self.prefix + name.lowercased(), value))
            if name == "PRIORITY" {
                let keyword = Int(value).flatMap { Self.priorities.indices.contains($0) ? Self.priorities[$0] : nil }
                labels.append((Self.priorityKeyword, value.count == 1 ? keyword ?? value : value))
            }
        }
        guard let result = source.labels(of: labels) else { return .dropped }
        guard !result.isEmpty else { return .none }
        sets.append(result)
        return .labels(sets.count - 1)
    }

    private static func text(_ bytes: Bytes) -> String {
        String(decoding: UnsafeBufferPointer(start: bytes.start, count: bytes.count), as: UTF8.self)
    }
}
