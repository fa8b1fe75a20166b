package import Configuration
import Targets

/// Makes the labels of messages out of what came with them: adds the configured ones, relabels, and leaves out names that
/// begin with `__`.
///
/// Remembers the result for label sets that were seen lately. Belongs to one thread.
package struct MessageLabels {
    private let configured: [String: String]
    private let relabelling: Relabelling
    private var known: [[UInt8]: [MessageBatch.Label]?] = [:]

    /// Label sets remembered; beyond, all are forgotten.
    private static let limit = 1_024

    /// - Precondition: the rules compile, which the caller has tried.
    package init(configured: [String: String], rules: [RelabelRule]) {
        self.configured = configured
        guard let compiled = try? Relabelling(rules) else { preconditionFailure("relabel_configs do not compile") }
        relabelling = compiled
    }

    /// The labels of a message that came with `found`; nil when the rules drop it.
    package mutating func labels(of found: [(name: String, value: String)]) -> [MessageBatch.Label]? {
        let key = Self.key(found)
        if let labels = known[key] { return labels }
        var all = Dictionary(found.map { ($0.name, $0.value) }) { $1 }
        all.merge(configured) { $1 }
        let labels = relabelling.labels(of: all).map { result in
            result.filter { !$0.key.hasPrefix("__") }.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) }
        }
        if known.count >= Self.limit { known.removeAll() }
        known[key] = .some(labels)
        return labels
    }

    private static func key(_ labels: [(name: String, value: String)]) -> [UInt8] {
        key(labels.map { ($0.name, Array($0.value.utf8)) })
    }

    /// Every text behind its length, so that no two label sets have the same key.
    package static func key(_ labels: [MessageBatch.Label]) -> [UInt8] {
        var key: [UInt8] = []
        for label in labels {
            for text in [Array(label.name.utf8), label.value] {
                withUnsafeBytes(of: UInt32(truncatingIfNeeded: text.count)) { key.append(contentsOf: $0) }
                key += text
            }
        }
        return key
    }
}
