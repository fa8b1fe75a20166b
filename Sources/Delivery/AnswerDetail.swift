/// The first line of a server's answer to a push that it did not take.
///
/// Servers quote what they were sent: labels, at times lines. So the text is for decisions only, and `description`,
/// string interpolation and reflection show nothing but ``redacted``.
package struct AnswerDetail: Equatable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// Bytes of the first line that are kept, as Promtail does.
    package static let bytesLimit = 1_024

    /// The line as it came, which **may hold log content**: never log it, never put it into an error.
    package let unredactedBytes: [UInt8]

    /// Whether this is all that the server said: one line, not cut.
    private let isWhole: Bool

    /// - Parameters:
    ///   - bytes: the beginning of the answer; everything from the first line feed or past ``bytesLimit`` is left out.
    ///   - isWhole: whether nothing of the answer is missing from `bytes`.
    package init(_ bytes: some Sequence<UInt8>, isWhole: Bool) {
        var line: [UInt8] = []
        var isWhole = isWhole
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            if byte == UInt8(ascii: "\n") {
                if rest.next() != nil { isWhole = false }
                break
            }
            if line.count == Self.bytesLimit {
                isWhole = false
                break
            }
            line.append(byte)
        }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        unredactedBytes = line
        self.isWhole = isWhole
    }

    /// An answer without a text.
    package static let none = AnswerDetail([], isWhole: true)

    /// What may be logged: the line without anything that the server may have quoted, and Loki's reason if we know it.
    ///
    /// Everything from the first quote or bracket to the last is left out, not pair by pair: a quoted value may hold
    /// quotes itself. If the line was cut, more lines followed or the last does not close the first, what comes after the
    /// first is left out as well, as the closing quote may be the part that is missing. Control and non-ASCII characters read `?`.
    package var redacted: String { redacted { _ in false } }

    /// The same, with `...` in place of every word of four bytes and more that `isSent` finds in what was pushed: what
    /// comes back without quotes around it.
    package func redacted(where isSent: ([UInt8]) -> Bool) -> String {
        let line = unredactedBytes
        var shown: [UInt8]
        if let first = line.firstIndex(where: Self.isDelimiter), let last = line.lastIndex(where: Self.isDelimiter) {
            let isClosed = isWhole && first < last && line[last] == Self.closing(line[first])
            shown = line[..<first] + Array("...".utf8) + (isClosed ? line[(last + 1)...] : [])
        } else {
            shown = line
        }
        shown = Self.words(of: shown, where: isSent)
        for index in shown.indices where shown[index] < 0x20 || shown[index] > 0x7E { shown[index] = UInt8(ascii: "?") }
        let text = String(decoding: shown, as: UTF8.self)
        guard let reason = LokiReason.allCases.first(where: { $0.isGiven(by: line) }), !text.contains(reason.rawValue)
        else { return text }
        return "\(text) (\(reason.rawValue))"
    }

    private static func words(of text: [UInt8], where isSent: ([UInt8]) -> Bool) -> [UInt8] {
        let words = text.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map { word in
            // Without the punctuation around it.
            let start = word.firstIndex(where: isAlphanumeric) ?? word.endIndex
            let core = Array(word[start...].reversed().drop { !isAlphanumeric($0) }.reversed())
            return core.count >= 4 && isSent(core) ? Array("...".utf8) : Array(word)
        }
        return Array(words.joined(separator: [UInt8(ascii: " ")]))
    }

    /// Letters and digits, and whatever is not ASCII.
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...0xFF:
            true
        default: false
        }
    }

    package var description: String { redacted }
    package var debugDescription: String { redacted }
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static func closing(_ delimiter: UInt8) -> UInt8 {
        switch delimiter {
        case UInt8(ascii: "{"): UInt8(ascii: "}")
        case UInt8(ascii: "["): UInt8(ascii: "]")
        case UInt8(ascii: "<"): UInt8(ascii: ">")
        default: delimiter
        }
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "<"), UInt8(ascii: ">"):
            true
        default: false
        }
    }
}
