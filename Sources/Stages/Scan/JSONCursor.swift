import CBytes
import Entries
import Languages

/// A place in a JSON text and the tokens that can be read from there.
///
/// Every function either moves behind a well-formed token or says that there is none; where it then stands is undefined.
struct JSONCursor {
    struct StringToken {
        /// Between the quotes, escapes as they stand.
        var content: Bytes
        var hasEscape: Bool
        /// Whether an `=` or `:` occurs in a part without escapes.
        var hasSeparator: Bool
    }

    var next: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    init(_ text: Bytes) {
        next = text.start
        end = text.end
    }

    /// The byte here; 0 at the end (a NUL begins no token either).
    @inline(__always) var peek: UInt8 { next < end ? next.pointee : 0 }

    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
        guard next < end, next.pointee == byte else { return false }
        next += 1
        return true
    }

    mutating func takeWord(_ word: StaticString) -> Bool {
        guard end - next >= word.utf8CodeUnitCount else { return false }
        for index in 0..<word.utf8CodeUnitCount where next[index] != word.utf8Start[index] { return false }
        next += word.utf8CodeUnitCount
        return true
    }

    /// The string that begins here.
    ///
    /// A control character is an error unless an escape came before it, as in Promtail.
    @inline(__always)
    mutating func string() -> StringToken? {
        guard take(0x22) else { return nil }
        let start = next
        var seen: UInt32 = 0
        let stop = cbytes_json_stop(start, end, &seen)
        if stop < end, stop.pointee == 0x22 {
            next = stop + 1
            return StringToken(
                content: Bytes(from: start, to: stop),
                hasEscape: false,
                hasSeparator: seen != 0
            )
        }
        return stringWithEscapes(from: start, stop: stop, seen: seen)
    }

    @inline(never)
    private mutating func stringWithEscapes(
        from start: UnsafePointer<UInt8>,
        stop first: UnsafePointer<UInt8>,
        seen already: UInt32
    ) -> StringToken? {
        var stop = first
        var seen = already
        var hasEscape = false
        while stop < end {
            switch stop.pointee {
            case 0x22:
                next = stop + 1
                return StringToken(
                    content: Bytes(from: start, to: stop),
                    hasEscape: hasEscape,
                    hasSeparator: seen != 0
                )
            case 0x5C:
                hasEscape = true
                guard let behind = Self.behindEscape(stop, end) else { return nil }
                stop = cbytes_json_stop(behind, end, &seen)
            default:
                guard hasEscape else { return nil }
                stop = cbytes_json_stop(stop + 1, end, &seen)
            }
        }
        return nil
    }

    /// Where the escape at `start` ends; nil if it is none.
    static func behindEscape(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
        guard end - start >= 2 else { return nil }
        switch start[1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return start + 2
        case 0x75:
            guard end - start >= 6 else { return nil }
            for index in 2..<6 where !JSONEscapes.isHexDigit(start[index]) { return nil }
            return start + 6
        default: return nil
        }
    }

    /// The number or word that begins with `opener` here.
    @inline(__always)
    mutating func scalar(_ opener: UInt8) -> Value.Kind? {
        switch opener {
        case 0x30...0x39, 0x2D: number() ? .number : nil
        case 0x74: takeWord("true") ? .bool : nil
        case 0x66: takeWord("false") ? .bool : nil
        case 0x6E: takeWord("null") ? .null : nil
        default: nil
        }
    }

    /// RFC 8259 section 6: no leading zeros, digits on both sides of the point.
    ///
    /// A number too large for a double is an error, as in Promtail.
    @inline(__always)
    private mutating func number() -> Bool {
        let start = next
        _ = take(0x2D)
        if !take(0x30) {
            guard next < end, (0x31...0x39).contains(next.pointee) else { return false }
            skipDigits()
        }
        if take(0x2E), !skipDigits() { return false }
        if next < end, next.pointee | 0x20 == 0x65 {
            next += 1
            if !take(0x2B) { _ = take(0x2D) }
            if !skipDigits() { return false }
            return isInReach(from: start)
        }
        return next - start <= Self.safeNumber || isInReach(from: start)
    }

    /// A number of so many bytes without an exponent fits a double.
    static let safeNumber = 300

    /// Whether the number between `start` and here fits a double.
    @inline(never)
    private func isInReach(from start: UnsafePointer<UInt8>) -> Bool {
        GoNumber.parseFloat(Bytes(from: start, to: next)) != nil
    }

    @inline(__always)
    @discardableResult
    private mutating func skipDigits() -> Bool {
        let start = next
        while next < end, next.pointee &- 0x30 < 10 { next += 1 }
        return next > start
    }
}
