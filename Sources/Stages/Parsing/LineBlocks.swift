import Entries

/// The blocks of lines that are being put together, one for each stream (target and label set).
///
/// Decides what is joined, kept and given out; knows no clock but the times of the entries. Bounded: at most
/// ``streamLimit`` streams hold a block and ``byteLimit`` bytes are held; beyond, the block that has waited longest is
/// given out.
struct LineBlocks {
    static let streamLimit = 4_096
    static let byteLimit = 16 << 20

    /// A stream that has seen its first line.
    private struct Stream {
        let hash: UInt64
        /// What the next block carries besides its lines: the latest first line.
        var start: HeldEntry
        /// The block so far; nil between blocks.
        var block: HeldEntry?
        var lineCount = 0
        var weight = 0
        /// When the latest line came, in monotonic nanoseconds.
        var arrival: Int64 = 0
    }

    /// 0 for no limit.
    private let lineLimit: Int
    /// Nanoseconds.
    private let wait: Int64
    /// In the order in which their latest lines came.
    private var streams: [Stream] = []
    private var weight = 0
    private var released: [HeldEntry] = []

    init(lineLimit: Int, wait: Int64) {
        self.lineLimit = lineLimit
        self.wait = wait
    }

    /// When the block that has waited longest is given out, in monotonic nanoseconds; nil while nothing is held.
    var deadline: Int64? { streams.first { $0.block != nil }.map { $0.arrival &+ wait } }

    /// Takes a line; `isFirst`: it begins a block.
    mutating func take(_ entry: Entry, isFirst: Bool) -> Verdict {
        let hash = entry.labelHash
        let known = streams.firstIndex { $0.hash == hash && $0.start.hasLabels(of: entry) }
        var stream: Stream
        if let known {
            stream = streams.remove(at: known)
        } else {
            // Until a stream's first block begins its lines pass as they are.
            guard isFirst else { return .keep }
            stream = Stream(hash: hash, start: HeldEntry.withoutLine(entry))
        }
        if isFirst {
            giveOut(&stream)
            stream.start = HeldEntry.withoutLine(entry)
        }
        append(entry, to: &stream)
        if lineLimit > 0, stream.lineCount >= lineLimit { giveOut(&stream) }
        streams.append(stream)
        keepBounds()
        return released.isEmpty ? .hold : .release
    }

    /// Gives out what has waited too long at `now`, or everything.
    mutating func expire(now: Int64, isEnding: Bool) {
        for index in streams.indices where isEnding || streams[index].arrival &+ wait <= now {
            giveOut(at: index)
        }
        if isEnding { streams.removeAll() }
    }

    /// The next block to give out, longest waiting first.
    mutating func nextReleased() -> HeldEntry? { released.isEmpty ? nil : released.removeFirst() }

    private mutating func append(_ entry: Entry, to stream: inout Stream) {
        // Taken out while it grows, or all its lines would be copied for each one that comes.
        var block = stream.block.take() ?? stream.start
        block.appendLine(of: entry)
        let more = entry.line.count + PartialLines.pieceWeight
        stream.weight += more
        weight += more
        stream.lineCount += 1
        stream.arrival = entry.now.monotonic
        stream.block = block
    }

    private mutating func giveOut(_ stream: inout Stream) {
        guard let block = stream.block else { return }
        weight -= stream.weight
        stream.weight = 0
        stream.block = nil
        stream.lineCount = 0
        released.append(block)
    }

    private mutating func giveOut(at index: Int) {
        var stream = streams[index]
        giveOut(&stream)
        streams[index] = stream
    }

    private mutating func keepBounds() {
        while streams.count > Self.streamLimit {
            var oldest = streams.removeFirst()
            giveOut(&oldest)
        }
        while weight > Self.byteLimit, let index = streams.firstIndex(where: { $0.block != nil }) {
            giveOut(at: index)
        }
    }
}
