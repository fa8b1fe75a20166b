import Synchronization

/// What container logs count, added up per part of an answer; every function may be called from any thread.
package final class ContainerCounts: Sendable {
    package struct Sums: Sendable, Equatable {
        /// Lines that were handed over.
        package var lines: UInt64 = 0
        /// Frames without a time, and answers that are none.
        package var errors: UInt64 = 0
        /// Lines that relabel_configs dropped.
        package var relabelled: UInt64 = 0
        /// Lines that were cut.
        package var cut: UInt64 = 0

        static func += (sums: inout Sums, more: Sums) {
            sums.lines += more.lines
            sums.errors += more.errors
            sums.relabelled += more.relabelled
            sums.cut += more.cut
        }
    }

    private let sums = Mutex(Sums())

    package init() {}

    package var current: Sums { sums.withLock { $0 } }
    func add(_ more: Sums) { sums.withLock { $0 += more } }
}

/// What the reader of an engine has to say to whoever runs the agent.
package enum ContainerNotice: Equatable, Sendable {
    /// The engine does not answer as it should; it is asked again.
    case unavailable(reason: String)
    case available
    /// The container's log driver keeps nothing that can be read.
    case noLogs(container: String, reason: String)
    /// The log of a container breaks off; it is read on from where it was.
    case brokenOff(container: String, reason: String)
}
