import Entries
import Files

/// Where a worker's lines come from.
///
/// Called by the worker's thread only.
protocol LineSource: AnyObject {
    /// Descriptors whose readability means that there is something to do; -1 for none.
    var waitDescriptor: Int32 { get }
    /// Whether the descriptor tells of notifications, which ``observe(now:)`` takes note of, and not of lines.
    var isNotified: Bool { get }
    /// Looks after the world without reading lines; never waits.
    func observe(now: Int64)
    func nextDeadline(now: Int64) -> Int64?
    /// Whole lines, valid until the next call; nil when there is nothing to read now.
    func nextChunk(now: Int64) -> Chunk?
    func takeEvents() -> [TailEvent]
    func acknowledge(_ source: SourceID, position: Int64)
    /// Ends every source.
    func finishAll()
    func positionsSnapshot() -> PositionsSnapshot
    /// Whether no line will ever come again.
    var isExhausted: Bool { get }
    /// Whether carriage returns at line ends belong to the line and empty lines are entries.
    var keepsLineEnds: Bool { get }
}

extension TailSet: LineSource {
    var isExhausted: Bool { false }
    var keepsLineEnds: Bool { true }
    var isNotified: Bool { true }
}
