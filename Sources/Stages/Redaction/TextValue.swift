import Entries

/// The value behind a separator in free text.
struct TextValue {
    /// The stretch that must not leave the host.
    let bytes: Bytes
    /// The quotes to write around what replaces it: those of its key, where a JSON key has a value without quotes.
    let quote: Bytes

    /// Where the next pair is looked for.
    let next: UnsafePointer<UInt8>

    private init(_ bytes: Bytes, quote: Bytes) {
        self.bytes = bytes
        self.quote = quote
        next = bytes.end
    }

    /// A value without quotes, which may be a key itself: `token: password: hunter2`.
    private init(word bytes: Bytes, quote: Bytes) {
        self.bytes = bytes
        self.quote = quote
        let last = bytes.end - 1
        next = last.pointee == UInt8(ascii: ":") || last.pointee == UInt8(ascii: "=") ? last : bytes.end
    }

    /// The value of `key`; nil when there is none.
    static func after(_ separator: UnsafePointer<UInt8>, _ key: TextKey, in text: Bytes) -> TextValue? {
        let end = text.end
        let isColon = separator.pointee == UInt8(ascii: ":")
        guard let start = start(behind: separator, key, end) else { return nil }
        var backslashes = 0
        while start + backslashes < end, start[backslashes] == 0x5C { backslashes += 1 }
        if start + backslashes < end, TextCharacters.isQuote(start[backslashes]) {
            let content = QuotedText.content(of: start + backslashes, level: backslashes, end)
            return content.isEmpty ? nil : TextValue(content, quote: .empty)
        }
        let quote = isColon ? key.quote : .empty
        if start.pointee == UInt8(ascii: "{") || start.pointee == UInt8(ascii: "[") {
            return TextValue(QuotedText.bracketed(from: start, end), quote: quote)
        }
        if isColon, key.isQuotedURL, isProse(behind: separator, start) { return nil }
        let word = bare(from: start, end, stopsAtAmpersand: !isColon)
        if word.isEmpty || (isColon && isWord(word, "null")) { return nil }
        let value = Credentials.extending(word, of: key, end, isHeader: isColon)
        return TextValue(word: value, quote: quote)
    }

