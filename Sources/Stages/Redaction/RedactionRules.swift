import Entries

/// Which keys name a secret.
///
/// A key counts when one of the words stands anywhere in its name, whatever the case and whatever of `_`, `-`, `.` and
/// blanks stands between the letters (`apiKey` is found in `X-API-Key` and `openai_api_key`), unless the whole name is
/// on the list of allowed ones, compared in the same way.
final class RedactionRules {
    /// Words that are looked for when the configuration names none.
    static let defaultKeys = ["password", "apiKey", "token", "secret", "authorization"]

    /// No key shorter than this can match; `Int.max` without any word.
    let shortestWord: Int
    /// Finds the words in a name, allowed or not.
    let matcher: WordMatcher
    private let allowed: [[UInt8]]

    /// - Precondition: all keys together have at most ``WordMatcher/lengthLimit`` bytes.
    init(keys: [String], allow: [String]) {
        let words = keys.map { WordMatcher.fold(Array($0.utf8)) }.filter { !$0.isEmpty }
        precondition(words.joined().count <= WordMatcher.lengthLimit, "too many words for one automaton")
        allowed = allow.map { WordMatcher.fold(Array($0.utf8)) }
        matcher = WordMatcher(words)
        shortestWord = words.map { $0.count }.min() ?? Int.max
    }

    deinit { matcher.deallocate() }

    /// Whether `key`, with its escapes decoded, names a secret.
    func names(_ key: Bytes) -> Bool {
        key.count >= shortestWord && matcher.matches(key) && !isAllowed(key)
    }

    /// Whether the whole name is on the list.
    func isAllowed(_ key: Bytes) -> Bool { allowed.contains { Self.folds(key, to: $0) } }

    private static func folds(_ key: Bytes, to text: [UInt8]) -> Bool {
        var place = 0
        for index in 0..<key.count {
            guard let byte = WordMatcher.fold(key[index]) else { continue }
            guard place < text.count, text[place] == byte else { return false }
            place += 1
        }
        return place == text.count
    }
}
