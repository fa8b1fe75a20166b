import Entries

/// Values of more than one word: an `Authorization` value is a scheme and credentials (RFC 9110 section 11.4).
enum Credentials {
    /// The word, and what belongs to it: the credentials behind a scheme, or everything up to the end of the line
    /// where the scheme takes parameters.
    ///
    /// - Parameters:
    ///   - word: the value's first word, somewhere before `end`.
    ///   - key: the name that the word is the value of.
    ///   - end: where the text ends; nothing at or behind it is read.
    ///   - isHeader: whether a colon stands between key and value.
    /// - Returns: a part of the same text that begins where `word` does and is at least as long.
    static func extending(_ word: Bytes, of key: TextKey, _ end: UnsafePointer<UInt8>, isHeader: Bool) -> Bytes {
        guard word.end < end, TextCharacters.isBlank(word.end.pointee) else { return word }
        let next = TextCharacters.behindBlanks(word.end, end)
        guard next < end, next.pointee > 0x20 else { return word }
        let scheme = withoutPunctuation(word)
        if parameterSchemes.contains(where: { TextValue.isWord(scheme, $0) }) { return toLineEnd(word, end) }
        let isKnown = schemes.contains { TextValue.isWord(scheme, $0) }
        guard isKnown || (isAuthorization(key.name) && isName(scheme)) else { return word }
        if !isKnown, TextCharacters.beginsPair(next, end) {
            // `Authorization: Custom id=1, signature=...` against `authorization: denied user=ann`.
            return isHeader && startsUpperCase(scheme) ? toLineEnd(word, end) : word
        }
        let credentials = TextValue.bare(from: next, end, stopsAtAmpersand: false)
        return Bytes(from: word.start, to: max(credentials.end, word.end))
    }

    private static let schemes: [StaticString] = ["bearer", "basic", "token", "apikey", "negotiate", "ntlm", "dpop"]
    private static let parameterSchemes: [StaticString] = [
        "digest", "aws4-hmac-sha256", "signature", "hawk", "oauth", "scram-sha-256",
    ]

    private static func toLineEnd(_ word: Bytes, _ end: UnsafePointer<UInt8>) -> Bytes {
        var stop = word.end
        while stop < end, stop.pointee != 0x0A, stop.pointee != 0x0D { stop += 1 }
        return Bytes(from: word.start, to: stop)
    }

    private static func withoutPunctuation(_ word: Bytes) -> Bytes {
        let last = word[word.count - 1]
        return last == UInt8(ascii: ":") || last == UInt8(ascii: ",") ? word[0..<word.count - 1] : word
    }

    private static func isAuthorization(_ name: Bytes) -> Bool {
        name.count >= 13 && TextValue.isWord(name[(name.count - 13)..<name.count], "authorization")
    }

    private static func isName(_ word: Bytes) -> Bool {
        (0..<word.count).allSatisfy { TextCharacters.isNameByte(word[$0]) }
    }

    private static func startsUpperCase(_ word: Bytes) -> Bool {
        !word.isEmpty && LetterCase.lowered(word[0]) != word[0]
    }
}
