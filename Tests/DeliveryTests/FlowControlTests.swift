import Delivery
import Testing

struct FlowControlTests {
    @Test func batchesAreLetInUpToTheBound() {
        var flow = FlowControl(limit: 100, batchLimit: 10)
        #expect(flow.hasRoom(for: 60))
        flow.add(60)
        #expect(flow.hasRoom(for: 40))
        #expect(!flow.hasRoom(for: 41))
        flow.add(40)
        #expect(!flow.hasRoom(for: 1))
        flow.remove(60)
        #expect(flow.hasRoom(for: 60))
        #expect(flow.bytes == 40 && flow.batches == 1)
    }

    @Test func oneBatchIsAlwaysLetThroughHoweverLarge() {
        var flow = FlowControl(limit: 100, batchLimit: 10)
        #expect(flow.hasRoom(for: 1_000))
        flow.add(1_000)
        #expect(!flow.hasRoom(for: 0))
        flow.remove(1_000)
        #expect(flow.hasRoom(for: 1_000))
    }

    @Test func smallBatchesAreBoundInNumber() {
        var flow = FlowControl(limit: .max, batchLimit: 3)
        for _ in 0..<3 {
            #expect(flow.hasRoom(for: 1))
            flow.add(1)
        }
        #expect(!flow.hasRoom(for: 1))
    }
}
