import CBytes
import Entries

/// Remembers verdicts on keys, and which key followed which: log lines use the same few keys in the same order.
///
/// A key of up to ``longestKey`` bytes is filed with its closing quote, so that three loads tell whether the expected
/// key stands at a place; only when another one does is its end looked for and the table asked. Direct-mapped, 64 bytes
/// a place. Owned by a scan; freed by its owner.
struct KeySequence: BitwiseCopyable {
    /// Longest key that is remembered, in bytes.
    static let longestKey = 23
    /// Bytes that must be readable where a key is expected.
    private static let window = 24
    private static let size = 256

    struct Place: BitwiseCopyable {
        fileprivate var words = cbytes_key()
        fileprivate var masks = cbytes_key()
        /// Where the key that came next the last time is filed.
        fileprivate var successor: Int32 = 0
        /// Bytes of the key; 0 where none is filed (an empty key never is).
        fileprivate var length: UInt16 = 0
        /// The node of the object that the key stands in.
        fileprivate var parent: Int16 = -2
        fileprivate var verdict = KeyVerdict.nothing
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

    /// The key expected behind the one at `place`, if it stands at `start`: its verdict and length.
    ///
    /// `place` moves on to it; `end` is the end of the readable bytes.
    @inline(__always)
    func expected(
        at start: UnsafePointer<UInt8>,
        readableTo end: UnsafePointer<UInt8>,
        below node: Int16,
        behind place: inout UnsafeMutablePointer<Place>
    ) -> (verdict: KeyVerdict, length: Int)? {
        let next = places + Int(place.pointee.successor)
        guard end - start >= Self.window, next.pointee.parent == node else { return nil }
        let difference =
            ((cbytes_load64(start) ^ next.pointee.words.first) & next.pointee.masks.first)
            | ((cbytes_load64(start + 8) ^ next.pointee.words.second) & next.pointee.masks.second)
            | ((cbytes_load64(start + 16) ^ next.pointee.words.third) & next.pointee.masks.third)
        guard difference == 0 else { return nil }
        place = next
        return (next.pointee.verdict, Int(next.pointee.length))
    }

    /// The verdict on `key`, which has no escapes and is followed by its closing quote, from memory or from `judge`.
    ///
    /// `place` moves on to where the key is filed, if it is.
    func verdict(
        _ key: Bytes,
        below node: Int16,
        behind place: inout UnsafeMutablePointer<Place>,
        judge: (Bytes, Int16) -> KeyVerdict
    ) -> KeyVerdict {
        guard key.count <= Self.longestKey, !key.isEmpty else { return judge(key, node) }
        let length = key.count + 1
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
        found.pointee = Place(
            words: words,
            masks: cbytes_key_masks(length),
            length: UInt16(key.count),
            parent: node,
            verdict: verdict
        )
        return verdict
    }
}
