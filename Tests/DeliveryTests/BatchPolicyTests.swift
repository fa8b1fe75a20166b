import Delivery
import Testing

struct BatchPolicyTests {
    private let policy = BatchPolicy(sizeLimit: 10, wait: 1_000)

    @Test(arguments: [
        // As Promtail: exactly the limit still fits, and a larger entry goes alone.
        (0, true, 5, false), (5, false, 5, false), (5, false, 6, true), (0, true, 50, false), (50, false, 0, true),
        (10, false, 0, false), (10, false, 1, true),
    ])
    func closesAsPromtailDoes(size: Int, isEmpty: Bool, added: Int, mustClose: Bool) {
        #expect(policy.mustClose(size: size, weight: size, isEmpty: isEmpty, adding: added) == mustClose)
    }

    @Test func linesOfNoBytesDoNotFillMemory() {
        let limit = policy.weightLimit
        #expect(!policy.mustClose(size: 0, weight: limit, isEmpty: false, adding: 0))
        #expect(policy.mustClose(size: 0, weight: limit + 1, isEmpty: false, adding: 0))
        #expect(!policy.mustClose(size: 0, weight: limit + 1, isEmpty: true, adding: 0))
    }

    @Test func usualLinesFillABatchBeforeItsWeightCounts() {
        // 20 bytes a line, 22 more for its encoding (client.md 5).
        let policy = BatchPolicy(sizeLimit: 1_048_576, wait: 0)
        #expect(policy.weightLimit > 1_048_576 / 20 * 42)
    }

    @Test func aBatchIsDueSoLongAfterItsFirstEntry() {
        #expect(policy.deadline(openedAt: 5) == 1_005)
    }

    @Test(arguments: [Int.max, 0])
    func anySizeLimitHasAWeightLimit(sizeLimit: Int) {
        #expect(BatchPolicy(sizeLimit: sizeLimit, wait: 0).weightLimit >= 1 << 20)
    }
}
