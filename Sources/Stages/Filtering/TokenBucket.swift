/// How many may pass at once and over time: tokens that come back at a steady rate, up to a number that can be saved.
///
/// Full at the start. Gives the answers of Go's `rate.Limiter`, which Promtail uses, for tokens taken one by one.
package struct TokenBucket: BitwiseCopyable {
    /// What is the same for all buckets of a limit.
    package struct Rate: BitwiseCopyable, Sendable {
        /// Over 0.
        let tokensPerSecond: Double
        /// Tokens that can be saved; at least 1.
        let burst: Double

        package init(tokensPerSecond: Double, burst: Int) {
            self.tokensPerSecond = tokensPerSecond
            self.burst = Double(burst)
        }
    }

    private var tokens: Double
    /// When `tokens` was right, in monotonic nanoseconds.
    private var time: Int64

    package init(_ rate: Rate, at time: Int64) {
        tokens = rate.burst
        self.time = time
    }

    /// Takes a token; nil when there was one, otherwise when there will be (monotonic nanoseconds, after `now`).
    ///
    /// A `now` before that of an earlier call counts as the same.
    package mutating func take(_ rate: Rate, at now: Int64) -> Int64? {
        if now > time {
            tokens = min(rate.burst, tokens + Double(now - time) * 1e-9 * rate.tokensPerSecond)
            time = now
        }
        if tokens >= 1 {
            tokens -= 1
            return nil
        }
        // Rounded up, or the caller might come a moment too early; bounded, since a rate can be as low as one likes.
        let wait = ((1 - tokens) / rate.tokensPerSecond * 1e9).rounded(.up)
        return time + max(1, Int64(min(wait, 1e18)))
    }
}
