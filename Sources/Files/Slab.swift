/// The memory that lines are read into: one per worker, grown only for a line that does not fit.
final class Slab {
    /// Readable bytes behind the data, so that scanners may look 16 bytes at a time past its end.
    static let slack = 64

    private(set) var start: UnsafeMutablePointer<UInt8>
    private(set) var capacity: Int
    private let usualCapacity: Int

    init(capacity: Int) {
        usualCapacity = capacity
        self.capacity = capacity
        start = Self.allocate(capacity)
    }

    deinit { start.deallocate() }

    /// Makes room for at least `count` bytes; of what was in the slab, the first `kept` bytes stay.
    func grow(to count: Int, keeping kept: Int = 0) {
        guard count > capacity else { return }
        let larger = Self.allocate(count)
        larger.update(from: start, count: kept)
        start.deallocate()
        start = larger
        capacity = count
    }

    /// Gives back what a long line needed.
    func shrink() {
        guard capacity > usualCapacity else { return }
        start.deallocate()
        capacity = usualCapacity
        start = Self.allocate(usualCapacity)
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        let start = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + slack)
        (start + capacity).initialize(repeating: 0, count: slack)
        return start
    }
}
