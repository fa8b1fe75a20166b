import Entries

/// The pieces of lines that are not whole yet, one line for each stream (target and label set).
///
/// Decides what is joined, kept and given out; knows no clock but the times of the entries. Bounded: at most
/// `streamLimit` streams and `byteLimit` bytes, and no piece waits longer than ``idleLimit`` for the next one.
struct PartialLines {
    /// What a piece costs besides its bytes.
    static let pieceWeight = 64
    /// How long a piece waits for the next one, in nanoseconds: runtimes write the pieces of a line in one go.
    static let idleLimit: Int64 = 60_000_000_000

    private struct Partial {
        /// Of target and labels, so that few lines are compared.
        let hash: UInt64
        var entry: HeldEntry
        var weight: Int
    }

    private let streamLimit: Int
    private let byteLimit: Int
    /// Bytes to which joined lines are cut; nil to leave them whole.
    private let truncation: Int?
    /// In the order in which their latest pieces came.
    private var partials: [Partial] = []
    private var weight = 0
    private var released: [HeldEntry] = []

    /// `byteLimit` is for all held lines together, each piece weighing ``pieceWeight`` more than its bytes; the usual
    /// one is as much as a reader takes for a line.
    init(streamLimit: Int, truncation: Int? = nil, byteLimit: Int = 16 << 20) {
        self.streamLimit = streamLimit
        self.byteLimit = byteLimit
        self.truncation = truncation
    }

    var isEmpty: Bool { partials.isEmpty }

    /// When the piece that has waited longest is given out, in monotonic nanoseconds; nil while nothing is held.
    var deadline: Int64? { partials.first.map { $0.entry.arrival + Self.idleLimit } }

    /// Keeps a piece, joined to those of its stream before it.
    ///
    /// When too many streams have pieces, all that is held is given out as it is and this piece begins anew, also where
    /// it would have continued one (as in Promtail). When too many bytes are held, what has waited longest is given out.
    mutating func hold(_ entry: Entry) -> Verdict {
        if partials.count >= streamLimit { releaseAll() }
        let hash = entry.labelHash
        var partial: Partial
        if let index = index(of: entry, hash) {
            partial = partials.remove(at: index)
            weight -= partial.weight
            partial.entry.append(entry)
        } else {
            partial = Partial(hash: hash, entry: HeldEntry(entry), weight: 0)
        }
        if let truncation, partial.entry.line.count > truncation {
            partial.entry.line.removeLast(partial.entry.line.count - truncation)
        }
        partial.weight = partial.entry.line.count + Self.pieceWeight * partial.entry.spans.count
        weight += partial.weight
        partials.append(partial)
        while weight > byteLimit { releaseFirst() }
        return released.isEmpty ? .hold : .release
    }

    /// Puts what is held of the entry's stream before its line.
    mutating func complete(_ entry: inout Entry) {
        guard let index = index(of: entry, entry.labelHash) else { return }
        let partial = partials.remove(at: index)
        weight -= partial.weight
        let earlier = partial.entry.line
        let room = entry.arena.allocate(earlier.count + entry.line.count)
        var end = Bytes.with(earlier) { $0.copy(to: room) }
        end = entry.line.copy(to: end)
        entry.replaceLine(with: Bytes(room, count: min(end - room, truncation ?? .max)))
        entry.join(partial.entry.spans)
    }

    /// Gives out what has waited too long at `now`, or everything.
    mutating func expire(now: Int64, isEnding: Bool) {
        while let deadline, isEnding || deadline <= now { releaseFirst() }
    }

    /// The next line to give out, longest waiting first.
    mutating func nextReleased() -> HeldEntry? { released.isEmpty ? nil : released.removeFirst() }

    private mutating func releaseAll() {
        while !partials.isEmpty { releaseFirst() }
    }

    private mutating func releaseFirst() {
        let partial = partials.removeFirst()
        weight -= partial.weight
        released.append(partial.entry)
    }

    private func index(of entry: Entry, _ hash: UInt64) -> Int? {
        partials.firstIndex { $0.hash == hash && $0.entry.hasLabels(of: entry) }
    }
}
