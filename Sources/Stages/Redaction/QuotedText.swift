import Entries

/// Texts between quotes and between brackets, at any depth of escaping.
///
/// A string inside a JSON string inside a JSON string opens with `\\\"`: 2^depth - 1 backslashes, here called its level;
/// more of them before a quote mean that the quote belongs to the text.
enum QuotedText {
    /// The text that begins behind `quote`, up to the quote that closes it, or to `end` when none does.
    static func content(
        of quote: UnsafePointer<UInt8>,
        level: Int,
        _ end: UnsafePointer<UInt8>
    ) -> Bytes {
        if beginsUnescaped(quote, level: level, end) { return bracketed(from: quote + 1, end) }
        return closing(quote, level: level, end)?.content ?? Bytes(from: quote + 1, to: end)
    }

    /// Behind the quote that closes the text, or `end`.
    static func behind(
        _ quote: UnsafePointer<UInt8>,
        level: Int,
        _ end: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        closing(quote, level: level, end)?.behind ?? end
    }

    /// Whether a document begins behind `quote` whose own quotes are written like this one: `"{"a":1}"`.
    private static func beginsUnescaped(
        _ quote: UnsafePointer<UInt8>,
        level: Int,
        _ end: UnsafePointer<UInt8>
    ) -> Bool {
        guard end - quote > 3 + level, quote[1] == UInt8(ascii: "{") || quote[1] == UInt8(ascii: "[") else {
            return false
        }
        let inner = quote + 2 + level
        return inner.pointee == quote.pointee && (2..<2 + level).allSatisfy { quote[$0] == 0x5C }
            && !mayFollow(inner + 1, end)
    }

    private static func closing(
        _ quote: UnsafePointer<UInt8>,
        level: Int,
        _ end: UnsafePointer<UInt8>
    ) -> (content: Bytes, behind: UnsafePointer<UInt8>)? {
        let start = quote + 1
        var next = start
        var run = 0
        while next < end {
            if next.pointee == 0x5C {
                run += 1
            } else {
                if next.pointee == quote.pointee, closes(run: run, level: level), mayFollow(next + 1, end) {
                    return (Bytes(from: start, to: next - min(run, level)), next + 1)
                }
                run = 0
            }
            next += 1
        }
        return nil
    }

    private static func closes(run: Int, level: Int) -> Bool {
        if run < level { return true }
        let unit = level + 1
        guard unit & level == 0 else { return run <= level }
        return (run - level) % unit == 0 && ((run - level) / unit) % 2 == 0
    }

    /// Whether what stands behind a quote lets it close a text: a quote in the middle of a word was not escaped by
    /// whoever wrote the line.
    private static func mayFollow(_ next: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
        guard next < end else { return true }
        switch next.pointee {
        case 0...0x20, 0x5C, UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "&"), UInt8(ascii: "."): return true
        default: return TextCharacters.isClosing(next.pointee)
        }
    }

    /// From the bracket at `start` to the one that closes it, or to `end`; brackets inside of strings do not count.
    static func bracketed(from start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bytes {
        var depth = 0
        var next = start
        while next < end {
            let byte = next.pointee
            if TextCharacters.isQuote(byte), opens(next, start) {
                next = behind(next, level: backslashes(before: next, start), end)
                continue
            }
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
                depth += 1
            } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
                depth -= 1
                if depth == 0 { return Bytes(from: start, to: next + 1) }
            }
            next += 1
        }
        return Bytes(from: start, to: end)
    }

    private static func backslashes(before quote: UnsafePointer<UInt8>, _ lowest: UnsafePointer<UInt8>) -> Int {
        var count = 0
        while quote - count > lowest, quote[-count - 1] == 0x5C { count += 1 }
        return count
    }

    /// Whether a quote between brackets opens a string, by what stands before it: an apostrophe in a word does not.
    private static func opens(_ quote: UnsafePointer<UInt8>, _ lowest: UnsafePointer<UInt8>) -> Bool {
        let before = quote - backslashes(before: quote, lowest)
        guard before > lowest else { return false }
        switch before[-1] {
        case 0...0x20, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "("), UInt8(ascii: ","), UInt8(ascii: ":"),
            UInt8(ascii: "="):
            return true
        default: return false
        }
    }
}