    /// Where the value begins; nil when there is none.
    private static func start(
        behind separator: UnsafePointer<UInt8>,
        _ key: TextKey,
        _ end: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8>? {
        var next = separator + 1
        if separator.pointee == UInt8(ascii: ":") {
            if end - next >= 2, next[0] == UInt8(ascii: "/"), next[1] == UInt8(ascii: "/") { return nil }
            if isPort(separator, key, end) { return nil }
        }
        // `==`, `:=`, `::`, `=>`.
        while next < end, next.pointee == UInt8(ascii: "=") || next.pointee == UInt8(ascii: ":") { next += 1 }
        if next < end, next.pointee == UInt8(ascii: ">") { next += 1 }
        let start = TextCharacters.behindBlanks(next, end)
        guard start < end else { return nil }
        // `password= user=ann`: in logfmt that is an empty value.
        let isEmpty = separator.pointee == UInt8(ascii: "=") && start > next && !key.hasGap && next == separator + 1
        return isEmpty && TextCharacters.beginsPair(start, end) ? nil : start
    }

    /// `Get "https://h/?token=abc": dial tcp`: whether a blank and then a letter follow what might be a key.
    private static func isProse(behind separator: UnsafePointer<UInt8>, _ start: UnsafePointer<UInt8>) -> Bool {
        start > separator + 1 && (start.pointee | 0x20) &- 0x61 < 26
    }

    /// `//token-service:8080`: a port behind the host of a URL.
    private static func isPort(
        _ separator: UnsafePointer<UInt8>,
        _ key: TextKey,
        _ end: UnsafePointer<UInt8>
    ) -> Bool {
        guard key.isBehindSlashes else { return false }
        var next = separator + 1
        while next < end, next.pointee &- 0x30 < 10 { next += 1 }
        guard (1...5).contains(next - separator - 1) else { return false }
        return next == end || next.pointee <= 0x20 || next.pointee == UInt8(ascii: "/")
            || next.pointee == UInt8(ascii: "?") || TextCharacters.isClosing(next.pointee)
    }

    /// A word without quotes.
    static func bare(
        from start: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        stopsAtAmpersand: Bool
    ) -> Bytes {
        var next = start
        while next < end {
            let byte = next.pointee
            if byte <= 0x20 || (byte == UInt8(ascii: "&") && stopsAtAmpersand) { break }
            if byte == 0x5C, closesOuterString(next, end) { break }
            if TextCharacters.isQuote(byte), opensString(next, start) {
                let isArgument = next[-1] == UInt8(ascii: "(")
                next = QuotedText.behind(next, level: 0, end)
                if isArgument, next < end, next.pointee == UInt8(ascii: ")") { next += 1 }
                continue
            }
            guard TextCharacters.isClosing(byte) else {
                next += 1
                continue
            }
            var run = next
            while run < end, TextCharacters.isClosing(run.pointee), !(run > next && opensString(run, start)) {
                run += 1
            }
            if isBoundary(from: next, to: run, end) { break }
            next = run
        }
        return Bytes(from: start, to: next)
    }

    /// `error="Get \"https://h/?token=abc\": refused"`: whether the backslashes at `start` and the quote behind them close
    /// a string that the value stands in, by what follows; `ab\"cd` goes on.
    private static func closesOuterString(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
        var next = start
        while next < end, next.pointee == 0x5C { next += 1 }
        guard next < end, TextCharacters.isQuote(next.pointee) else { return false }
        while next < end, TextCharacters.isClosing(next.pointee) || next.pointee == UInt8(ascii: ":") { next += 1 }
        return next == end || next.pointee <= 0x20 || next.pointee == 0x5C
    }

    /// `b"..."`, `Some("...")`: a quote inside a word that opens a string.
    private static func opensString(_ quote: UnsafePointer<UInt8>, _ start: UnsafePointer<UInt8>) -> Bool {
        guard TextCharacters.isQuote(quote.pointee), quote > start else { return false }
        if quote[-1] == UInt8(ascii: "(") { return true }
        return quote - start <= 2 && (0..<(quote - start)).allSatisfy { (start[$0] | 0x20) &- 0x61 < 26 }
    }

    /// Whether a run of punctuation ends a value: behind it comes the end, a blank, an escaped quote, a bracket that
    /// opens after one that closed, a colon after a quote, or (after a comma, semicolon or bar) another key.
    private static func isBoundary(
        from start: UnsafePointer<UInt8>,
        to run: UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>
    ) -> Bool {
        guard run < end, run.pointee > 0x20 else { return true }
        switch run.pointee {
        case 0x5C:
            var next = run
            while next < end, next.pointee == 0x5C { next += 1 }
            return next < end && TextCharacters.isQuote(next.pointee)
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return (0..<(run - start)).contains { isClosingBracket(start[$0]) }
        case UInt8(ascii: "/"): return run[-1] == UInt8(ascii: "<")
        case UInt8(ascii: ":"): return TextCharacters.isQuote(run[-1]) && (run + 1 == end || run[1] <= 0x20)
        default: break
        }
        let separates = (0..<(run - start)).contains { isSeparating(start[$0]) }
        return separates && beginsKey(run, end)
    }

    private static func isClosingBracket(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ")")
    }

    private static func isSeparating(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "|")
    }

    /// Whether a name, perhaps with a quote behind it, and then `=` or `:` stand at `start`.
    private static func beginsKey(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
        var next = start
        while next < end, next - start < 64, TextCharacters.isNameByte(next.pointee) { next += 1 }
        guard next > start, next < end else { return false }
        if TextCharacters.isQuote(next.pointee) { next += 1 }
        return next < end && (next.pointee == UInt8(ascii: "=") || next.pointee == UInt8(ascii: ":"))
    }

    /// Compares with a lower-case word, whatever the case of `text`.
    static func isWord(_ text: Bytes, _ word: StaticString) -> Bool {
        LetterCase.isEqual(text, toLower: Bytes(word.utf8Start, count: word.utf8CodeUnitCount))
    }
}
