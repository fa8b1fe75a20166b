/// What of one source is safe: the end of the unbroken run of acknowledged spans from its start.
///
/// A *span* is a stretch of the source whose entries went into the same open batches. The worker opens a span, extends
/// it as lines are consumed, and retains it once for every batch and every holding stage that has lines of it; answers
/// release it. Lines that a stage dropped on purpose need nothing: they are covered by the span's end. The position is
/// never the read offset. Touches no clock, file or thread.
package struct AckWindow {
    private struct Span {
        var end: Int64
        var pending: Int32
    }

    /// Everything before it is safe: byte offset, line count or cursor number, as the source counts.
    package private(set) var position: Int64
    private var spans: [Span] = []
    private var head = 0
    private var firstNumber: UInt32 = 0

    package init(position: Int64) { self.position = position }

    /// Begins a new span behind all others; gives its number.
    package mutating func open() -> UInt32 {
        if head > 32, head * 2 > spans.count {
            spans.removeFirst(head)
            head = 0
        }
        spans.append(Span(end: spans.last?.end ?? position, pending: 0))
        return firstNumber &+ UInt32(spans.count - head - 1)
    }

    /// The latest span now reaches up to `end`: its lines have been handed to batches or stages, or dropped.
    ///
    /// - Precondition: a span was opened, and positions do not go back.
    package mutating func extend(to end: Int64) {
        precondition(end >= spans[spans.count - 1].end, "position goes back to \(end)")
        spans[spans.count - 1].end = end
    }

    /// One more batch or stage has lines of span `number`.
    package mutating func retain(_ number: UInt32) { spans[index(number)].pending += 1 }

    /// A batch with lines of span `number` was accepted or given up, or a stage let go of its lines.
    package mutating func release(_ number: UInt32) {
        let place = index(number)
        precondition(spans[place].pending > 0, "span \(number) was released more often than retained")
        spans[place].pending -= 1
    }

    /// Moves the position over all finished spans; gives it if it moved.
    ///
    /// The latest span stays, since more lines may follow in it.
    package mutating func advance() -> Int64? {
        let before = position
        while head < spans.count, spans[head].pending == 0 {
            position = spans[head].end
            guard head < spans.count - 1 else { break }
            head += 1
            firstNumber &+= 1
        }
        return position > before ? position : nil
    }

    /// Whether nothing of this source is under way.
    package var isIdle: Bool { spans[head...].allSatisfy { $0.pending == 0 } }

    private func index(_ number: UInt32) -> Int {
        let place = head + Int(number &- firstNumber)
        precondition(place < spans.count, "span \(number) is not open")
        return place
    }
}
