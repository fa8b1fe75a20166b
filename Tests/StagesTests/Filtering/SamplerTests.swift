import Testing

@testable import Stages

struct SamplerTests {
    @Test(arguments: [
        (0.0, UInt64.min, false), (1.0, UInt64.max, true), (0.5, 0x7FFF_FFFF_FFFF_FFFF, true),
        (0.5, 0x8000_0000_0000_0000, false), (0.25, 0x3FFF_FFFF_FFFF_FFFF, true), (0.25, 0x4000_0000_0000_0000, false),
        (1.0.nextDown, UInt64.max, false), (Double.leastNonzeroMagnitude, 0, false), (0x1p-64, 0, true),
        (0x1p-64, 1, false),
    ])
    func keeps(_ rate: Double, _ number: UInt64, _ isKept: Bool) {
        #expect(Sampler(rate: rate).keeps(number) == isKept)
    }

    @Test func whatIsKeptAtOneRateIsKeptAtEveryHigherOne() {
        var random = RandomNumbers(seed: 3)
        for _ in 0..<10_000 {
            let number = random.next()
            let kept = stride(from: 0.0, through: 1, by: 0.125).map { Sampler(rate: $0).keeps(number) }
            #expect(kept == kept.sorted { !$0 && $1 })
        }
    }

    /// The first numbers of the reference implementation (Vigna, splitmix64.c) for seed 1234567.
    @Test func randomNumbersAreThoseOfSplitMix64() {
        var random = RandomNumbers(seed: 1_234_567)
        #expect(
            (0..<3).map { _ in random.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ]
        )
    }
}
