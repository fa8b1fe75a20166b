import CBytes
import Entries

/// A label's value as three words: of up to ``longest`` bytes the value itself, so that comparing words compares values.
struct ValueDigest: BitwiseCopyable {
    /// Longest value that the words hold.
    private static let longest = 16

    private let text: cbytes_short
    /// The kind and, below it, the length: what tells values apart that differ in zero bytes at the end only.
    private let form: UInt64

    @inline(__always)
    init(_ value: Value) {
        let bytes = value.raw
        form = UInt64(truncatingIfNeeded: bytes.count) | UInt64(value.kind.rawValue) << 32
        if bytes.count > Self.longest {
            text = cbytes_short(first: cbytes_hash(bytes.start, bytes.end, 0), second: 0)
        } else if !bytes.isEmpty, cbytes_may_load(bytes.start, Self.longest) != 0 {
            text = cbytes_load_short(bytes.start, bytes.count)
        } else {
            let key = cbytes_load_key_within(bytes.start, bytes.count)
            text = cbytes_short(first: key.first, second: key.second)
        }
    }

    /// Whether equal words do not prove equal values.
    @inline(__always) var isLong: Bool { UInt32(truncatingIfNeeded: form) > UInt32(Self.longest) }

    @inline(__always)
    func isSame(as other: ValueDigest) -> Bool {
        (text.first ^ other.text.first) | (text.second ^ other.text.second) | (form ^ other.form) == 0
    }

    /// A hash over `hash` and this value.
    ///
    /// Not for adversaries: collisions cost time only.
    @inline(__always)
    func mixed(into hash: UInt64) -> UInt64 {
        cbytes_mix(
            text.first ^ hash ^ 0x9E37_79B9_7F4A_7C15,
            text.second ^ (form &* 0xC2B2_AE3D_27D4_EB4F)
        )
    }
}
