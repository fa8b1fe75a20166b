import Glibc

/// Whether the process may have as many files open as it needs beside those of its targets.
enum OpenFileLimit {
    /// Connections, positions, libraries, the signals, some to spare.
    private static let agent = 24
    /// Watches and wake-ups of a worker, and one file to read.
    private static let worker = 8

    /// Checked before anything is opened, since what fails later fails for a reason that names something else.
    ///
    /// - Throws: with what to do, where `RLIMIT_NOFILE` is too low for so many workers.
    static func check(workers: Int) throws(AgentError) {
        let limit = sysconf(Int32(_SC_OPEN_MAX))
        let needed = agent + worker * workers
        guard limit < 0 || limit >= needed else {
            throw AgentError(
                "only \(limit) files may be open at a time, and \(needed) are needed; raise the limit (ulimit -n, LimitNOFILE)"
            )
        }
    }
}
