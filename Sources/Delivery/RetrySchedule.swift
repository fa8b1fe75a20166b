/// How long to wait after each failed attempt at one push, and when to give up.
///
/// Promtail 3.6's `backoff_config`: windows of `minimum ..< 2 * minimum`, doubling until the upper end meets `maximum`,
/// then at rest. With 500 ms and 5 min: attempt 1: 0.5 ..< 1 s, 2: 1 ..< 2 s, 9: 128 ..< 256 s, 10 and later:
/// 256 ..< 300 s. The caller draws from the window, so that this can be tested exactly. One value per batch.
package struct RetrySchedule: Equatable, Sendable {
    /// What follows a failed attempt.
    package enum Step: Equatable, Sendable {
        case wait(RetryWindow)
        case giveUp
    }

    /// What a server may ask for with Retry-After; more is cut to this, so that a wrong header cannot stop delivery.
    package static let retryAfterLimit = Duration.seconds(3_600)

    /// Failed attempts so far.
    package private(set) var attempts = 0

    private let maximum: Duration
    private let attemptsLimit: Int?
    private var lower: Duration
    private var upper: Duration

    /// - Parameters:
    ///   - minimum: `min_period`; below zero counts as zero, and a wait of zero stays zero.
    ///   - maximum: `max_period`; if it is not above `minimum`, every wait is exactly `minimum`, as in Promtail.
    ///   - maxRetries: `max_retries`, the number of *attempts*. 0, or nil for "not configured": for ever.
    package init(
        minimum: Duration = .milliseconds(500),
        maximum: Duration = .seconds(300),
        maxRetries: Int? = nil
    ) {
        let minimum = max(minimum, .zero)
        self.maximum = max(maximum, .zero)
        attemptsLimit = maxRetries == 0 ? nil : maxRetries
        lower = minimum
        upper = Self.doubled(minimum, upTo: self.maximum)
    }

    /// Counts a failed attempt; what to do now.
    ///
    /// `retryAfter` is what the server asked for, if it did. The wait is at least that, up to ``retryAfterLimit``; the
    /// window keeps its width, so that many senders do not return at the same moment.
    package mutating func attemptFailed(retryAfter: Duration? = nil) -> Step {
        attempts += 1
        let scheduled = RetryWindow(lower, max(lower, upper))
        if lower < upper, upper < maximum {
            lower = Self.doubled(lower, upTo: maximum)
            upper = Self.doubled(upper, upTo: maximum)
        }
        if let attemptsLimit, attempts >= attemptsLimit { return .giveUp }
        let asked = min(retryAfter ?? .zero, Self.retryAfterLimit)
        guard asked > scheduled.lower else { return .wait(scheduled) }
        return .wait(RetryWindow(asked, asked + (scheduled.upper - scheduled.lower), isPostponedByServer: true))
    }

    private static func doubled(_ duration: Duration, upTo maximum: Duration) -> Duration {
        // Compared by subtraction: doubling first could overflow.
        duration > maximum - duration ? maximum : duration + duration
    }
}
