import CBytes
import Entries

/// What is known about a key of a JSON object at a place of the document.
struct KeyVerdict {
    /// Node of the path tree that the key leads to; negative when nobody asked for anything there.
    var node: Int16
    /// Whether the key names a secret.
    var isSecret: Bool

    static let nothing = KeyVerdict(node: -1, isSecret: false)
}

/// Remembers verdicts on keys: log lines use the same few keys over and over.
///
/// Direct-mapped; a key of up to 24 bytes is compared whole by three loads, longer ones are judged each time. Freed by
/// its owner.
struct KeyTable<Verdict: BitwiseCopyable> {
    private struct Place {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var tag: UInt32 = 0
        var verdict: Verdict
    }

    /// Longest key that is remembered.
    private static var longestKey: Int { 24 }
    private static var size: Int { 512 }
    private let places: UnsafeMutablePointer<Place>

    /// An empty table; `unknown` fills the places where nothing is remembered and is never given out.
    init(unknown: Verdict) {
        places = .allocate(capacity: Self.size)
        places.initialize(repeating: Place(verdict: unknown), count: Self.size)
    }

    func deallocate() { places.deallocate() }

    /// The verdict on `key` below `node`, from memory or from `judge`.
    ///
    /// - Parameter end: the end of the readable bytes that the key lies in.
    @inline(__always)
    func verdict(
        _ key: Bytes, readableTo end: UnsafePointer<UInt8>, below node: Int16, judge: (Bytes, Int16) -> Verdict
    ) -> Verdict {
        let count = key.count
        guard count <= Self.longestKey else { return judge(key, node) }
        let words =
            end - key.start >= Self.longestKey
            ? cbytes_load_key(key.start, count) : cbytes_load_key_within(key.start, count)
        var hash = words.first ^ (words.second &* 0x9E37_79B9_7F4A_7C15) ^ (words.third &* 0xC2B2_AE3D_27D4_EB4F)
        hash = (hash ^ UInt64(truncatingIfNeeded: count) ^ (UInt64(UInt16(bitPattern: node)) << 40)) &* 0xD6E8_FEB8_6659_FD93
        let place = places + Int(truncatingIfNeeded: hash >> 55)
        let tag = Self.tag(count, node)
        let difference =
            (place.pointee.first ^ words.first) | (place.pointee.second ^ words.second)
            | (place.pointee.third ^ words.third) | UInt64(place.pointee.tag ^ tag)
        if difference == 0 { return place.pointee.verdict }
        let verdict = judge(key, node)
        place.pointee = Place(
            first: words.first, second: words.second, third: words.third, tag: tag, verdict: verdict)
        return verdict
    }

    /// Length and node in one number; never 0 for a key that was filed.
    @inline(__always)
    private static func tag(_ count: Int, _ node: Int16) -> UInt32 {
        UInt32(truncatingIfNeeded: count + 1) << 16 | UInt32(UInt16(bitPattern: node))
    }
}
