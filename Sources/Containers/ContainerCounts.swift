package import Receivers

/// What container logs count, added up per part of an answer.
package typealias ContainerCounts = Tally<ContainerSums>

package struct ContainerSums: Sums, Equatable {
    /// Lines that were handed over.
    package var lines: UInt64 = 0
    /// Frames without a time, and answers that are none.
    package var errors: UInt64 = 0
    /// Lines that relabel_configs dropped.
    package var relabelled: UInt64 = 0
    /// Lines that were cut.
    package var cut: UInt64 = 0

    package init() {}

    package static func += (sums: inout ContainerSums, more: ContainerSums) {
        sums.lines += more.lines
        sums.errors += more.errors
        sums.relabelled += more.relabelled
        sums.cut += more.cut
    }
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
