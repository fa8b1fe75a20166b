/// When positions are saved: each period, and soon after files have come or gone.
struct SaveSchedule {
    /// Monotonic nanoseconds of the next save.
    private(set) var next: Int64
    private var last: Int64
    private let period: Int64

    /// Least time between two saves, however many files come and go: 1 s, or the period if that is shorter.
    private static let shortest: Int64 = 1_000_000_000

    /// The first save that ``bringForward()`` asks for comes at once.
    init(period: Int64, now: Int64) {
        self.period = period
        last = now &- Self.shortest
        next = now &+ period
    }

    /// Saves as soon as may be.
    mutating func bringForward() { next = min(next, last &+ min(period, Self.shortest)) }

    /// Whether it is time to save; if so, the next time is a period away.
    mutating func isDue(now: Int64) -> Bool {
        guard now >= next else { return false }
        last = now
        next = now &+ period
        return true
    }
}
