import Receivers
import Stages

/// The label sets that lines come with, as bases of one pipeline: equal ones are one, also when a file has taken the place
/// of another, so that stages which hold pieces of lines see that they belong together.
///
/// A base that nothing uses any more is remembered for a while. Belongs to the worker's thread.
struct LabelBases {
    private struct Base {
        let number: Int
        /// Sources, or batches of messages under way, that have it.
        var users = 0
    }

    private var known: [[UInt8]: Base] = [:]
    private var unusedCount = 0

    /// Bases remembered that nothing has; beyond, all of them are forgotten.
    private static let unusedLimit = 256

    /// The base of a label set, and the key by which ``release(_:)`` gives it back.
    mutating func retain(_ labels: [MessageBatch.Label], in labelSets: LabelSets) -> (number: Int, key: [UInt8]) {
        let key = MessageLabels.key(labels)
        if let index = known.index(forKey: key) {
            if known.values[index].users == 0 { unusedCount -= 1 }
            known.values[index].users += 1
            return (known.values[index].number, key)
        }
        if unusedCount >= Self.unusedLimit { forgetUnused(labelSets) }
        let number = labelSets.addBase(labels)
        known[key] = Base(number: number, users: 1)
        return (number, key)
    }

    /// One user less has the base.
    mutating func release(_ key: [UInt8]) {
        guard let index = known.index(forKey: key) else { return }
        known.values[index].users -= 1
        if known.values[index].users == 0 { unusedCount += 1 }
    }

    private mutating func forgetUnused(_ labelSets: LabelSets) {
        for (key, base) in known where base.users == 0 {
            labelSets.removeBase(base.number)
            known[key] = nil
        }
        unusedCount = 0
    }
}
