import Testing

@testable import Stages

struct TokenBucketTests {
    private static let second: Int64 = 1_000_000_000

    @Test func burstPassesAtOnceAndTheNextWaits() {
        let rate = TokenBucket.Rate(tokensPerSecond: 10, burst: 3)
        var bucket = TokenBucket(rate, at: 0)
        for _ in 1...3 { #expect(bucket.take(rate, at: 5) == nil) }
        #expect(bucket.take(rate, at: 5) == 5 + Self.second / 10)
    }

    @Test func restSavesNoMoreThanTheBurst() {
        let rate = TokenBucket.Rate(tokensPerSecond: 10, burst: 3)
        var bucket = TokenBucket(rate, at: 0)
        for _ in 1...3 { _ = bucket.take(rate, at: 0) }
        for _ in 1...3 { #expect(bucket.take(rate, at: 3_600 * Self.second) == nil) }
        #expect(bucket.take(rate, at: 3_600 * Self.second) != nil)
    }

    @Test(arguments: [0.0001, 0.3, 1, 3, 7, 99.9, 1_000, 333_333, 1e9, 1e12])
    func whoComesWhenToldFindsAToken(_ perSecond: Double) {
        let rate = TokenBucket.Rate(tokensPerSecond: perSecond, burst: 1)
        var bucket = TokenBucket(rate, at: 0)
        var now: Int64 = 0
        var refused = 0
        for _ in 0..<1_000 {
            guard let next = bucket.take(rate, at: now) else { continue }
            refused += 1
            #expect(next > now)
            now = next
            // At most one more nanosecond is lost to rounding.
            if let again = bucket.take(rate, at: now) {
                #expect(again <= now + 1)
                now = again
                #expect(bucket.take(rate, at: now) == nil)
            }
        }
        #expect(refused > 0)
        // As many as the rate allows, to a thousandth.
        #expect(Double(now) * 1e-9 * perSecond <= 1_000 + 1_000 * perSecond * 1e-9 + 1)
        #expect(Double(now) * 1e-9 * perSecond >= Double(refused) * 0.999 - 1)
    }

    @Test func overTimeExactlyTheRatePasses() {
        let rate = TokenBucket.Rate(tokensPerSecond: 25, burst: 5)
        var bucket = TokenBucket(rate, at: 0)
        var passed = 0
        // A thousand seconds with a thousand tries each.
        for step in 0..<1_000_000 where bucket.take(rate, at: Int64(step) * Self.second / 1_000) == nil { passed += 1 }
        #expect((25_004...25_005).contains(passed))
    }

    @Test func clockThatGoesBackGivesNothing() {
        let rate = TokenBucket.Rate(tokensPerSecond: 1, burst: 1)
        var bucket = TokenBucket(rate, at: 0)
        #expect(bucket.take(rate, at: 10 * Self.second) == nil)
        #expect(bucket.take(rate, at: 2 * Self.second) == 11 * Self.second)
        #expect(bucket.take(rate, at: 10 * Self.second) == 11 * Self.second)
        #expect(bucket.take(rate, at: 11 * Self.second) == nil)
    }

    @Test func lowestRateWaitsLongButNotForever() {
        let rate = TokenBucket.Rate(tokensPerSecond: 1e-300, burst: 1)
        var bucket = TokenBucket(rate, at: 0)
        #expect(bucket.take(rate, at: 1) == nil)
        #expect(bucket.take(rate, at: 1) == 1_000_000_000_000_000_001)
    }
}
