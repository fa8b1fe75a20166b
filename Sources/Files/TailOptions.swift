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
    /// Files that stay open although nothing is left to read in them, as far as ``descriptorLimit`` allows.
    package var maximumOpenFiles = 256
    /// Files open at a time at most, at least 1; the others take turns.
    package var descriptorLimit = Self.descriptors(of: OpenFile.descriptorLimit)
    /// Bytes read at once.
    package var slabBytes = 256 * 1024
    /// Longest line in bytes of a target that sets no bound itself.
    package var longestLineBytes = 16 * 1024 * 1024
    /// False polls everything, for file systems whose notifications cannot be trusted.
    package var usesNotifications = true
    /// Folders watched with inotify at most.
    package var maximumWatchedFolders = 8192

    package init() {}

    var idleFilesLimit: Int { min(maximumOpenFiles, descriptorLimit) }

    /// How many of the descriptors that a process may have are for files.
    ///
    /// A quarter, or 48 if that is more, is left for sockets, positions, watches and the threads' own.
    static func descriptors(of limit: Int) -> Int { max(1, min(limit / 4 * 3, limit - 48)) }
}
