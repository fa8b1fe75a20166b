import CBytes
import Entries
import Files
import Glibc

/// Lines from standard input (sources.md 8): read until the end, then the agent stops.
///
/// Nothing can be read again, so there are no positions; the worker stops reading while the output is blocked, and the
/// writer waits.
final class StandardInput: LineSource {
    private static let chunkBytes = 256 * 1024
    /// A longer line is broken here, so that memory has a bound.
    private static let longestLine = 16 * 1024 * 1024

    private let source = SourceID(rawValue: 0)
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity = StandardInput.chunkBytes
    private var start = 0
    private var end = 0
    private var position: Int64 = 0
    private var hasEnded = false
    private var events: [TailEvent]

    init(target: Int) {
        buffer = .allocate(capacity: capacity + 64)
        events = [.opened(SourceID(rawValue: 0), target: target, path: "stdin", startPosition: 0)]
    }

    deinit { buffer.deallocate() }

    var waitDescriptor: Int32 { hasEnded ? -1 : STDIN_FILENO }
    var isExhausted: Bool { hasEnded && start == end }
    var keepsLineEnds: Bool { false }
    var isNotified: Bool { false }
    func observe(now: Int64) {}
    func nextDeadline(now: Int64) -> Int64? { nil }
    func acknowledge(_ source: SourceID, position: Int64) {}
    func finishAll() {
        hasEnded = true
        start = end
    }
    func positionsSnapshot() -> PositionsSnapshot { PositionsSnapshot() }

    func takeEvents() -> [TailEvent] {
        defer { events = [] }
        return events
    }

    func nextChunk(now: Int64) -> Chunk? {
        while true {
            if let newline = lastNewline() { return take(newline + 1 - start, isOpen: false) }
            if hasEnded || end - start >= Self.longestLine {
                return end > start ? take(end - start, isOpen: true) : nil
            }
            guard fill() else { return nil }
        }
    }

    private func lastNewline() -> Int? {
        guard end > start, let hit = cbytes_find_last(buffer + start, buffer + end, 0x0A) else { return nil }
        return hit - UnsafePointer(buffer)
    }

    private func take(_ count: Int, isOpen: Bool) -> Chunk {
        let bytes = Bytes(buffer + start, count: count)
        start += count
        defer { position += Int64(count) }
        return Chunk(
            source: source,
            bytes: bytes,
            startPosition: position,
            advance: isOpen ? .atEnd : .perByte,
            endPosition: position + Int64(count),
            isLastLineOpen: isOpen
        )
    }

    /// Reads more; false when nothing is there now.
    private func fill() -> Bool {
        if start > 0 {
            memmove(buffer, buffer + start, end - start)
            end -= start
            start = 0
        }
        if end == capacity { grow() }
        while hasInput {
            let count = read(STDIN_FILENO, buffer + end, capacity - end)
            if count > 0 {
                end += count
                return true
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            // The end, or an error that no second try mends.
            hasEnded = true
            return true
        }
        return false
    }

    /// Whether a read would not wait; asked instead of O_NONBLOCK, which would hold for every process that shares it.
    private var hasInput: Bool {
        var polled = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, 0) > 0
    }

    private func grow() {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2 + 64)
        memcpy(larger, buffer, end)
        buffer.deallocate()
        buffer = larger
        capacity *= 2
    }
}
