/// The range of times that the wait before another attempt is drawn from.
package struct RetryWindow: Equatable, Sendable {
    package let lower: Duration

    /// Not reached, unless it equals `lower`; never less than `lower`.
    package let upper: Duration

    /// Whether the server's Retry-After moved the window later than the schedule alone would have put it.
    package let isPostponedByServer: Bool

    /// - Precondition: `lower` is not above `upper`.
    package init(_ lower: Duration, _ upper: Duration, isPostponedByServer: Bool = false) {
        precondition(lower <= upper, "retry window from \(lower) to \(upper)")
        self.lower = lower
        self.upper = upper
        self.isPostponedByServer = isPostponedByServer
    }

    /// A wait drawn evenly from the window, in whole nanoseconds; `lower` itself if the window is empty.
    package func delay(drawingFrom generator: inout some RandomNumberGenerator) -> Duration {
        let width = upper - lower
        guard width > .zero else { return lower }
        let nanoseconds = width / .nanoseconds(1)
        guard nanoseconds < 0x1p62 else {
            return lower + .nanoseconds(Int64.random(in: 0..<(1 << 62), using: &generator))
        }
        return lower + .nanoseconds(Int64.random(in: 0..<max(1, Int64(nanoseconds)), using: &generator))
    }
}
