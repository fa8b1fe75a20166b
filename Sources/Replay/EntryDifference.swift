import Entries
import Languages

/// Values as a failed test shows them: on one line, and cut where they are long.
enum EntryDifference {
    private static let longest = 200

    static func quoted(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        Bytes.with(bytes) { GoQuoting.appendQuoted($0, to: &text) }
        return shortened(text)
    }

    static func shortened(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.count > longest ? text.prefix(longest) + "..." : text
    }

    /// `{name="value"}`, sorted.
    static func labels(_ pairs: [(name: String, value: [UInt8])]) -> String {
        shortened(StreamText.render(pairs))
    }
}
