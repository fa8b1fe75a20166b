import Entries

/// Comparing without regard to the case of ASCII letters.
enum LetterCase {
    @inline(__always)
    static func lowered(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// Whether `text` is `lower`, which has no upper-case letters, whatever the case of `text`.
    static func isEqual(_ text: Bytes, toLower lower: Bytes) -> Bool {
        guard text.count == lower.count else { return false }
        for index in 0..<text.count where lowered(text[index]) != lower[index] { return false }
        return true
    }
}
