import CBytes
import Entries

/// What bytes mean in text that has no structure one could rely on.
enum TextCharacters {
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "`")
    }

    /// Letters, digits, some punctuation, and everything beyond ASCII.
    @inline(__always)
    static func isNameByte(_ byte: UInt8) -> Bool { cbytes_is_name(byte) != 0 }

    /// Punctuation that can end a value without quotes.
    static func isClosing(_ byte: UInt8) -> Bool {
        switch byte {
        // , ; ) ] } > ' " ` | <
        case 0x2C, 0x3B, 0x29, 0x5D, 0x7D, 0x3E, 0x27, 0x22, 0x60, 0x7C, 0x3C: true
        default: false
        }
    }

    /// Behind the blanks, tabs and colours (`ESC [ ... m`) that begin at `start`.
    static func behindBlanks(
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        var next = start
        while next < end {
            if isBlank(next.pointee) {
                next += 1
            } else if let behind = behindColour(next, end) {
                next = behind
            } else {
                break
            }
        }
        return next
    }

    private static func behindColour(
        _ start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8>? {
        guard start.pointee == 0x1B, end - start > 2, start[1] == UInt8(ascii: "[") else { return nil }
        var next = start + 2
        while next < end, isColourByte(next.pointee) { next += 1 }
        return next < end && next.pointee == UInt8(ascii: "m") ? next + 1 : nil
    }

    /// In front of the blanks, tabs and colours that end at `end`, not further back than `lowest`.
    static func beforeBlanks(
        _ end: UnsafePointer<UInt8>,
        _ lowest: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        var last = end
        while last > lowest {
            if isBlank(last[-1]) {
                last -= 1
            } else if let before = beforeColour(last, lowest) {
                last = before
            } else {
                break
            }
        }
        return last
    }

    private static func beforeColour(
        _ end: UnsafePointer<UInt8>,
        _ lowest: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8>? {
        guard end[-1] == UInt8(ascii: "m") else { return nil }
        var start = end - 1
        while start > lowest, isColourByte(start[-1]) { start -= 1 }
        guard start - lowest >= 2, start[-1] == UInt8(ascii: "["), start[-2] == 0x1B else { return nil }
        return start - 2
    }

    private static func isColourByte(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || byte == UInt8(ascii: ";") }

    /// Whether a name and then `=` or `:` stand at `start`; a run of `=` ends base64 and names nothing.
    static func beginsPair(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
        var next = start
        while next < end, isNameByte(next.pointee) { next += 1 }
        guard next > start, next < end else { return false }
        if next.pointee == UInt8(ascii: ":") { return true }
        guard next.pointee == UInt8(ascii: "=") else { return false }
        return next + 1 < end && next[1] > 0x20 && next[1] != UInt8(ascii: "=")
    }
}
