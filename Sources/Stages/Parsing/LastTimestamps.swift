import Entries

/// The last timestamp of each label set: what a timestamp that cannot be read is guessed from.
///
/// Promtail's "fudge": an entry without a readable time gets the time of the entry before it, one nanosecond later, so
/// that the two keep their order. Label sets count as they are at the stage. Remembers ``LabelSets/limit`` of them; at
/// that bound all are forgotten at once.
struct LastTimestamps {
    private let labelSets: LabelSets
    private var times = Table()
    private var epoch = -1
    private var guess = -1

    /// By number of the label set, grown as numbers appear; `unknown` where nothing is remembered.
    private final class Table {
        var items: UnsafeMutableBufferPointer<Timestamp> = .init(start: nil, count: 0)

        deinit { items.deallocate() }
    }

    /// No time of a log: before the universe began.
    private static let unknown = Timestamp(seconds: .min)

    init(_ labelSets: LabelSets) { self.labelSets = labelSets }

    /// Remembers the entry's timestamp as a good one.
    @inline(__always)
    mutating func remember(_ entry: inout Entry) {
        let number = labelSets.number(of: &entry, guess: &guess)
        if epoch != labelSets.epoch || number >= times.items.count { makeRoom(for: number) }
        times.items[number] = entry.timestamp
    }

    /// Gives the entry the remembered time plus one nanosecond; leaves it as it is when there is none.
    mutating func fudge(_ entry: inout Entry) {
        let number = labelSets.number(of: &entry, guess: &guess)
        guard epoch == labelSets.epoch, number < times.items.count, times.items[number] != Self.unknown else { return }
        entry.timestamp = times.items[number].adding(nanoseconds: 1)
        times.items[number] = entry.timestamp
    }

    private mutating func makeRoom(for number: Int) {
        if epoch != labelSets.epoch {
            epoch = labelSets.epoch
            times.items.update(repeating: Self.unknown)
        }
        guard number >= times.items.count else { return }
        let larger = UnsafeMutableBufferPointer<Timestamp>.allocate(capacity: max(64, (number + 1) * 2))
        let rest = larger[larger.initialize(fromContentsOf: times.items)...]
        rest.initialize(repeating: Self.unknown)
        times.items.deallocate()
        times.items = larger
    }
}
