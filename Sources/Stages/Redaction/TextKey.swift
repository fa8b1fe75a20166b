import Entries

/// The name in front of a separator in free text.
struct TextKey {
    let name: Bytes
    /// Whether the name has `\u....` or `%..` in it.
    let hasEscape: Bool
    /// Whether blanks stand between the name and the separator.
    let hasGap: Bool
    /// The quote behind the name with the backslashes before it; empty when the name stands without quotes.
    let quote: Bytes

    /// Bytes of the text in front of the name.
    let room: Int

    /// How far the opening quote of a name is looked for.
    private static let quotedLimit = 1024

    /// The name that ends before `separator`, not looking further back than `lowest`; nil when there is none.
    ///
    /// A name without quotes ends at the separator before it at the latest, so that a text is looked through once.
    static func before(_ separator: UnsafePointer<UInt8>, lowest: UnsafePointer<UInt8>) -> TextKey? {
        let end = TextCharacters.beforeBlanks(separator, lowest)
        guard end > lowest else { return nil }
        let hasGap = end < separator
        guard TextCharacters.isQuote(end[-1]) else { return bare(end, lowest, hasGap, quote: .empty) }
        var nameEnd = end - 1
        while nameEnd > lowest, nameEnd[-1] == 0x5C { nameEnd -= 1 }
        let quote = Bytes(from: nameEnd, to: end)
        return quoted(nameEnd, lowest, hasGap, quote) ?? bare(nameEnd, lowest, hasGap, quote: quote)
    }

    private static func bare(
        _ end: UnsafePointer<UInt8>,
        _ lowest: UnsafePointer<UInt8>,
        _ hasGap: Bool,
        quote: Bytes
    ) -> TextKey? {
        var start = end
        var hasEscape = false
        while start > lowest {
            let byte = start[-1]
            if byte == 0x5C {
                // `\u0077`, with more backslashes in deeper strings.
                guard start[0] == 0x5C || isUnicodeEscape(start - 1, end) else { break }
                hasEscape = true
            } else if TextCharacters.isNameByte(byte) {
                if byte == 0x25 { hasEscape = true }
            } else {
                break
            }
            start -= 1
        }
        guard start < end else { return nil }
        return TextKey(
            name: Bytes(from: start, to: end),
            hasEscape: hasEscape,
            hasGap: hasGap,
            quote: quote,
            room: start - lowest
        )
    }

    /// The name between quotes; nil when no opening quote is near: a line may begin in the middle of a name.
    private static func quoted(
        _ end: UnsafePointer<UInt8>,
        _ lowest: UnsafePointer<UInt8>,
        _ hasGap: Bool,
        _ quote: Bytes
    ) -> TextKey? {
        let sign = quote[quote.count - 1]
        let bound = end - min(quotedLimit, end - lowest)
        var start = end
        var hasEscape = false
        while start > bound, start[-1] != sign {
            start -= 1
            if start[0] == 0x5C { hasEscape = true }
        }
        guard start > bound, start < end else { return nil }
        return TextKey(
            name: Bytes(from: start, to: end),
            hasEscape: hasEscape,
            hasGap: hasGap,
            quote: quote,
            room: start - lowest
        )
    }

    private static func isUnicodeEscape(_ at: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
        end - at >= 6 && at[1] == 0x75 && (2..<6).allSatisfy { JSONEscapes.isHexDigit(at[$0]) }
    }

    /// Whether `//` stands in front of the name, as before the host of a URL.
    var isBehindSlashes: Bool {
        room >= 2 && name.start[-1] == UInt8(ascii: "/") && name.start[-2] == UInt8(ascii: "/")
    }

    /// Whether a URL stands between quotes where the name would be.
    var isQuotedURL: Bool {
        guard !quote.isEmpty else { return false }
        return (0..<max(0, name.count - 2)).contains {
            name[$0] == UInt8(ascii: ":") && name[$0 + 1] == UInt8(ascii: "/") && name[$0 + 2] == UInt8(ascii: "/")
        }
    }

    /// Whether the name, which has no quotes, stands behind a blank.
    var isBehindBlank: Bool { quote.isEmpty && room >= 1 && TextCharacters.isBlank(name.start[-1]) }

    /// Whether the name stands behind a backslash, so that its first byte is the letter of an escape.
    var isBehindBackslash: Bool { room >= 1 && name.start[-1] == 0x5C }

    /// The word before a name that stands behind a blank; empty when there is none.
    var wordBefore: Bytes {
        let end = name.start - 1
        let lowest = name.start - room
        var start = end
        while start > lowest, TextCharacters.isNameByte(start[-1]) { start -= 1 }
        return Bytes(from: start, to: end)
    }

    /// The name with `\u....` (whatever the number of backslashes) and `%..` decoded.
    var decoded: [UInt8] {
        var single: [UInt8] = []
        for index in 0..<name.count where !(name[index] == 0x5C && index + 1 < name.count && name[index + 1] == 0x5C) {
            single.append(name[index])
        }
        let text = Bytes.with(single) { JSONEscapes.decoded($0) }
        guard text.contains(0x25) else { return text }
        var result: [UInt8] = []
        var index = 0
        while index < text.count {
            if text[index] == 0x25, index + 2 < text.count, let byte = Self.byte(text[index + 1], text[index + 2]) {
                result.append(byte)
                index += 3
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    private static func byte(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard JSONEscapes.isHexDigit(high), JSONEscapes.isHexDigit(low) else { return nil }
        return UInt8(truncatingIfNeeded: JSONEscapes.hexValue(of: high) << 4 | JSONEscapes.hexValue(of: low))
    }
}
