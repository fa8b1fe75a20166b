import CBytes
import Entries

/// Remembers verdicts on keys, and which key followed which: log lines use the same few keys in the same order.
///
/// A key of up to ``longestKey`` bytes is filed with its closing quote, and with the colon where that comes right behind,
/// so that three loads tell whether the expected key stands at a place; only when another one does is its end looked for
/// and the table asked. Direct-mapped, 64 bytes
/// a place. Owned by a scan; freed by its owner.
struct KeySequence: BitwiseCopyable {
    /// Longest key that is remembered, in bytes.
    static let longestKey = 22
    private static let size = 256

    struct Place: BitwiseCopyable {
        fileprivate var words = cbytes_key()
        fileprivate var masks = cbytes_key()
        /// Where the key that came next the last time is filed.
        fileprivate var successor: Int32 = 0
        /// Bytes that are filed: the key, its quote, and the colon if it has one; 0 where none is filed.
        private(set) var length: UInt16 = 0
        /// The node of the object that the key stands in.
        fileprivate var parent: Int16 = -2
        private(set) var verdict = KeyVerdict.nothing
        /// Whether the colon is filed, too.
        private(set) var hasColon = false

        fileprivate init() {}

        fileprivate init(length: Int, hasColon: Bool, words: cbytes_key, below node: Int16, _ verdict: KeyVerdict) {
            self.words = words
            masks = cbytes_key_masks(length)
            self.length = UInt16(length)
            self.hasColon = hasColon
            parent = node
            self.verdict = verdict
        }
    }

    private let places: UnsafeMutablePointer<Place>

    init() {
        // The place behind the last one stands for the beginning of a line.
        places = .allocate(capacity: Self.size + 1)
        places.initialize(repeating: Place(), count: Self.size + 1)
    }

    func deallocate() { places.deallocate() }

    /// The place to start a line from.
    @inline(__always) var beginning: UnsafeMutablePointer<Place> { places + Self.size }

    /// The place of the key expected behind the one at `place`, if that key stands at `start`; `end` ends the text.
    @inline(__always)
    func expected(
        at start: UnsafePointer<UInt8>,
        before end: UnsafePointer<UInt8>,
        below node: Int16,
        behind place: UnsafeMutablePointer<Place>
    ) -> UnsafeMutablePointer<Place>? {
        let next = places + Int(place.pointee.successor)
        guard next.pointee.parent == node,
            cbytes_key_stands(start, end, Int(next.pointee.length), next.pointee.words, next.pointee.masks) != 0
        else { return nil }
        return next
    }

    /// The verdict on `key`, which has no escapes and is followed by its closing quote, from memory or from `judge`.
    ///
    /// With `hasColon` the colon comes right behind the quote.
    /// `place` moves on to where the key is filed, if it is.
    func verdict(
        _ key: Bytes,
        hasColon: Bool,
        below node: Int16,
        behind place: inout UnsafeMutablePointer<Place>,
        judge: (Bytes, Int16) -> KeyVerdict
    ) -> KeyVerdict {
        guard key.count <= Self.longestKey, !key.isEmpty else { return judge(key, node) }
        let length = key.count + (hasColon ? 2 : 1)
        let words = cbytes_load_key_within(key.start, length)
        var hash = words.first ^ (words.second &* 0x9E37_79B9_7F4A_7C15) ^ (words.third &* 0xC2B2_AE3D_27D4_EB4F)
        hash = (hash ^ (UInt64(UInt16(bitPattern: node)) << 40)) &* 0xD6E8_FEB8_6659_FD93
        let index = Int(truncatingIfNeeded: hash >> 56)
        let found = places + index
        place.pointee.successor = Int32(index)
        place = found
        if found.pointee.parent == node, found.pointee.words.first == words.first,
            found.pointee.words.second == words.second, found.pointee.words.third == words.third
        {
            return found.pointee.verdict
        }
        let verdict = judge(key, node)
        found.pointee = Place(length: length, hasColon: hasColon, words: words, below: node, verdict)
        return verdict
    }
}
