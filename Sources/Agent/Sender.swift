import Delivery
import Entries
import Glibc
import Loki

/// Sends the batches of one client: body, snappy, push, and again until it is taken.
///
/// Runs on a thread of its own. Batches go out in the order in which they were closed, one at a time, so that the order
/// within a stream holds.
final class Sender {
    struct Options {
        let client: ClientOptions
        /// Host and port of the URL, as metrics name the client.
        let host: String
        let retry: RetrySchedule
        let dropsRateLimited: Bool
        let usesJSON: Bool
    }

    private let options: Options
    private let queue: BatchQueue
    private let ledger: Ledger
    private let log: AgentLog
    private let interrupt: PushInterrupt
    private var client: PushClient
    private var gathered = BodyBuffer()
    private var compressed = BodyBuffer()
    private var random = SystemRandomNumberGenerator()
    /// Failed attempts in a row; the log speaks when it starts and when it ends.
    private var failures = 0

    init(
        _ options: Options,
        queue: BatchQueue,
        ledger: Ledger,
        log: AgentLog,
        interrupt: PushInterrupt
    ) throws(ClientError) {
        self.options = options
        self.queue = queue
        self.ledger = ledger
        self.log = log
        self.interrupt = interrupt
        client = try PushClient(options.client, interrupt: interrupt)
        ledger.update(client: options.host) { _ in }
    }

    deinit {
        gathered.deallocate()
        compressed.deallocate()
    }

    /// Sends until the queue is closed and empty, or until it is interrupted.
    func run() {
        while true {
            if let batch = queue.next() {
                let ending = send(batch)
                if ending == .abandoned {
                    ledger.update(client: options.host) { $0.returnedEntries += UInt64(batch.count) }
                }
                queue.end(batch, ending)
            } else if queue.isClosed {
                return
            } else {
                queue.wakeup.wait(until: nil)
            }
        }
    }

    private func send(_ batch: PushBatch) -> BatchQueue.Ending {
        if interrupt.isSet { return .abandoned }
        let body = encode(batch)
        let tenant = batch.tenant.map { String(decoding: $0, as: UTF8.self) }
        ledger.update(client: options.host) { $0.encodedBytes += UInt64(body.count) }
        // A tenant's counters begin with its first batch.
        ledger.update(client: options.host, tenant: tenant ?? "") { $0.retries += 0 }
        var schedule = options.retry
        while true {
            let outcome = push(body, tenant)
            switch outcome {
            case .accepted:
                accepted(batch, body.count)
                return .accepted
            case .rateLimited where options.dropsRateLimited:
                drop(batch, body.count, reason: "rate_limited", outcome)
                return .givenUp
            case .rateLimited, .unavailable:
                if interrupt.isSet { return .abandoned }
                failed(batch, outcome)
                switch schedule.attemptFailed(retryAfter: outcome.retryAfter) {
                case .giveUp:
                    let isRateLimited = outcome.status == 429
                    drop(batch, body.count, reason: isRateLimited ? "rate_limited" : "ingester_error", outcome)
                    return .givenUp
                case .wait(let window):
                    guard pause(window.delay(drawingFrom: &random)) else { return .abandoned }
                }
            case .refused, .unsendable:
                drop(batch, body.count, reason: "ingester_error", outcome)
                return .givenUp
            }
        }
    }

    /// One attempt, whose time is counted.
    private func push(_ body: Bytes, _ tenant: String?) -> PushOutcome {
        let start = Clock.monotonic()
        let outcome = client.push(body, contentType: options.usesJSON ? .json : .protobuf, tenant: tenant)
        let seconds = Double(Clock.monotonic() - start) / 1e9
        let status = client.lastStatus.map { "\($0)" } ?? "-1"
        ledger.update(client: options.host) { sums in
            sums.requests[status, default: Histogram(bounds: Histogram.requestBounds)]
                .observe(seconds)
        }
        return outcome
    }

    private func encode(_ batch: PushBatch) -> Bytes {
        if options.usesJSON { return batch.jsonBody(&compressed) }
        return batch.compressedBody(gathering: &gathered, into: &compressed)
    }

    // MARK: - Outcomes

    private func accepted(_ batch: PushBatch, _ bytes: Int) {
        if failures > 0 {
            log.info(
                "push accepted again",
                ("component", "client"),
                ("host", options.host),
                ("failed_attempts", "\(failures)")
            )
            failures = 0
        }
        ledger.update(client: options.host) { sums in
            sums.sentEntries += UInt64(batch.count)
            sums.sentBytes += UInt64(bytes)
        }
    }

    /// Changes the sums of the batch's tenant.
    private func update(_ batch: PushBatch, _ change: (inout Ledger.TenantSums) -> Void) {
        let tenant = String(decoding: batch.tenant ?? [], as: UTF8.self)
        ledger.update(client: options.host, tenant: tenant, change)
    }

    private func failed(_ batch: PushBatch, _ outcome: PushOutcome) {
        failures += 1
        update(batch) { $0.retries += 1 }
        guard failures == 1 else { return }
        log.warn(
            "error sending batch, will retry",
            ("component", "client"),
            ("host", options.host),
            ("status", outcome.status.map { "\($0)" } ?? "-1"),
            ("error", Self.words(of: outcome, on: batch))
        )
    }

    /// What the server said, without anything it may have taken from the push.
    private static func words(of outcome: PushOutcome, on batch: PushBatch) -> String {
        outcome.description { batch.contains($0) }
    }

    private func drop(_ batch: PushBatch, _ bytes: Int, reason: String, _ outcome: PushOutcome) {
        failures = 0
        update(batch) { sums in
            sums.droppedEntries[reason, default: 0] += UInt64(batch.count)
            sums.droppedBytes[reason, default: 0] += UInt64(bytes)
        }
        log.error(
            "final error sending batch",
            ("component", "client"),
            ("host", options.host),
            ("status", outcome.status.map { "\($0)" } ?? "-1"),
            ("entries", "\(batch.count)"),
            ("reason", reason),
            ("error", Self.words(of: outcome, on: batch))
        )
    }

    /// Sleeps; false when shutdown came meanwhile.
    private func pause(_ duration: Duration) -> Bool {
        let deadline = Clock.monotonic() &+ duration.nanoseconds
        while true {
            if interrupt.isSet { return false }
            let now = Clock.monotonic()
            guard now < deadline else { return true }
            queue.wakeup.wait(until: min(deadline, now + 200_000_000))
        }
    }
}
