import Entries

/// Which keys name a secret.
///
/// A key counts when one of the words stands anywhere in its name, whatever the case and whatever of `_`, `-`, `.` and
/// blanks stands between the letters (`apiKey` is found in `X-API-Key` and `openai_api_key`), unless the whole name is
/// on the list of allowed ones, compared in the same way.
struct RedactionRules {
    /// Words that are looked for when the configuration names none.
    static let defaultKeys = ["password", "apiKey", "token", "secret", "authorization"]

    let words: [[UInt8]]
    let allowed: [[UInt8]]
    /// No key shorter than this can match.
    let shortestWord: Int

    init(keys: [String], allow: [String]) {
        words = keys.map { Self.folded(Array($0.utf8)) }.filter { !$0.isEmpty }
        allowed = allow.map { Self.folded(Array($0.utf8)) }
        shortestWord = words.map { $0.count }.min() ?? Int.max
    }

    /// Whether `key`, with its escapes decoded, names a secret.
    func names(_ key: Bytes) -> Bool {
        guard key.count >= shortestWord else { return false }
        let folded = Self.folded(key.array)
        guard words.contains(where: { Self.contains(folded, $0) }) else { return false }
        return !allowed.contains(folded)
    }

    private static func folded(_ bytes: [UInt8]) -> [UInt8] {
        bytes.compactMap { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: " "): nil
            default: byte
            }
        }
    }

    private static func contains(_ text: [UInt8], _ word: [UInt8]) -> Bool {
        guard text.count >= word.count else { return false }
        return (0...(text.count - word.count)).contains { text[$0..<($0 + word.count)].elementsEqual(word) }
    }
}
