/// Times and bounds of a ``TailSet``.
package struct TailOptions: Equatable, Sendable {
    /// How often patterns are matched anew and every file is looked at.
    package var syncPeriod: Duration = .seconds(10)
    /// How soon a file without inotify, or one that was rotated away, is looked at again; doubles while nothing
    /// changes.
    package var minimumPollPeriod: Duration = .milliseconds(250)
    /// Where that doubling ends.
    package var maximumPollPeriod: Duration = .milliseconds(250)
    /// How long a rotated or removed file must not have grown before it counts as complete.
    package var quietPeriod: Duration = .seconds(5)
    /// Files that stay open although nothing is left to read in them.
    package var maximumOpenFiles = 256
    /// Files open at a time at most, so that sockets and positions keep working; not below ``maximumOpenFiles``.
    package var descriptorLimit = OpenFile.descriptorLimit / 4 * 3
    /// Bytes read at once.
    package var slabBytes = 256 * 1024
    /// Longest line in bytes of a target that sets no bound itself.
    package var longestLineBytes = 16 * 1024 * 1024
    /// False polls everything, for file systems whose notifications cannot be trusted.
    package var usesNotifications = true
    /// Folders watched with inotify at most.
    package var maximumWatchedFolders = 8192

    package init() {}
}
