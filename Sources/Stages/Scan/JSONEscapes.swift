import CBytes
import Entries

/// Decoding of the escapes in JSON strings (RFC 8259 section 7).
enum JSONEscapes {
    /// What becomes of two surrogates in a row that make no character: U+FFFD for each.
    enum Dialect {
        /// Both at once, as json-iterator does; Promtail reads log lines with it.
        case jsonIterator
        /// The first, and the second is looked at anew, as Go's own package and its logfmt decoder do.
        case encodingJSON
    }

    /// The text of a string's inside; a lone surrogate becomes U+FFFD, anything that is no escape stays as it is.
    static func decoded(_ raw: Bytes) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: raw.count) { buffer, count in
            count = buffer.baseAddress.map { decode(raw, into: $0) } ?? 0
        }
    }

    /// Writes the text of a string's inside to `output`, which has room for `raw.count` bytes; gives the count written.
    static func decode(_ raw: Bytes, into output: UnsafeMutablePointer<UInt8>) -> Int {
        var next = raw.start
        var write = output
        while next < raw.end {
            let escape = cbytes_copy_to_escape(next, raw.end, write)
            write += escape - next
            next = escape
            if next < raw.end, !decodeEscape(&next, raw.end, &write, .jsonIterator) {
                write.pointee = next.pointee
                write += 1
                next += 1
            }
        }
        return write - output
    }

    /// Writes what the escape at `next` stands for and moves behind it (two of them where they make one character);
    /// false when there is none.
    static func decodeEscape(
        _ next: inout UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        _ write: inout UnsafeMutablePointer<UInt8>,
        _ dialect: Dialect
    ) -> Bool {
        guard let behind = JSONCursor.behindEscape(next, end) else { return false }
        if next[1] == 0x75 {
            next = decodeUnicode(next, behind, end, &write, dialect)
        } else {
            write.pointee = simple(next[1])
            write += 1
            next = behind
        }
        return true
    }

    /// Writes what the escape or the byte at `next` stands for; gives the place behind it.
    @inline(__always)
    static func decodeUnit(
        _ next: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        _ write: inout UnsafeMutablePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        var behind = next
        if next.pointee == 0x5C, decodeEscape(&behind, end, &write, .jsonIterator) { return behind }
        write.pointee = next.pointee
        write += 1
        return next + 1
    }

    private static func decodeUnicode(
        _ start: UnsafePointer<UInt8>,
        _ behind: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        _ write: inout UnsafeMutablePointer<UInt8>,
        _ dialect: Dialect
    ) -> UnsafePointer<UInt8> {
        let first = hexValue(start + 2)
        if first & 0xF800 == 0xD800, end - behind >= 6, behind[0] == 0x5C, behind[1] == 0x75,
            JSONCursor.behindEscape(behind, end) != nil
        {
            let second = hexValue(behind + 2)
            if first < 0xDC00, second & 0xFC00 == 0xDC00 {
                append(0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF), to: &write)
                return behind + 6
            }
            if dialect == .jsonIterator, second & 0xF800 == 0xD800 {
                append(0xFFFD, to: &write)
                append(0xFFFD, to: &write)
                return behind + 6
            }
        }
        append(first & 0xF800 == 0xD800 ? 0xFFFD : first, to: &write)
        return behind
    }

    /// Appends a scalar as UTF-8: never more bytes than its escape has.
    private static func append(_ value: UInt32, to write: inout UnsafeMutablePointer<UInt8>) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            write.pointee = byte
            write += 1
        }
    }

    private static func simple(_ letter: UInt8) -> UInt8 {
        switch letter {
        case 0x62: 0x08
        case 0x66: 0x0C
        case 0x6E: 0x0A
        case 0x72: 0x0D
        case 0x74: 0x09
        default: letter
        }
    }

    /// The ASCII character whose escape begins with the backslashes at `start`, and the place behind it; nil if none does.
    static func asciiEscape(
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>
    ) -> (byte: UInt8, behind: UnsafePointer<UInt8>)? {
        var next = start
        while next < end, next.pointee == 0x5C { next += 1 }
        guard end - next >= 5, next[0] == 0x75, next[1] == 0x30, next[2] == 0x30, next[3] < 0x38 else { return nil }
        guard isHexDigit(next[3]), isHexDigit(next[4]) else { return nil }
        return (UInt8(truncatingIfNeeded: hexValue(of: next[3]) << 4 | hexValue(of: next[4])), next + 5)
    }

    static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    /// The value of a hexadecimal digit.
    static func hexValue(of digit: UInt8) -> UInt32 {
        UInt32(digit <= 0x39 ? digit - 0x30 : (digit | 0x20) - 0x61 + 10)
    }

    private static func hexValue(_ digits: UnsafePointer<UInt8>) -> UInt32 {
        (0..<4).reduce(0) { $0 << 4 | hexValue(of: digits[$1]) }
    }
}
