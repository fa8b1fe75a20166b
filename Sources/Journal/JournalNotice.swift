/// What the reader of a journal has to say to whoever runs the agent.
package enum JournalNotice: Equatable, Sendable {
    /// The folder cannot be opened; it is tried again.
    case unavailable(reason: String)
    /// Files that may not be read.
    case noPermission(count: Int)
    case opened(folder: String)
    /// The saved entry is gone: reading goes on at the next one in time.
    case cursorVanished(JournalGap)
    /// The saved cursor is no cursor.
    case cursorUnusable
    /// Entries between the saved cursor and this time are older than max_age and not sent; microseconds since 1970.
    case tooOld(before: UInt64)
    case gap(JournalGap)
    /// The journal could not be read further and is opened again.
    case reopening(reason: String)
}
