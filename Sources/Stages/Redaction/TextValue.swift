import CBytes
import Entries

/// The value behind a separator in free text.
enum TextValue {
    /// The stretch that must not leave the host; nil when there is no value.
    static func after(
        _ separator: UnsafePointer<UInt8>, _ key: TextKey, in text: Bytes, isEscaped: Bool
    ) -> Bytes? {
        let end = text.end
        var start = separator + 1
        if separator.pointee == 0x3D {
            // `==`, `=>` and `key = value` are assignments too.
            if start < end, start.pointee == 0x3D { start += 1 }
            if start < end, start.pointee == 0x3E {
                start = skipBlanks(start + 1, end)
            } else if key.hasGap {
                start = skipBlanks(start, end)
            }
        } else {
            if end - start >= 2, start[0] == 0x2F, start[1] == 0x2F { return nil }
            if start < end, start.pointee == 0x3D { start += 1 }
            start = skipBlanks(start, end)
        }
        guard start < end else { return nil }
        var backslashes = 0
        while start + backslashes < end, start[backslashes] == 0x5C { backslashes += 1 }
        if start + backslashes < end, start[backslashes] == 0x22 || start[backslashes] == 0x27 {
            return quoted(from: start + backslashes, level: backslashes, end)
        }
        if start.pointee == 0x7B || start.pointee == 0x5B { return bracketed(from: start, end) }
        let value = bare(from: start, end, stopsAtAmpersand: separator.pointee == 0x3D, isEscaped: isEscaped)
        if value.count == 4, separator.pointee == 0x3A, isWord(value, "null") { return nil }
        if value.isEmpty { return nil }
        return withCredentials(value, key, end, isEscaped: isEscaped)
    }

    private static func skipBlanks(
        _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        var next = start
        while next < end, next.pointee == 0x20 || next.pointee == 0x09 { next += 1 }
        return next
    }

    /// Up to the quote of the same depth of escaping. A string inside a JSON string inside a JSON string opens with
    /// `\\\"`: 2^depth - 1 backslashes; more of them before a quote mean that the quote belongs to the value.
    private static func quoted(from quote: UnsafePointer<UInt8>, level: Int, _ end: UnsafePointer<UInt8>) -> Bytes? {
        let start = quote + 1
        var next = start
        var run = 0
        while next < end {
            if next.pointee == 0x5C {
                run += 1
            } else {
                if next.pointee == quote.pointee, closes(run: run, level: level) {
                    let stop = next - min(run, level)
                    return stop > start ? Bytes(from: start, to: stop) : nil
                }
                run = 0
            }
            next += 1
        }
        return start < end ? Bytes(from: start, to: end) : nil
    }

    private static func closes(run: Int, level: Int) -> Bool {
        if run < level { return true }
        let unit = level + 1
        guard unit & level == 0 else { return run <= level }
        return (run - level) % unit == 0 && ((run - level) / unit) % 2 == 0
    }

    /// Up to the bracket that closes the one at `start`, or to the end of the text.
    private static func bracketed(from start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bytes {
        var depth = 0
        var next = start
        while next < end {
            switch next.pointee {
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D:
                depth -= 1
                if depth == 0 { return Bytes(from: start, to: next + 1) }
            default: break
            }
            next += 1
        }
        return Bytes(from: start, to: end)
    }

    /// A word without quotes.
    private static func bare(
        from start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, stopsAtAmpersand: Bool, isEscaped: Bool
    ) -> Bytes {
        var next = start
        while next < end {
            let byte = next.pointee
            if byte <= 0x20 || (byte == 0x26 && stopsAtAmpersand) { break }
            if byte == 0x5C, isEscaped {
                if endsAtEscape(next, end) { break }
                next += min(2, end - next)
                continue
            }
            if isClosing(byte), next > start, isBoundary(next + 1, end, after: byte) { break }
            next += 1
        }
        return Bytes(from: start, to: next)
    }

    /// Inside a JSON string: an escape that stands for a quote or white space ends the word.
    private static func endsAtEscape(_ at: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
        guard at + 1 < end else { return false }
        switch at[1] {
        case 0x22, 0x6E, 0x72, 0x74, 0x62, 0x66: return true
        case 0x5C:
            // A deeper quote or line break: `\\"`, `\\n`.
            var next = at
            while next < end, next.pointee == 0x5C { next += 1 }
            guard next < end, next - at > 1 else { return false }
            return next.pointee == 0x22
        default: return false
        }
    }

    private static func isClosing(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2C, 0x3B, 0x29, 0x5D, 0x7D, 0x3E, 0x27, 0x22, 0x7C, 0x3C: true
        default: false
        }
    }

    /// Whether punctuation before `next` ends a value: behind it comes a blank, more punctuation, the end, or
    /// (after a comma, semicolon or bar) another `key=`.
    private static func isBoundary(
        _ next: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, after byte: UInt8
    ) -> Bool {
        guard next < end else { return true }
        if next.pointee <= 0x20 || isClosing(next.pointee) || next.pointee == 0x5C { return true }
        if byte == 0x3C { return next.pointee == 0x2F }
        guard byte == 0x2C || byte == 0x3B || byte == 0x7C else { return false }
        var ahead = next
        while ahead < end, ahead - next < 64, TextKey.isNameByte(ahead.pointee) { ahead += 1 }
        return ahead > next && ahead < end && (ahead.pointee == 0x3D || ahead.pointee == 0x3A)
    }

    /// An `Authorization` value is a scheme and credentials (RFC 9110 section 11.4): both words go, and with schemes
    /// that take parameters everything up to the end.
    private static func withCredentials(
        _ word: Bytes, _ key: TextKey, _ end: UnsafePointer<UInt8>, isEscaped: Bool
    ) -> Bytes {
        guard word.end < end, word.end.pointee == 0x20 else { return word }
        let next = skipBlanks(word.end, end)
        guard next < end else { return word }
        for scheme in parameterSchemes where isWord(word, scheme) {
            var stop = next
            while stop < end, stop.pointee != 0x0A, !(stop.pointee == 0x5C && isEscaped && stop + 1 < end && stop[1] == 0x6E) {
                stop += 1
            }
            return Bytes(from: word.start, to: stop)
        }
        var isScheme = schemes.contains { isWord(word, $0) }
        if !isScheme, isAuthorization(key.name) {
            isScheme = (0..<word.count).allSatisfy { word[$0] == 0x2D || TextKey.isNameByte(word[$0]) }
        }
        guard isScheme else { return word }
        let credentials = bare(from: next, end, stopsAtAmpersand: false, isEscaped: isEscaped)
        // `authorization: denied user=ann`: the next word is a pair of its own.
        if !schemes.contains(where: { isWord(word, $0) }), credentials.firstIndex(of: 0x3D) != nil {
            return word
        }
        return Bytes(from: word.start, to: credentials.end)
    }

    private static let schemes: [StaticString] = ["bearer", "basic", "token", "apikey", "negotiate", "ntlm", "dpop"]
    private static let parameterSchemes: [StaticString] = [
        "digest", "aws4-hmac-sha256", "signature", "hawk", "oauth", "scram-sha-256",
    ]

    private static func isAuthorization(_ name: Bytes) -> Bool {
        name.count >= 13 && isWord(name[(name.count - 13)..<name.count], "authorization")
    }

    /// Compares with a lower-case word, whatever the case of `text`.
    private static func isWord(_ text: Bytes, _ word: StaticString) -> Bool {
        LetterCase.isEqual(text, toLower: Bytes(word.utf8Start, count: word.utf8CodeUnitCount))
    }
}
