import Entries
import Testing

@testable import Stages

struct LabelBucketsTests {
    private static let rate = TokenBucket.Rate(tokensPerSecond: 0.001, burst: 1)

    private func take(_ buckets: LabelBuckets, _ value: String) -> Bool {
        Bytes.with(Array(value.utf8)) { buckets.take($0, at: 1) }
    }

    @Test func valuesDoNotShareTokens() {
        let buckets = LabelBuckets(Self.rate, limit: 100_000)
        for number in 0..<20_000 { #expect(take(buckets, "value-\(number)")) }
        for number in 0..<20_000 { #expect(!take(buckets, "value-\(number)")) }
        #expect(take(buckets, ""))
        #expect(!take(buckets, ""))
    }

    /// Compared with Promtail's two maps, written down as they are there.
    @Test func forgetsWhatTheGenerationsForget() {
        let limit = 8
        let buckets = LabelBuckets(Self.rate, limit: limit)
        var young: Set<Int> = []
        var old: Set<Int> = []
        var random = RandomNumbers(seed: 7)
        for _ in 0..<20_000 {
            let value = Int.random(in: 0..<20, using: &random)
            let isFresh = !young.contains(value) && !old.contains(value)
            if young.insert(value).inserted, young.count == limit {
                old = young
                young = []
            }
            // A fresh bucket has its one token, a known one none.
            #expect(take(buckets, "v\(value)") == isFresh)
        }
    }
}
