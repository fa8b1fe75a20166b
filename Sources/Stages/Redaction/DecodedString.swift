import Entries

/// A text with its escapes decoded and, for each byte of the result, where in the text it is written.
///
/// Memory is kept from string to string; freed by the owner with ``deallocate()``.
struct DecodedString {
    private var bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    /// One more than there are bytes: the last is the end of the string.
    private var offsets = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    private var capacity = 1
    private var count = 0
    private var raw = Bytes.empty

    /// Readable bytes behind the text.
    private static let slack = 64
    /// Room that is kept for the next string; more is given back then.
    private static let keptCapacity = 64 * 1024

    func deallocate() {
        bytes.deallocate()
        offsets.deallocate()
    }

    /// The text, valid until the next string is decoded.
    var text: Bytes { Bytes(bytes, count: count) }

    /// Decodes the inside of a JSON string.
    mutating func decode(_ string: Bytes) {
        decode(string) { next, write in JSONEscapes.decodeUnit(next, string.end, &write) }
    }

    /// Decodes only ASCII characters that are written as `\u00..`, with any number of backslashes: strings inside of
    /// strings have more.
    mutating func decodeASCIIEscapes(_ text: Bytes) {
        decode(text) { next, write in
            if next.pointee == 0x5C, let (byte, behind) = JSONEscapes.asciiEscape(next, text.end) {
                write.pointee = byte
                write += 1
                return behind
            }
            write.pointee = next.pointee
            write += 1
            return next + 1
        }
    }

    /// `unit` writes what stands at a place and gives the place behind it; it writes no more bytes than it reads.
    @inline(__always)
    private mutating func decode(
        _ string: Bytes,
        unit: (UnsafePointer<UInt8>, inout UnsafeMutablePointer<UInt8>) -> UnsafePointer<UInt8>
    ) {
        raw = string
        if string.count >= capacity || capacity > Self.keptCapacity { resize(to: string.count + 1) }
        var next = string.start
        var write = bytes
        while next < string.end {
            let offset = Int32(truncatingIfNeeded: next - string.start)
            let start = write
            next = unit(next, &write)
            for byte in (start - bytes)..<(write - bytes) { offsets[byte] = offset }
        }
        count = write - bytes
        offsets[count] = Int32(truncatingIfNeeded: string.count)
    }

    /// Where in the string the stretch of the text is written.
    func written(_ part: Bytes) -> Bytes {
        let start = Int(offsets[part.start - UnsafePointer(bytes)])
        let end = Int(offsets[part.end - UnsafePointer(bytes)])
        return raw[start..<end]
    }

    private mutating func resize(to size: Int) {
        deallocate()
        capacity = max(size, 4096)
        bytes = .allocate(capacity: capacity + Self.slack)
        bytes.initialize(repeating: 0, count: capacity + Self.slack)
        offsets = .allocate(capacity: capacity + 1)
    }
}
