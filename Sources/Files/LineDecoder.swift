import CLinux
import Entries
import Glibc

/// Turns lines of one character set into UTF-8.
///
/// The end of a line is found in whole units, so that UTF-16 and UTF-32 are cut where their newlines are. What is not
/// valid becomes U+FFFD.
final class LineDecoder {
    /// Bytes of a newline: 1, 2 or 4.
    let unit: Int
    private var isBigEndian: Bool
    /// The order of bytes is told by a mark at the start of the file, which is no text.
    private let hasMark: Bool
    private var isOrderKnown: Bool
    private let name: String
    private var converter: UnsafeMutableRawPointer
    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// Whether this system can decode the character set with the IANA name `encoding`.
    static func isKnown(_ encoding: String) -> Bool { LineDecoder(encoding) != nil }

    /// Nil for a character set that this system does not know.
    init?(_ encoding: String) {
        // `utf16` is what people write for `utf-16`.
        let lowered = encoding.lowercased()
        name = lowered.hasPrefix("utf") && !lowered.hasPrefix("utf-") ? "utf-" + lowered.dropFirst(3) : lowered
        hasMark = name == "utf-16" || name == "utf-32"
        isOrderKnown = !hasMark
        unit = name.hasPrefix("utf-16") || name.hasPrefix("ucs-2") ? 2 : name.hasPrefix("utf-32") ? 4 : 1
        isBigEndian = !name.hasSuffix("le")
        guard !name.isEmpty, let converter = clinux_converter_open(hasMark ? name + "be" : name) else { return nil }
        self.converter = converter
    }

    deinit { clinux_converter_close(converter) }

    /// Prepares for a file; false if it is too short to tell how it is encoded.
    ///
    /// UTF-16 and UTF-32 without an order of bytes in the name follow the mark at the start of the file, and are
    /// big-endian without one (RFC 2781, section 4.3).
    func isReady(for file: OpenFile) -> Bool {
        if isOrderKnown { return true }
        let head = file.firstBytes(unit)
        guard head.count == unit else { return false }
        isOrderKnown = true
        let isLittleEndian = head.starts(with: [0xFF, 0xFE]) && head.dropFirst(2).allSatisfy { $0 == 0 }
        guard isLittleEndian, let other = clinux_converter_open(name + "le") else { return true }
        clinux_converter_close(converter)
        converter = other
        isBigEndian = false
        return true
    }

    /// Index after the first newline at or after `from`; nil if there is none.
    ///
    /// `from` is a whole number of units.
    func lineEnd(in bytes: Bytes, from: Int) -> Int? {
        var index = from
        while let hit = bytes.firstIndex(of: UInt8(ascii: "\n"), from: index) {
            let first = hit - hit % unit
            let last = first + unit
            guard last <= bytes.count else { return nil }
            let isNewline = (first..<last).allSatisfy { position in
                let isLow = position == (isBigEndian ? last - 1 : first)
                return bytes[position] == (isLow ? UInt8(ascii: "\n") : 0)
            }
            if isNewline { return last }
            index = max(last, hit + 1)
            if index >= bytes.count { return nil }
        }
        return nil
    }

    /// Adds the text of `line`, which has no newline, to `text`.
    ///
    /// - Parameters:
    ///   - line: whole characters.
    ///   - text: gets the UTF-8.
    ///   - isFirst: the line stands at the start of the file.
    func decode(_ line: Bytes, into text: inout [UInt8], isFirst: Bool) {
        let from = text.count
        convert(line, into: &text)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if isFirst, hasMark, text[from...].starts(with: mark) { text.removeSubrange(from..<(from + mark.count)) }
    }

    private func convert(_ line: Bytes, into text: inout [UInt8]) {
        clinux_converter_reset(converter)
        var input = line.start
        var left = line.count
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { room in
            guard let start = room.baseAddress else { return }
            while left > 0 {
                var output = start
                var outputLeft = room.count
                let code = clinux_convert(converter, &input, &left, &output, &outputLeft)
                text.append(contentsOf: UnsafeBufferPointer(start: start, count: output - start))
                if code == EILSEQ || code == EINVAL {
                    text.append(contentsOf: Self.replacement)
                    let bad = min(unit, left)
                    input += bad
                    left -= bad
                }
            }
        }
    }
}

/// Character sets by their IANA names.
package enum CharacterSet {
    /// Whether this system can decode it.
    package static func isKnown(_ name: String) -> Bool { LineDecoder.isKnown(name) }
}
