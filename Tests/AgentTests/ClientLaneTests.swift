import Delivery
import Entries
import Stages
import Testing

@testable import Agent
@testable import Loki

struct ClientLaneTests {
    /// A lane, and a pipeline whose label `id` takes its value from the line.
    private struct Lane {
        let pipeline: Pipeline
        let base: Int
        let lane: ClientLane
        let queue: BatchQueue
        var now: Int64 = 0

        init(
            batchBytes: Int = 1_000,
            tenant: String = "",
            external: [String: String] = [:],
            labels: [String: String] = ["job": "test"],
            stages: String = "[{json: {expressions: {id: , t: }}}, {labels: {id: }}]"
        ) throws {
            pipeline = try compiledPipeline(stages)
            base = pipeline.labelSets.addBase(labels.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) })
            queue = try BatchQueue(
                flow: FlowControl(limit: 1 << 30, batchLimit: 1_000),
                workers: [Wakeup()],
                batchBytes: batchBytes
            )
            lane = ClientLane(
                queue: queue,
                host: "loki",
                policy: BatchPolicy(sizeLimit: batchBytes, wait: 100),
                worker: 0,
                pipelines: 1,
                externalLabels: external,
                tenant: tenant
            )
        }

        /// Appends a line; false when the tenant's batch has to be closed first.
        @discardableResult
        mutating func append(_ line: String) -> Bool {
            let now = now
            return Bytes.with(Array(line.utf8) + [UInt8](repeating: 0, count: 64)) { bytes in
                let moment = Moment(monotonic: now, wall: Timestamp(seconds: 1))
                let span = SpanID(source: 1, number: 0)
                let outcome = pipeline.process(
                    line: bytes[0..<line.utf8.count],
                    timestamp: moment.wall,
                    base: base,
                    now: moment,
                    span: span
                )
                guard outcome == .delivered else { return false }
                let entry = pipeline.current
                let size = PushBatch.size(line: entry.pointee.line, metadata: entry.pointee.metadata)
                let number = pipeline.labelSets.number(of: &entry.pointee)
                if lane.admission(of: number, 0, pipeline.labelSets, size: size) == .full { return false }
                _ = lane.append(entry, size: size, now: now)
                return true
            }
        }

        /// Everything that was closed so far.
        func closed() -> [(tenant: String?, push: DecodedPush)] {
            var all: [(String?, DecodedPush)] = []
            var buffer = BodyBuffer()
            defer { buffer.deallocate() }
            while let batch = queue.next() {
                let push = try? PushDecoder.decodeJSON(batch.jsonBody(&buffer))
                all.append((batch.tenant.map { String(decoding: $0, as: UTF8.self) }, push ?? DecodedPush(streams: [])))
                queue.end(batch, .accepted)
            }
            for (batch, _) in queue.takeEnded(0) { queue.recycle(batch) }
            return all
        }
    }

    private func labels(_ push: DecodedPush) -> [String] {
        push.streams.map { String(decoding: $0.labels, as: UTF8.self) }
    }

    @Test func streamsCarryTargetStageAndExternalLabels() throws {
        var lane = try Lane(external: ["cluster": "ext", "job": "not this"])
        lane.append(#"{"id":"a"}"#)
        lane.append(#"{"id":"b"}"#)
        lane.append("no id")
        _ = lane.lane.closeDue(now: 100)
        #expect(
            labels(lane.closed()[0].push) == [
                #"{cluster="ext", id="a", job="test"}"#, #"{cluster="ext", id="b", job="test"}"#,
                #"{cluster="ext", job="test"}"#,
            ]
        )
    }

    @Test func theTenantIsTheLabelThenTheClientsOwn() throws {
        let stages = "[{json: {expressions: {t: }}}, {tenant: {source: t}}]"
        var lane = try Lane(tenant: "own", stages: stages)
        for line in [#"{"t":"a"}"#, "none", #"{"t":"b"}"#, #"{"t":"a"}"#] { lane.append(line) }
        _ = lane.lane.closeDue(now: 100)
        let closed = lane.closed()
        #expect(closed.map(\.tenant) == ["a", "own", "b"])
        #expect(closed.map { $0.push.streams[0].entries.count } == [2, 1, 1])
        #expect(closed.allSatisfy { labels($0.push) == [#"{job="test"}"#] })
    }

    @Test func aBatchIsDueWhenItsFirstEntryHasWaited() throws {
        var lane = try Lane()
        #expect(lane.lane.deadline == nil)
        lane.now = 1_000
        lane.append("1")
        lane.now = 1_050
        lane.append("2")
        #expect(lane.lane.deadline == 1_100)
        #expect(!lane.lane.closeDue(now: 1_099))
        #expect(lane.lane.closeDue(now: 1_100))
        #expect(lane.closed().map { $0.push.streams[0].entries.count } == [2])
        #expect(lane.lane.deadline == nil)
        #expect(lane.lane.entryCount == 2)
    }

    @Test func aFullBatchSaysSo() throws {
        var lane = try Lane(batchBytes: 10)
        let wereTaken = ["12345", "67890", "x"].map { lane.append($0) }
        #expect(wereTaken == [true, true, false])
    }

    @Test func manyTenantsDoNotKeepUnboundedMemoryOpen() throws {
        let stages = "[{json: {expressions: {t: }}}, {tenant: {source: t}}]"
        var lane = try Lane(batchBytes: 1_048_576, stages: stages)
        let padding = String(repeating: "x", count: 100_000)
        for tenant in 0..<200 {
            lane.now += 1
            lane.append("{\"t\":\"\(tenant)\",\"padding\":\"\(padding)\"}")
            _ = lane.lane.closeOldestIfCrowded()
        }
        let early = lane.closed()
        #expect(early.count >= 200 - 64)
        #expect(early.map(\.tenant) == (0..<early.count).map { "\($0)" })
        _ = lane.lane.closeDue(now: 0, isEnding: true)
        #expect(early.count + lane.closed().count == 200)
    }

    @Test func streamsBeyondTheLimitAreMadeAnewWithoutLosingEntries() throws {
        var lane = try Lane(batchBytes: 1 << 30)
        let count = 40_000
        for number in 0..<count { lane.append("{\"id\":\"\(number)\"}") }
        for number in 0..<100 { lane.append("{\"id\":\"\(number)\"}") }
        _ = lane.lane.closeDue(now: 0, isEnding: true)
        let entries = lane.closed().flatMap { $0.push.streams }.flatMap { stream in
            stream.entries.map {
                (String(decoding: stream.labels, as: UTF8.self), String(decoding: $0.line, as: UTF8.self))
            }
        }
        #expect(entries.count == count + 100)
        let areRight = entries.allSatisfy { labels, line in
            labels == "{id=\(line.dropFirst(6).dropLast()), job=\"test\"}"
        }
        #expect(areRight)
        #expect(lane.pipeline.labelSets.epoch > 0)
    }

    @Test func longLabelsAreForgottenByTheirBytes() throws {
        var lane = try Lane(batchBytes: 1 << 30)
        let padding = String(repeating: "y", count: 50_000)
        for number in 0..<100 { lane.append("{\"id\":\"\(number)\(padding)\"}") }
        #expect(lane.pipeline.labelSets.epoch > 0)
        _ = lane.lane.closeDue(now: 0, isEnding: true)
        #expect(lane.closed().flatMap { $0.push.streams }.count == 100)
    }
}
