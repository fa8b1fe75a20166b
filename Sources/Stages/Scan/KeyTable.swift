import CBytes
import Entries

/// Remembers verdicts on short texts that come again and again: keys, levels, label values.
///
/// Direct-mapped; a text of up to 24 bytes is compared whole by three loads, longer ones are judged each time. Freed by
/// its owner.
struct KeyTable<Verdict: BitwiseCopyable> {
    private struct Place {
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        /// One more than there are bytes; 0 where nothing is filed.
        var tag = 0
        var verdict: Verdict
    }

    /// Longest text that is remembered.
    private static var longestKey: Int { 24 }
    private static var size: Int { 512 }
    private let places: UnsafeMutablePointer<Place>

    /// An empty table; `unknown` fills the places where nothing is remembered and is never given out.
    init(unknown: Verdict) {
        places = .allocate(capacity: Self.size)
        places.initialize(repeating: Place(verdict: unknown), count: Self.size)
    }

    func deallocate() { places.deallocate() }

    /// The verdict on `key`, from memory or from `judge`; `end` is the end of the readable bytes that the key lies in.
    @inline(__always)
    func verdict(_ key: Bytes, readableTo end: UnsafePointer<UInt8>, judge: (Bytes) -> Verdict) -> Verdict {
        let count = key.count
        guard count <= Self.longestKey else { return judge(key) }
        let words =
            end - key.start >= Self.longestKey
            ? cbytes_load_key(key.start, count) : cbytes_load_key_within(key.start, count)
        var hash = words.first ^ (words.second &* 0x9E37_79B9_7F4A_7C15) ^ (words.third &* 0xC2B2_AE3D_27D4_EB4F)
        hash = (hash ^ UInt64(truncatingIfNeeded: count)) &* 0xD6E8_FEB8_6659_FD93
        let place = places + Int(truncatingIfNeeded: hash >> 55)
        let difference =
            (place.pointee.first ^ words.first) | (place.pointee.second ^ words.second)
            | (place.pointee.third ^ words.third) | UInt64(truncatingIfNeeded: place.pointee.tag ^ (count + 1))
        if difference == 0 { return place.pointee.verdict }
        let verdict = judge(key)
        place.pointee = Place(
            first: words.first,
            second: words.second,
            third: words.third,
            tag: count + 1,
            verdict: verdict
        )
        return verdict
    }
}
