import Entries

/// A copy of a text in which U+FFFD stands for each byte that is not part of well-formed UTF-8, and the way back.
///
/// Go's regexp reads such a byte as U+FFFD one byte wide; neither RE2 nor PCRE2 does.
final class RepairedText {
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    /// Places of the damaged bytes in the original, ascending.
    private var damage: [Int] = []

    init() {
        capacity = 64
        bytes = .allocate(capacity: capacity)
    }

    deinit { bytes.deallocate() }

    /// Valid until the next `assign`.
    var text: Bytes { Bytes(bytes, count: count) }

    func assign(_ original: Bytes) {
        reserve(3 * original.count)
        damage.removeAll(keepingCapacity: true)
        var read = 0
        var write = 0
        while read < original.count {
            let length = UTF8Scalar.length(in: original, at: read)
            if length == 0 {
                damage.append(read)
                (bytes[write], bytes[write + 1], bytes[write + 2]) = (0xEF, 0xBF, 0xBD)
                read += 1
                write += 3
            } else {
                (bytes + write).update(from: original.start + read, count: length)
                read += length
                write += length
            }
        }
        count = write
    }

    /// Where index `place` of the original is in the copy.
    func index(ofOriginal place: Int) -> Int {
        place + 2 * damageCount { damage[$0] < place }
    }

    /// Where index `place` of the copy, between two characters, is in the original.
    func originalIndex(of place: Int) -> Int {
        place - 2 * damageCount { damage[$0] + 2 * $0 < place }
    }

    /// How many damaged bytes come first for which `isBefore` holds; it holds for none after one for which it does not.
    private func damageCount(_ isBefore: (Int) -> Bool) -> Int {
        var low = 0
        var high = damage.count
        while low < high {
            let middle = (low + high) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        bytes.deallocate()
        capacity = wanted
        bytes = .allocate(capacity: capacity)
    }
}
