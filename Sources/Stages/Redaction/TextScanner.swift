import CBytes
import Entries

/// Finds secrets in text that has no structure one could rely on: `key=value`, `key: value`, URL queries, logfmt,
/// header lines, and JSON inside of strings, at any depth of escaping.
///
/// It goes from one `=` or `:` to the next, looks back for the key and, only where the key names a secret, ahead for
/// the value. Where the end of a value is in doubt it takes more rather than less. Lives no longer than its rules.
struct TextScanner: BitwiseCopyable {
    private let rules: Unmanaged<RedactionRules>
    private let matcher: WordMatcher
    private let shortestWord: Int

    /// Longest key that is looked back for.
    private static let keyLimit = 128

    init(rules: RedactionRules) {
        self.rules = Unmanaged.passUnretained(rules)
        matcher = rules.matcher
        shortestWord = rules.shortestWord
    }

    /// Appends what is to be masked in `text`, in order.
    ///
    /// - Parameter isEscaped: `text` is the inside of a JSON string, where `\n` and `\"` are escapes.
    func scan(_ text: Bytes, isEscaped: Bool, into ranges: inout MaskRanges) {
        var from = text.start
        while true {
            let separator = cbytes_find_separator(from, text.end)
            guard separator < text.end else { return }
            from = separator + 1
            guard let key = TextKey.before(separator, lowest: text.start, limit: Self.keyLimit),
                isSecret(key), let value = TextValue.after(separator, key, in: text, isEscaped: isEscaped)
            else { continue }
            ranges.append(value.start, value.end, .content)
            from = value.end
        }
    }

    @inline(__always)
    private func isSecret(_ key: TextKey) -> Bool {
        guard key.name.count >= shortestWord else { return false }
        if key.hasEscape { return Bytes.with(key.decoded) { decoded in rules._withUnsafeGuaranteedRef { $0.names(decoded) } } }
        return matcher.matches(key.name) && !rules._withUnsafeGuaranteedRef { $0.isAllowed(key.name) }
    }
}

/// The name in front of a separator.
struct TextKey {
    let name: Bytes
    /// Whether the name has `\u....` or `%..` in it.
    let hasEscape: Bool
    /// Whether blanks stand between the name and the separator.
    let hasGap: Bool

    /// The name that ends before `separator`, not looking further back than `lowest`; nil when there is none.
    static func before(
        _ separator: UnsafePointer<UInt8>, lowest: UnsafePointer<UInt8>, limit: Int
    ) -> TextKey? {
        var end = separator
        while end > lowest, end[-1] == 0x20, separator - end < 8 { end -= 1 }
        let hasGap = end < separator
        guard end > lowest else { return nil }
        let last = end[-1]
        if last == 0x22 || last == 0x27 { return quoted(by: last, end - 1, lowest, limit, hasGap: hasGap) }
        var start = end
        var hasEscape = false
        let bound = end - min(limit, end - lowest)
        while start > bound, isNameByte(start[-1]) || (start[-1] == 0x5C && isUnicodeEscape(start - 1, end)) {
            start -= 1
            if start[0] == 0x5C || start[0] == 0x25 { hasEscape = true }
        }
        guard start < end else { return nil }
        return TextKey(name: Bytes(from: start, to: end), hasEscape: hasEscape, hasGap: hasGap)
    }

    private static func quoted(
        by quote: UInt8, _ closing: UnsafePointer<UInt8>, _ lowest: UnsafePointer<UInt8>, _ limit: Int, hasGap: Bool
    ) -> TextKey? {
        var end = closing
        while end > lowest, end[-1] == 0x5C { end -= 1 }
        var start = end
        var hasEscape = false
        let bound = end - min(limit, end - lowest)
        while start > bound, start[-1] != quote {
            start -= 1
            if start[0] == 0x5C { hasEscape = true }
        }
        guard start > lowest, start[-1] == quote else { return nil }
        return TextKey(name: Bytes(from: start, to: end), hasEscape: hasEscape, hasGap: hasGap)
    }

    @inline(__always)
    static func isNameByte(_ byte: UInt8) -> Bool { cbytes_is_name(byte) != 0 }

    private static func isUnicodeEscape(_ at: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
        end - at >= 6 && at[1] == 0x75 && (2..<6).allSatisfy { JSONEscapes.isHexDigit(at[$0]) }
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
        func value(_ digit: UInt8) -> UInt8 { digit <= 0x39 ? digit - 0x30 : (digit | 0x20) - 0x61 + 10 }
        return value(high) << 4 | value(low)
    }
}
