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

    private struct Known {
        var hash: UInt64 = 0
        var key: [UInt8] = []
        var outcome: Outcome?
    }

    /// Fields that rules read; nil: every field, since a labelmap looks at all names.
    let fields: [String]?

    private static let prefix = "__journal_"
    private static let priorityKeyword = "__journal_priority_keyword"
    private static let priorities = ["emerg", "alert", "crit", "error", "warning", "notice", "info", "debug"]
    /// Bytes of a value that becomes a label, as libsystemd's own limit is for Promtail: 64 KiB.
    private static let longestValue = 64 << 10
    /// Label sets kept; beyond, all are forgotten.
    private static let limit = 4_096
    /// Places for what was seen lately, a power of two.
    private static let places = 1_024

    private var source: MessageLabels
    private var known = [Known](repeating: Known(), count: places)
    private var sets: [[MessageBatch.Label]] = []
    /// The fields' names as they stand in the journal.
    private let names: [[UInt8]]
    /// Where all fields are collected: room for the key that is kept.
    private var key: [UInt8] = []

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

    /// Whether no further label set may be made before ``forget()``: a batch that uses the numbers ends then.
    var isFull: Bool { sets.count >= Self.limit }

    mutating func forget() {
        for index in known.indices { known[index] = Known() }
        sets.removeAll()
    }

    // MARK: - An entry

    /// The labels of the entry, of which `journal` has collected the line and behind it ``fields``, in their order.
    mutating func labels(ofWanted journal: JournalHandle) -> Outcome {
        guard let key = journal.key(longestValue: Self.longestValue) else { return .none }
        return labels(key.text, key.hash) { labels in
            (labels.fields ?? []).enumerated().compactMap { number, name in
                journal.value(ofWanted: number + 1).map { (name, $0) }
            }
        }
    }

    /// The labels of the entry, of which `journal` has collected all fields.
    mutating func labels(ofAll journal: JournalHandle) -> Outcome {
        let found =
            fields == nil ? Array(0..<journal.fieldCount) : names.compactMap { Self.lastField(named: $0, journal) }
        key.removeAll(keepingCapacity: true)
        for index in found {
            append(journal.name(ofField: index))
            append(Self.cut(journal.value(ofField: index)))
        }
        let key = key
        return Bytes.with(key) { text in
            labels(text, Hashing.xxh64(text)) { _ in
                found.map { (Self.text(journal.name(ofField: $0)), journal.value(ofField: $0)) }
            }
        }
    }

    /// `found` gives the fields, where they were not seen lately.
    private mutating func labels(
        _ key: Bytes,
        _ hash: UInt64,
        _ found: (JournalLabels) -> [(name: String, value: Bytes)]
    ) -> Outcome {
        let place = Int(truncatingIfNeeded: hash & UInt64(Self.places - 1))
        if known[place].hash == hash, let outcome = known[place].outcome,
            Bytes.with(known[place].key, { $0 == key })
        {
            return outcome
        }
        let outcome = resolve(found(self))
        let copy = Array(UnsafeBufferPointer(start: key.start, count: key.count))
        known[place] = Known(hash: hash, key: copy, outcome: outcome)
        return outcome
    }

    private mutating func resolve(_ fields: [(name: String, value: Bytes)]) -> Outcome {
        var labels: [(name: String, value: String)] = []
        for field in fields {
            let value = Self.text(Self.cut(field.value))
            labels.append((Self.prefix + field.name.lowercased(), value))
            if field.name == "PRIORITY" {
                let keyword = Int(value).flatMap { Self.priorities.indices.contains($0) ? Self.priorities[$0] : nil }
                labels.append((Self.priorityKeyword, value.count == 1 ? keyword ?? value : value))
            }
        }
        guard let result = source.labels(of: labels) else { return .dropped }
        guard !result.isEmpty else { return .none }
        sets.append(result)
        return .labels(sets.count - 1)
    }

    private static func lastField(named name: [UInt8], _ journal: JournalHandle) -> Int? {
        Bytes.with(name) { name in
            (0..<journal.fieldCount).last { journal.name(ofField: $0) == name }
        }
    }

    private mutating func append(_ text: Bytes) {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.count)) { key.append(contentsOf: $0) }
        key.append(contentsOf: UnsafeBufferPointer(start: text.start, count: text.count))
    }

    private static func cut(_ value: Bytes) -> Bytes { value[0..<min(value.count, longestValue)] }

    private static func text(_ bytes: Bytes) -> String {
        String(decoding: UnsafeBufferPointer(start: bytes.start, count: bytes.count), as: UTF8.self)
    }
}
