package import Entries

/// Go strings: bytes that are mostly UTF-8, looked at rune by rune.
package enum TemplateText {
    /// The rune at `index`; a byte that is not UTF-8 counts as U+FFFD of width 1.
    static func rune(_ bytes: [UInt8], _ index: Int) -> (rune: UInt32, width: Int) {
        let first = bytes[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let width = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard first >= 0xC2, first <= 0xF4, index + width <= bytes.count else { return (0xFFFD, 1) }
        var value = UInt32(first) & (0x7F >> UInt32(width))
        for next in bytes[index + 1..<index + width] {
            guard next & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            value = value << 6 | UInt32(next & 0x3F)
        }
        guard value >= [0, 0, 0x80, 0x800, 0x1_0000][width], Unicode.Scalar(value) != nil else { return (0xFFFD, 1) }
        return (value, width)
    }

    static func runes(_ bytes: [UInt8]) -> [UInt32] {
        var found: [UInt32] = []
        found.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let (rune, width) = rune(bytes, index)
            found.append(rune)
            index += width
        }
        return found
    }

    static func append(_ rune: UInt32, to bytes: inout [UInt8]) {
        if rune < 0x80 { return bytes.append(UInt8(rune)) }
        bytes += UTF8.encode(Unicode.Scalar(rune) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter
    }

    static func bytes(_ runes: some Sequence<UInt32>) -> [UInt8] {
        var bytes: [UInt8] = []
        for rune in runes { append(rune, to: &bytes) }
        return bytes
    }

    static func isASCII(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy { $0 < 0x80 } }

    /// Upper case, rune by rune as Go's `strings.ToUpper`.
    package static func upper(_ bytes: [UInt8]) -> [UInt8] {
        if isASCII(bytes) { return bytes.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 } }
        return Self.bytes(runes(bytes).lazy.map(upper))
    }

    /// Lower case, rune by rune as Go's `strings.ToLower`.
    package static func lower(_ bytes: [UInt8]) -> [UInt8] {
        if isASCII(bytes) { return bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 } }
        return Self.bytes(runes(bytes).lazy.map(lower))
    }

    /// Unicode's simple mapping: one rune for one rune, `ß` stays.
    static func upper(_ rune: UInt32) -> UInt32 {
        guard let properties = Unicode.Scalar(rune)?.properties else { return rune }
        return single(properties.uppercaseMapping) ?? single(properties.titlecaseMapping) ?? rune
    }

    static func lower(_ rune: UInt32) -> UInt32 {
        if rune == 0x130 { return 0x69 }
        return Unicode.Scalar(rune).flatMap { single($0.properties.lowercaseMapping) } ?? rune
    }

    static func title(_ rune: UInt32) -> UInt32 {
        Unicode.Scalar(rune).flatMap { single($0.properties.titlecaseMapping) } ?? rune
    }

    private static func single(_ text: String) -> UInt32? {
        let scalars = text.unicodeScalars
        return scalars.count == 1 ? scalars.first?.value : nil
    }

    static func isSpace(_ rune: UInt32) -> Bool {
        rune <= 0x20
            ? rune == 0x20 || (rune >= 9 && rune <= 13) : Unicode.Scalar(rune)?.properties.isWhitespace ?? false
    }

    static func isUpper(_ rune: UInt32) -> Bool { Unicode.Scalar(rune)?.properties.generalCategory == .uppercaseLetter }
    static func isLower(_ rune: UInt32) -> Bool { Unicode.Scalar(rune)?.properties.generalCategory == .lowercaseLetter }
    static func isLetter(_ rune: UInt32) -> Bool { Unicode.Scalar(rune)?.properties.isAlphabetic ?? false }

    static func isDigit(_ rune: UInt32) -> Bool {
        Unicode.Scalar(rune)?.properties.generalCategory == .decimalNumber
    }

    /// Cuts what `isCut` says off the ends, as `strings.TrimFunc`.
    static func trim(
        _ bytes: [UInt8],
        left: Bool = true,
        right: Bool = true,
        where isCut: (UInt32) -> Bool
    ) -> [UInt8] {
        var start = 0
        while left, start < bytes.count {
            let (rune, width) = rune(bytes, start)
            if !isCut(rune) { break }
            start += width
        }
        var end = bytes.count
        while right, end > start {
            let last = lastRune(bytes, before: end, from: start)
            if !isCut(rune(bytes, last).rune) { break }
            end = last
        }
        return Array(bytes[start..<end])
    }

    /// The text without white space, as `strings.TrimSpace`; a view of the same bytes.
    package static func trimmed(_ text: Bytes) -> Bytes {
        // ASCII at both ends is the rule, and needs no copy to be looked at.
        var start = 0
        var end = text.count
        while start < end, text[start] < 0x80, isSpace(UInt32(text[start])) { start += 1 }
        while end > start, text[end - 1] < 0x80, isSpace(UInt32(text[end - 1])) { end -= 1 }
        let rest = text[start..<end]
        guard rest.count > 0, rest[0] >= 0x80 || rest[rest.count - 1] >= 0x80 else { return rest }
        let bytes = rest.array
        let left = trim(bytes, right: false, where: isSpace).count
        let both = trim(bytes, where: isSpace).count
        return rest[(bytes.count - left)..<(bytes.count - left + both)]
    }

    private static func lastRune(_ bytes: [UInt8], before end: Int, from start: Int) -> Int {
        var index = end - 1
        while index > start, index > end - 4, bytes[index] & 0xC0 == 0x80 { index -= 1 }
        return index + rune(bytes, index).width == end ? index : end - 1
    }

    /// Where `part` first stands in `bytes` at or after `start`.
    static func find(_ part: [UInt8], in bytes: [UInt8], from start: Int = 0) -> Int? {
        if part.isEmpty { return start <= bytes.count ? start : nil }
        return Bytes.with(bytes) { text in
            Bytes.with(part) { part in
                var index = start
                while index + part.count <= text.count, let hit = text.firstIndex(of: part[0], from: index) {
                    if hit + part.count > text.count { return nil }
                    if text[hit..<hit + part.count] == part { return hit }
                    index = hit + 1
                }
                return nil
            }
        }
    }

    /// The text with `new` in the first `limit` places of `old`, in all when it is negative.
    ///
    /// An empty `old` stands before each rune and at the end.
    static func replace(_ bytes: [UInt8], _ old: [UInt8], _ new: [UInt8], limit: Int) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var done = 0
        var copied = 0
        var index = 0
        while limit < 0 || done < limit {
            guard let hit = find(old, in: bytes, from: index) else { break }
            output += bytes[copied..<hit]
            output += new
            done += 1
            copied = hit + old.count
            index = copied
            if old.isEmpty {
                if hit >= bytes.count { break }
                index = hit + rune(bytes, hit).width
            }
        }
        return output + bytes[copied...]
    }

    /// The parts between places of `separator`, as `strings.SplitN`; a negative `limit` means all of them.
    static func split(_ bytes: [UInt8], by separator: [UInt8], limit: Int = -1) -> [[UInt8]] {
        if limit == 0 { return [] }
        var parts: [[UInt8]] = []
        var start = 0
        if separator.isEmpty {
            while start < bytes.count, limit < 0 || parts.count < limit - 1 {
                let (rune, width) = rune(bytes, start)
                parts.append(Self.bytes(CollectionOfOne(rune)))
                start += width
            }
            return start < bytes.count ? parts + [Array(bytes[start...])] : parts
        }
        while limit < 0 || parts.count < limit - 1, let hit = find(separator, in: bytes, from: start) {
            parts.append(Array(bytes[start..<hit]))
            start = hit + separator.count
        }
        return parts + [Array(bytes[start...])]
    }

    static func join(_ parts: [[UInt8]], with separator: [UInt8]) -> [UInt8] {
        Array(parts.joined(separator: separator))
    }

    /// The words between runs of white space, as `strings.Fields`.
    static func words(_ bytes: [UInt8]) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        for rune in runes(bytes) {
            if !isSpace(rune) {
                append(rune, to: &word)
            } else if !word.isEmpty {
                words.append(word)
                word = []
            }
        }
        return word.isEmpty ? words : words + [word]
    }
}
