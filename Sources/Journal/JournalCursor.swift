/// What the cursor of a journal entry says (sd_journal_get_cursor(3)): `s=ID;i=HEX;b=BOOT;m=HEX;t=HEX;x=HEX`.
///
/// libsystemd calls the text opaque, so nothing depends on it but the number of entries in a gap.
struct JournalCursor: Equatable {
    /// Who numbered the entry: one journald, over all of its files.
    let sequence: Substring
    /// Its number there: journald counts up by one.
    let number: UInt64
    /// When journald received it, in microseconds since 1970.
    let time: UInt64

    /// Nil for a text of another form.
    init?(_ text: String) {
        var parts: [Substring: Substring] = [:]
        for part in text.split(separator: ";") {
            guard let equals = part.firstIndex(of: "=") else { return nil }
            parts[part[..<equals]] = part[part.index(after: equals)...]
        }
        guard let sequence = parts["s"], let number = parts["i"].flatMap({ UInt64($0, radix: 16) }),
            let time = parts["t"].flatMap({ UInt64($0, radix: 16) })
        else { return nil }
        self.sequence = sequence
        self.number = number
        self.time = time
    }
}

/// Entries that are not there any more, or cannot be read: journald has counted them.
package struct JournalGap: Equatable, Sendable {
    /// The last entry before it and the first one after it, in microseconds since 1970.
    package let from: UInt64
    package let to: UInt64
    /// Nil where it is not known.
    package let count: UInt64?
}

/// Notices that entries are missing, by the numbers that journald gives them.
///
/// Only for a journal that is read whole: without matches, and with every file readable.
struct JournalGaps {
    private var last: JournalCursor?

    /// Begins anew behind an entry; nil: nothing is known.
    mutating func begin(after cursor: JournalCursor?) { last = cursor }

    /// `count` entries were read since the last call, of which `cursor` is the last; gives the gap among them.
    ///
    /// Where several journals lie in one folder, entries of others stand in between: fewer are missing then than seems,
    /// and a gap may go unnoticed, but none is made up.
    mutating func read(_ count: Int, upTo cursor: JournalCursor?) -> JournalGap? {
        defer { last = cursor }
        guard let last, let cursor, last.sequence == cursor.sequence, cursor.number > last.number else { return nil }
        let expected = cursor.number - last.number
        guard expected > UInt64(count) else { return nil }
        return JournalGap(from: last.time, to: cursor.time, count: expected - UInt64(count))
    }
}
