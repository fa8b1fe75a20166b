import Receivers
import Stages

/// The label sets of messages as bases of one pipeline, remembered while they are used or were used lately.
///
/// Belongs to the worker's thread.
struct MessageBases {
    private struct Base {
        let number: Int
        /// Batches of messages under way that have it.
        var users = 0
    }

    private var known: [[UInt8]: Base] = [:]

    /// Bases remembered that nothing under way has; beyond, those are forgotten.
    private static let limit = 1_024

    /// The base of a label set, and the key by which ``release(_:)`` gives it back.
    mutating func retain(_ labels: [MessageBatch.Label], in labelSets: LabelSets) -> (number: Int, key: [UInt8]) {
        let key = MessageLabels.key(labels)
        if let index = known.index(forKey: key) {
            known.values[index].users += 1
            return (known.values[index].number, key)
        }
        if known.count >= Self.limit { forgetUnused(labelSets) }
        let number = labelSets.addBase(labels)
        known[key] = Base(number: number, users: 1)
        return (number, key)
    }

    /// One batch less has the base.
    mutating func release(_ key: [UInt8]) { known[key]?.users -= 1 }

    private mutating func forgetUnused(_ labelSets: LabelSets) {
        for (key, base) in known where base.users == 0 {
            labelSets.removeBase(base.number)
            known[key] = nil
        }
    }
}
