/// Which of the numbers 0 ..< 2^64 belong to the share that is kept: those below `rate` times 2^64.
///
/// So what is kept at one rate is kept at every higher one.
struct Sampler: BitwiseCopyable {
    /// The first number that is not kept.
    private let end: UInt64
    private let keepsAll: Bool

    /// Keeps the share `rate` of all numbers, from 0 (none) to 1 (all).
    init(rate: Double) {
        keepsAll = rate >= 1
        end = keepsAll ? .max : UInt64(rate * 0x1p64)
    }

    func keeps(_ number: UInt64) -> Bool { keepsAll || number < end }
}

/// SplitMix64 (Steele, Lea and Flood 2014): random enough for sampling, and the same for the same seed.
struct RandomNumbers: RandomNumberGenerator, BitwiseCopyable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
