import CBytes
import Entries
import Languages

/// Reads the pairs of a logfmt text, such as `level=info msg="all fine" debug`, one after the other.
///
/// The same texts are taken and refused as by the decoder that Promtail uses: bytes up to 0x20 separate; a key has no
/// `=` and no `"`; a value is a run of bytes without these, or a JSON string (which may also have `\'`). Line breaks
/// begin a new record of the same text.
struct LogfmtReader {
    struct Pair {
        let key: Bytes
        /// Empty when the key stands alone.
        let value: Bytes
    }

    /// Bytes from which on a line is refused.
    static let lineLimit = 64 * 1024

    private var next: UnsafePointer<UInt8>
    private let textEnd: UnsafePointer<UInt8>
    /// Of the line that is being read.
    private var end: UnsafePointer<UInt8>
    private let arena: ByteArena

    /// `arena` takes the values that have escapes.
    init(_ text: Bytes, _ arena: ByteArena) {
        next = text.start
        textEnd = text.end
        end = text.start
        self.arena = arena
        beginLine()
    }

    /// The next pair; nil at the end and at the first mistake.
    @inline(__always)
    mutating func pair() -> Pair? {
        while true {
            while next < end, next.pointee <= 0x20 { next += 1 }
            if next < end { break }
            guard end < textEnd else { return nil }
            next = end + 1
            guard beginLine() else { return nil }
        }
        guard let key = key() else { return nil }
        guard next < end, next.pointee == UInt8(ascii: "=") else { return Pair(key: key, value: .empty) }
        next += 1
        return value().map { Pair(key: key, value: $0) }
    }

    /// Finds the end of the line that begins at `next`; false when it is too long.
    @discardableResult
    private mutating func beginLine() -> Bool {
        end = cbytes_find(next, textEnd, 0x0A)
        guard end - next < Self.lineLimit else {
            // Nothing of it is read, nor of what comes behind.
            next = textEnd
            end = textEnd
            return false
        }
        return true
    }

    @inline(__always)
    private mutating func key() -> Bytes? {
        let start = next
        var all: UInt8 = 0
        while next < end {
            let byte = next.pointee
            if byte <= 0x20 || byte == UInt8(ascii: "=") { break }
            if byte == UInt8(ascii: "\"") { return nil }
            all |= byte
            next += 1
        }
        let key = Bytes(from: start, to: next)
        return key.isEmpty || all >= 0x80 && Self.isDamaged(key) ? nil : key
    }

    /// Whether a key has bytes that are not UTF-8, or U+FFFD, which Go cannot tell from them.
    private static func isDamaged(_ key: Bytes) -> Bool {
        !key.isUTF8 || Bytes.with([0xEF, 0xBF, 0xBD]) { key.contains($0) }
    }

    @inline(__always)
    private mutating func value() -> Bytes? {
        if next < end, next.pointee == UInt8(ascii: "\"") { return quotedValue() }
        let start = next
        while next < end, next.pointee > 0x20 {
            if next.pointee == UInt8(ascii: "=") || next.pointee == UInt8(ascii: "\"") { return nil }
            next += 1
        }
        return Bytes(from: start, to: next)
    }

    /// The value in quotes that begins here; control characters are a mistake only next to escapes.
    private mutating func quotedValue() -> Bytes? {
        let start = next + 1
        var hasEscape = false
        var hasControl = false
        var seen: UInt32 = 0
        var stop = cbytes_json_stop(start, end, &seen)
        while stop < end {
            switch stop.pointee {
            case UInt8(ascii: "\""):
                next = stop + 1
                let raw = Bytes(from: start, to: stop)
                guard hasEscape else { return raw }
                return hasControl ? nil : decoded(raw)
            case UInt8(ascii: "\\"):
                hasEscape = true
                guard end - stop >= 2 else { return nil }
                hasControl = hasControl || stop[1] < 0x20
                stop = cbytes_json_stop(stop + 2, end, &seen)
            default:
                hasControl = true
                stop = cbytes_json_stop(stop + 1, end, &seen)
            }
        }
        return nil
    }

    /// What stands between the quotes, escapes decoded; nil when one of them is none.
    ///
    /// As in Go each byte that is not UTF-8 becomes U+FFFD here, which takes three bytes; escapes only get shorter.
    private func decoded(_ raw: Bytes) -> Bytes? {
        let isUTF8 = raw.isUTF8
        let room = arena.allocate(isUTF8 ? raw.count : 3 * raw.count)
        var write = room
        var read = raw.start
        while read < raw.end {
            let escape = cbytes_copy_to_escape(read, raw.end, write)
            write = isUTF8 ? write + (escape - read) : Self.repair(Bytes(from: read, to: escape), write)
            read = escape
            guard read < raw.end else { break }
            if raw.end - read >= 2, read[1] == UInt8(ascii: "'") {
                write.pointee = UInt8(ascii: "'")
                write += 1
                read += 2
            } else if !JSONEscapes.decodeEscape(&read, raw.end, &write, .encodingJSON) {
                return nil
            }
        }
        return Bytes(from: room, to: write)
    }

    /// Writes `text` with U+FFFD for each byte that is not UTF-8; gives the place behind it.
    private static func repair(
        _ text: Bytes,
        _ output: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var write = output
        var index = 0
        while index < text.count {
            if let (_, width) = text.scalar(at: index) {
                write = text[index..<index + width].copy(to: write)
                index += width
            } else {
                (write[0], write[1], write[2]) = (0xEF, 0xBF, 0xBD)
                write += 3
                index += 1
            }
        }
        return write
    }
}
