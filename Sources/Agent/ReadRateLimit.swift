import Configuration
import Stages
import Synchronization

/// `limits_config.readline_rate`: how many entries pass in a second, over all pipelines and after their stages.
///
/// Takes a lock per entry; there is none where no limit is configured. May be called from any thread.
final class ReadRateLimit: Sendable {
    /// Drops the surplus; otherwise the source waits.
    let drops: Bool
    private let rate: TokenBucket.Rate
    private let bucket: Mutex<TokenBucket>

    /// Nil where no limit is configured.
    init?(_ limits: LimitsOptions, now: Int64) {
        guard limits.isReadRateEnabled, limits.readRate > 0, limits.readBurst > 0 else { return nil }
        drops = limits.dropsAboveReadRate
        rate = TokenBucket.Rate(tokensPerSecond: limits.readRate, burst: limits.readBurst)
        bucket = Mutex(TokenBucket(rate, at: now))
    }

    /// Takes a token; nil when there was one, otherwise when there will be (monotonic nanoseconds).
    func take(now: Int64) -> Int64? { bucket.withLock { $0.take(rate, at: now) } }
}
