import CBytes
import Entries

/// Finds secrets in text that has no structure one could rely on: `key=value`, `key: value`, URL queries, logfmt,
/// header lines, and JSON inside of strings, at any depth of escaping.
///
/// It goes from one `=` or `:` to the next, looks back for the key and, only where the key names a secret, ahead for
/// the value. Where the end of a value is in doubt it takes more rather than less. Lives no longer than its rules; freed
/// by its owner.
/// - Complexity: O(bytes).
struct TextScanner: BitwiseCopyable {
    private let rules: Unmanaged<RedactionRules>
    private let matcher: WordMatcher
    private let shortestWord: Int
    private let fewestLetters: (alone: Int32, asSecond: Int32)
    /// The string that is being scanned.
    private let decoded = UnsafeMutablePointer<DecodedString>.allocate(capacity: 1)
    /// The text that is being scanned, when it has escapes of its own.
    private let unescaped = UnsafeMutablePointer<DecodedString>.allocate(capacity: 1)

    init(rules: RedactionRules) {
        self.rules = Unmanaged.passUnretained(rules)
        matcher = rules.matcher
        shortestWord = rules.shortestWord
        fewestLetters = (
            Int32(clamping: rules.fewestLetters.alone), Int32(clamping: rules.fewestLetters.asSecond)
        )
        decoded.initialize(to: DecodedString())
        unescaped.initialize(to: DecodedString())
    }

    func deallocate() {
        for strings in [decoded, unescaped] {
            strings.pointee.deallocate()
            strings.deallocate()
        }
    }

    /// Appends what is to be masked in `text`, in order.
    func scan(_ text: Bytes, into ranges: inout MaskRanges) {
        guard Self.hasASCIIEscape(text) else { return scanPlain(text, into: &ranges) }
        unescaped.pointee.decodeASCIIEscapes(text)
        let first = ranges.count
        scanPlain(unescaped.pointee.text, into: &ranges)
        Self.translate(&ranges, from: first, unescaped.pointee)
    }

    /// Appends what is to be masked in the inside of a JSON string.
    func scanString(_ content: Bytes, hasEscape: Bool, into ranges: inout MaskRanges) {
        guard hasEscape else { return scanPlain(content, into: &ranges) }
        guard mayHoldSecret(content) else { return }
        decoded.pointee.decode(content)
        let first = ranges.count
        scan(decoded.pointee.text, into: &ranges)
        Self.translate(&ranges, from: first, decoded.pointee)
    }

    private func scanPlain(_ text: Bytes, into ranges: inout MaskRanges) {
        var from = text.start
        while true {
            let separator = cbytes_find_separator(from, text.end)
            guard separator < text.end else { return }
            from = separator + 1
            // Times and numbers have too few letters to be the name of a secret.
            let look = cbytes_look_before(separator, text.start)
            if look.is_plain != 0,
                look.letters < (look.is_behind_blank != 0 ? fewestLetters.asSecond : fewestLetters.alone)
            {
                continue
            }
            guard let key = TextKey.before(separator, lowest: text.start), isSecret(key),
                let value = TextValue.after(separator, key, in: text)
            else { continue }
            ranges.append(MaskRange(value.bytes.start, value.bytes.end, .plain, quote: value.quote))
            from = value.next
        }
    }

    /// Makes of ranges in a decoded text those of the text as it is written.
    private static func translate(_ ranges: inout MaskRanges, from first: Int, _ decoded: DecodedString) {
        for index in first..<ranges.count {
            let range = ranges[index]
            let written = decoded.written(Bytes(from: range.start, to: range.end))
            let quote = range.quote.isEmpty ? range.quote : decoded.written(range.quote)
            ranges.replace(index, with: MaskRange(written.start, written.end, .string, quote: quote))
        }
    }

    /// Whether the text of a string with escapes is worth decoding: true for every string that holds a secret.
    ///
    /// Looks at the string as it is written, which differs from its text only by what escapes stand for.
    private func mayHoldSecret(_ content: Bytes) -> Bool {
        if Self.hasASCIIEscape(content) { return true }
        var from = content.start
        while true {
            let separator = cbytes_find_separator(from, content.end)
            guard separator < content.end else { return false }
            from = separator + 1
            guard let key = TextKey.before(separator, lowest: content.start) else { continue }
            if key.hasEscape || isSecret(key) { return true }
            // `\ttoken` reads as `ttoken` here, which changes nothing but for allowed names; `token\t` reads as `t`.
            if key.isBehindBackslash {
                if key.name.count == 1 || isSecret(key.name[1..<key.name.count]) { return true }
            }
        }
    }

    /// Whether an ASCII character is written as `\u00..`: it may be a quote, a separator or a letter of a key.
    private static func hasASCIIEscape(_ content: Bytes) -> Bool {
        var next = content.start
        while let hit = cbytes_find_text(next, content.end, escapeStart.utf8Start, escapeStart.utf8CodeUnitCount) {
            next = hit + escapeStart.utf8CodeUnitCount
            if next < content.end, next.pointee < UInt8(ascii: "8") { return true }
        }
        return false
    }

    private static let escapeStart: StaticString = "\\u00"

    @inline(__always)
    private func isSecret(_ key: TextKey) -> Bool {
        if key.hasEscape { return isSecretDecoded(key) }
        if isSecret(key.name) { return true }
        return key.isBehindBlank && isSecretWithWordBefore(key)
    }

    @inline(__always)
    private func isSecret(_ name: Bytes) -> Bool {
        name.count >= shortestWord && matcher.matches(name)
            && !rules._withUnsafeGuaranteedRef { $0.isAllowed(name) }
    }

    private func isSecretDecoded(_ key: TextKey) -> Bool {
        Bytes.with(key.decoded) { name in rules._withUnsafeGuaranteedRef { $0.names(name) } }
    }

    private func isSecretWithWordBefore(_ key: TextKey) -> Bool {
        rules._withUnsafeGuaranteedRef { rules in
            guard rules.maySecond(key.name) else { return false }
            return rules.names(key.wordBefore, key.name)
        }
    }
}
