import Delivery
import Loki
import TestSupport
import Testing

@testable import Agent

struct BatchQueueTests {
    private func queue(limit: Int = 1 << 20, batchLimit: Int = 3, workers: Int = 1) throws -> BatchQueue {
        try BatchQueue(
            flow: FlowControl(limit: limit, batchLimit: batchLimit),
            workers: (0..<workers).map { _ in try Wakeup() },
            batchBytes: 1_000
        )
    }

    @Test func batchesComeInTheOrderInWhichTheyWereClosed() throws {
        let queue = try queue()
        let batches = (0..<3).map { _ in queue.makeBatch(tenant: nil, now: 0) }
        for batch in batches { queue.submit(batch, from: 0) }
        #expect(queue.next() === batches[0])
        #expect(queue.next() === batches[1])
        #expect(queue.next() === batches[2])
        #expect(queue.next() == nil)
    }

    @Test func aBatchCountsUntilItsAnswer() throws {
        let queue = try queue(batchLimit: 2)
        let first = queue.makeBatch(tenant: nil, now: 0)
        queue.submit(first, from: 0)
        queue.submit(queue.makeBatch(tenant: nil, now: 0), from: 0)
        #expect(!queue.hasRoom(for: 1))
        #expect(queue.bytesInFlight >= 2 * first.footprint)
        _ = queue.next()
        #expect(!queue.hasRoom(for: 1))
        queue.end(first, .accepted)
        #expect(queue.hasRoom(for: 1))
    }

    @Test func everyWorkerGetsItsOwnBatchesBack() throws {
        let queue = try queue(workers: 3)
        let batches = (0..<3).map { _ in queue.makeBatch(tenant: nil, now: 0) }
        for (worker, batch) in batches.enumerated() { queue.submit(batch, from: worker) }
        for batch in batches { queue.end(batch, .accepted) }
        for (worker, batch) in batches.enumerated() {
            let ended = queue.takeEnded(worker)
            #expect(ended.count == 1 && ended[0].batch === batch)
            #expect(queue.takeEnded(worker).isEmpty)
        }
    }

    @Test func batchesAreUsedAgainWithANewSerial() throws {
        let queue = try queue()
        let batch = queue.makeBatch(tenant: Array("a".utf8), now: 5)
        let serial = batch.serial
        queue.submit(batch, from: 0)
        queue.end(batch, .accepted)
        for (ended, _) in queue.takeEnded(0) { queue.recycle(ended) }
        let next = queue.makeBatch(tenant: nil, now: 6)
        #expect(next === batch)
        #expect(next.serial != serial && next.tenant == nil && next.openedAt == 6 && next.isEmpty)
    }

    @Test func aSenderIsWokenByABatchAndByTheEnd() throws {
        let queue = try queue()
        queue.submit(queue.makeBatch(tenant: nil, now: 0), from: 0)
        #expect(queue.wakeup.wait(until: 0))
        #expect(!queue.wakeup.wait(until: 0))
        queue.close()
        #expect(queue.wakeup.wait(until: 0))
        #expect(queue.isClosed)
    }
}
