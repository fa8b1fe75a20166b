import Entries

/// Which keys name a secret.
///
/// A key counts when one of the words stands anywhere in its name, whatever the case and whatever of `_`, `-`, `.`, `+`
/// and blanks stands between the letters (`apiKey` is found in `X-API-Key` and `openai_api_key`), unless the whole name
/// is on the list of allowed ones, compared in the same way. Never changes.
final class RedactionRules {
    /// A word that was written as two: `apiKey`, `api_key`.
    private struct Halves {
        let first: [UInt8]
        let second: [UInt8]
    }

    /// Words that are looked for when the configuration names none.
    static let defaultKeys = ["password", "apiKey", "token", "secret", "authorization"]

    /// No key shorter than this can match; `Int.max` without any word.
    let shortestWord: Int
    /// No name with fewer ASCII letters can match on its own, or together with the word before it.
    let fewestLetters: (alone: Int, asSecond: Int)
    /// Finds the words in a name, allowed or not.
    let matcher: WordMatcher
    private let halves: [Halves]
    private let allowed: [[UInt8]]

    /// - Precondition: all keys together have at most ``WordMatcher/lengthLimit`` bytes.
    init(keys: [String], allow: [String]) {
        let words = keys.map { WordMatcher.fold(Array($0.utf8)) }.filter { !$0.isEmpty }
        precondition(words.joined().count <= WordMatcher.lengthLimit, "too many words for one automaton")
        allowed = allow.map { WordMatcher.fold(Array($0.utf8)) }
        matcher = WordMatcher(words)
        shortestWord = words.map { $0.count }.min() ?? Int.max
        let halves = keys.flatMap { Self.halves(of: Array($0.utf8)) }
        let alone = words.map(Self.letters).min() ?? Int.max
        fewestLetters = (alone, halves.map { Self.letters(in: $0.second) }.reduce(alone, min))
        self.halves = halves
    }

    private static func letters(in word: [UInt8]) -> Int { word.count { ($0 | 0x20) &- UInt8(ascii: "a") < 26 } }

    deinit { matcher.deallocate() }

    /// Whether `key`, with its escapes decoded, names a secret.
    func names(_ key: Bytes) -> Bool {
        key.count >= shortestWord && matcher.matches(key) && !isAllowed(key)
    }

    /// Whether the whole name is on the list.
    func isAllowed(_ key: Bytes) -> Bool { allowed.contains { WordMatcher.end(of: $0, in: key) == key.count } }

    /// Whether `name` may be the second word of a key that is written as two: `key` of `API key`.
    func maySecond(_ name: Bytes) -> Bool { halves.contains { WordMatcher.end(of: $0.second, in: name) != nil } }

    /// Whether two words with a blank between them name a secret that neither names alone.
    func names(_ first: Bytes, _ second: Bytes) -> Bool {
        let (start, end) = (WordMatcher.fold(first.array), WordMatcher.fold(second.array))
        guard !allowed.contains(end), !allowed.contains(start + end) else { return false }
        return halves.contains { end.starts(with: $0.second) && start.suffix($0.first.count) == $0.first[...] }
    }

    /// Where the writing of a word shows that it is two: a capital after a small letter, or a byte that is passed over.
    private static func halves(of key: [UInt8]) -> [Halves] {
        key.indices.dropFirst().compactMap { index in
            let isCapital =
                LetterCase.lowered(key[index]) != key[index] && LetterCase.lowered(key[index - 1]) == key[index - 1]
            guard isCapital || WordMatcher.fold(key[index]) == nil else { return nil }
            let halves = Halves(
                first: WordMatcher.fold(Array(key[..<index])),
                second: WordMatcher.fold(Array(key[index...]))
            )
            return halves.first.isEmpty || halves.second.isEmpty ? nil : halves
        }
    }
}
