import Delivery
import Testing

struct CursorWindowTests {
    @Test func thePositionMovesOverTheContiguousPart() {
        var window = CursorWindow(acknowledged: "0")
        let batches = ["1", "2", nil, "4"].map { window.begin($0) }
        window.settle(batches[1], isKept: true)
        #expect(window.acknowledged == "0")
        window.settle(batches[0], isKept: true)
        #expect(window.acknowledged == "2")
        window.settle(batches[2], isKept: true)
        #expect(window.acknowledged == "2")
        window.settle(batches[3], isKept: true)
        #expect(window.acknowledged == "4")
        #expect(window.openCount == 0)
    }

    @Test func nothingAfterABatchWithoutAnAnswerCounts() {
        var window = CursorWindow(acknowledged: nil)
        let batches = ["1", "2", "3"].map { window.begin($0) }
        window.settle(batches[0], isKept: true)
        window.settle(batches[1], isKept: false)
        window.settle(batches[2], isKept: true)
        #expect(window.acknowledged == "1")
        window.settle(batches[1], isKept: true)
        #expect(window.acknowledged == "1")
    }

    /// Every order in which four batches may be answered.
    @Test func noOrderOfAnswersMovesThePositionTooFar() {
        func permutations(_ rest: [Int]) -> [[Int]] {
            rest.isEmpty ? [[]] : rest.flatMap { one in permutations(rest.filter { $0 != one }).map { [one] + $0 } }
        }
        for order in permutations([0, 1, 2, 3]) {
            var window = CursorWindow(acknowledged: nil)
            let numbers = (0..<4).map { window.begin("\($0)") }
            var settled: Set<Int> = []
            for one in order {
                window.settle(numbers[one], isKept: true)
                settled.insert(one)
                let contiguous = (0..<4).prefix { settled.contains($0) }.last
                #expect(window.acknowledged == contiguous.map { "\($0)" })
            }
        }
    }
}
