import Configuration
import Glibc
import Receivers

/// Where reading begins.
extension JournalReader {
    /// Opens the journal and goes to the place where reading goes on.
    ///
    /// Gives whether the current entry is still to be read; nil when there is no journal yet. `passingOver`: the entry after
    /// the last one that was read cannot be read.
    func open(passingOver: Bool) throws(JournalHandle.Failure) -> (JournalHandle, isAtEntry: Bool)? {
        let options = source.options
        let journal: JournalHandle
        do throws(JournalHandle.Failure) {
            journal = try JournalHandle(folder: options.path)
        } catch {
            if !hasToldUnavailable { source.tell(.unavailable(reason: error.text)) }
            hasToldUnavailable = true
            return nil
        }
        for match in options.matches { try journal.match(match.field, match.value) }
        for name in wanted { try journal.want(name) }
        let denied = JournalFolder.unreadableFiles(in: options.path)
        if denied > 0 { source.tell(.noPermission(count: denied)) }
        countsGaps = denied == 0 && options.matches.isEmpty
        try journal.startWatching()
        gaps.begin(after: nil)
        let isAtEntry = try position(journal, passingOver: passingOver)
        hasBeenOpened = true
        if hasToldUnavailable { source.tell(.opened(folder: options.path ?? "the machine's own")) }
        hasToldUnavailable = false
        return (journal, isAtEntry)
    }

    /// The earliest time that is read at the first start, in microseconds since 1970.
    private var earliest: UInt64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let (seconds, attoseconds) = source.options.maxAge.components
        let age = seconds.multipliedReportingOverflow(by: 1_000_000)
        let microseconds = age.overflow ? Int64.max : age.partialValue &+ attoseconds / 1_000_000_000_000
        return UInt64(max(0, Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000 - max(0, microseconds)))
    }

    /// True when the journal is at an entry that is still to be read.
    private func position(_ journal: JournalHandle, passingOver: Bool) throws(JournalHandle.Failure) -> Bool {
        let earliest = hasBeenOpened && lastRead != nil ? 0 : earliest
        if passingOver {
            let last = max(lastTime, lastRead.flatMap(JournalCursor.init)?.time ?? 0)
            try journal.seek(time: max(last + 1, earliest))
            return false
        }
        guard let cursor = lastRead else {
            try journal.seek(time: earliest)
            return false
        }
        do throws(JournalHandle.Failure) {
            try journal.seek(cursor: cursor)
        } catch {
            // EINVAL: somebody else has written the position.
            guard error.code == EINVAL else { throw error }
            source.tell(.cursorUnusable)
            lastRead = nil
            try journal.seek(time: earliest)
            return false
        }
        gaps.begin(after: JournalCursor(cursor))
        guard try journal.next() else { return false }
        guard try journal.isAt(cursor) else { return try goOnAfterVanished(cursor, journal, earliest) }
        guard try journal.time() < earliest else { return false }
        // The entry of the cursor is older than what is wanted; the next one may be, too.
        gaps.begin(after: nil)
        guard try journal.next() else { return false }
        guard try journal.time() < earliest else { return true }
        return try skip(to: earliest, journal)
    }

    private func goOnAfterVanished(
        _ cursor: String,
        _ journal: JournalHandle,
        _ earliest: UInt64
    ) throws(JournalHandle.Failure) -> Bool {
        gaps.begin(after: nil)
        let time = try journal.time()
        let found = JournalCursor(try journal.cursor())
        let last = JournalCursor(cursor)
        var count: UInt64?
        if let found, let last, found.sequence == last.sequence, found.number > last.number, countsGaps {
            count = found.number - last.number - 1
        }
        source.counts.add(.init(missing: count ?? 0))
        source.tell(.cursorVanished(JournalGap(from: last?.time ?? 0, to: time, count: count)))
        return time < earliest ? try skip(to: earliest, journal) : true
    }

    /// As Promtail does, whose `max_age` holds at each start.
    private func skip(to earliest: UInt64, _ journal: JournalHandle) throws(JournalHandle.Failure) -> Bool {
        source.tell(.tooOld(before: earliest))
        try journal.seek(time: earliest)
        return false
    }
}
