import Configuration
import Entries
import Glibc
import Languages
import Receivers

/// Finds the containers of an engine, Docker's or Podman's, and reads their logs by its API; on a thread of its own.
///
/// The position of a log moves only past lines that every client took, or that were dropped on purpose.
package final class ContainerReader {
    let source: ContainerSource
    let progress: ContainerProgress
    let client: EngineClient
    private let wakeup: Int32
    var labels: MessageLabels
    var followers: [String: Follower] = [:]
    /// Containers to look for even where they do not run: they have just been started, or were read before.
    var wanted: Set<String>
    var isListing = false
    /// Monotonic nanoseconds.
    var nextList: Int64 = 0
    var events: EngineClient.Transfer?
    var eventText: [UInt8] = []
    var nextEvents: Int64 = 0
    private(set) var isAvailable = true

    /// How soon containers are listed after an event: 50 ms.
    static let eventDelay: Int64 = 50_000_000
    /// Between two tries: 100 ms to 5 s.
    static let shortestRetry: Int64 = 100_000_000
    static let longestRetry: Int64 = 5_000_000_000
    /// How often a batch that was not taken is offered again: 10 ms.
    private static let offerPeriod: Int32 = 10
    private static let longestWait: Int32 = 1_000

    /// Nil without memory, or for an address that is none.
    ///
    /// - Parameters:
    ///   - source: what to read, and whom to tell.
    ///   - progress: knows how far each log was read.
    ///   - wakeup: a descriptor that is readable once ``ContainerProgress/requestStop()`` was called.
    package init?(_ source: ContainerSource, progress: ContainerProgress, wakeup: Int32) {
        guard let endpoint = Endpoint(engine: source.options.host, tls: source.options.http.tls),
            let client = EngineClient(endpoint)
        else { return nil }
        self.source = source
        self.progress = progress
        self.client = client
        self.wakeup = wakeup
        labels = MessageLabels(configured: [:], rules: source.rules)
        wanted = progress.containers
    }

    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Reads until it is told to stop.
    package func run() {
        while !progress.mustStop {
            let now = Self.now()
            if events == nil, now >= nextEvents { startEvents() }
            if !isListing, now >= nextList { list() }
            var due = min(nextList, events == nil ? nextEvents : .max)
            var isBlocked = false
            for follower in Array(followers.values) {
                if follower.hasGarbage, let transfer = follower.transfer {
                    client.cancel(transfer)
                    follower.transfer = nil
                    follower.hasGarbage = false
                    retry(follower)
                }
                if follower.blocked != nil || follower.isPaused { isBlocked = !goOn(follower) || isBlocked }
                if case .waiting(let until) = follower.state {
                    if now >= until { follow(follower) } else { due = min(due, until) }
                }
            }
            let wait = Int32(clamping: max(0, (due - now + 999_999) / 1_000_000))
            client.run(wakeup, milliseconds: min(wait, isBlocked ? Self.offerPeriod : Self.longestWait))
        }
    }

    /// The engine answers as it should, or not, for this reason.
    func note(_ reason: String?) {
        if let reason {
            if isAvailable { source.tell(.unavailable(reason: client.endpoint.trouble ?? reason)) }
        } else if !isAvailable {
            source.tell(.available)
        }
        isAvailable = reason == nil
    }

    // MARK: - One log

    private func follow(_ follower: Follower) {
        follower.begin()
        follower.state = .following
        let since = follower.position.map { "&since=\($0.since)" } ?? ""
        let follows = follower.isDraining ? 0 : 1
        let query = "follow=\(follows)&stdout=1&stderr=1&timestamps=1\(since)"
        follower.transfer = client.get(
            "/containers/\(follower.container.id)/logs?\(query)",
            take: { [unowned self] status, bytes in take(status, bytes, follower) },
            end: { [unowned self] status, error in end(status, error, follower) }
        )
        if follower.transfer == nil { retry(follower) }
    }

    private func take(_ status: Int, _ bytes: Bytes, _ follower: Follower) -> Bool {
        guard status == 200 else {
            let rest = max(0, 1_024 - follower.refusal.count)
            follower.refusal.append(contentsOf: UnsafeBufferPointer(start: bytes.start, count: min(rest, bytes.count)))
            return true
        }
        guard !follower.hasGarbage else { return true }
        guard source.sink.hasRoom, follower.blocked == nil, !follower.isProvisional else {
            follower.isPaused = true
            return false
        }
        follower.failures = 0
        var sums = ContainerSums()
        do throws(LogDecoder.Malformed) {
            if let made = try follower.take(bytes, labels: &labels, sums: &sums) { handOver(made, follower) }
        } catch {
            sums.errors += 1
            // Podman says what is wrong after it has promised a log.
            let text = Array(UnsafeBufferPointer(start: bytes.start, count: min(bytes.count, 1_024)))
            breakOff(follower, text.first == UInt8(ascii: "{") ? Self.message(text) : "the answer is no log")
        }
        source.counts.add(sums)
        return true
    }

    /// The connection is given up in a moment; what has come of it counts.
    private func breakOff(_ follower: Follower, _ reason: String) {
        follower.hasGarbage = true
        if !follower.hasToldBreak { source.tell(.brokenOff(container: follower.container.id, reason: reason)) }
        follower.hasToldBreak = true
    }

    private func handOver(_ made: (batch: MessageBatch, position: LogPosition), _ follower: Follower) {
        let id = follower.container.id
        let number = progress.begin(id, made.position)
        guard !made.batch.isEmpty else { return progress.settle(id, number, isKept: true) }
        let batch = made.batch.telling { [progress] in progress.settle(id, number, isKept: $0 != .unanswered) }
        if !source.sink.offer(batch) { follower.blocked = (batch, made.position) }
    }

    /// Offers what was not taken; true when nothing of the log waits for the pipeline.
    private func goOn(_ follower: Follower) -> Bool {
        if let blocked = follower.blocked {
            guard source.sink.offer(blocked.batch) else { return false }
            follower.blocked = nil
        }
        // Whoever waits for labels is called when they come.
        guard !follower.isProvisional else { return true }
        guard follower.isPaused, source.sink.hasRoom else { return !follower.isPaused }
        follower.isPaused = false
        if let transfer = follower.transfer { client.resume(transfer) }
        return true
    }

    private func end(_ status: Int, _ error: String?, _ follower: Follower) {
        follower.transfer = nil
        follower.isPaused = false
        switch status {
        case 200 where follower.isDraining && error == nil: finish(follower)
        case 404 where follower.isDraining:
            follower.isRemoved = true
            finish(follower)
        case 200:
            follower.state = .ended
            if let error, !follower.hasToldBreak {
                source.tell(.brokenOff(container: follower.container.id, reason: error))
                follower.hasToldBreak = true
            }
            // Whether the container runs is known then.
            listSoon()
        case 404: remove(follower)
        case 400, 409, 500, 501:
            let reason = Self.message(follower.refusal)
            guard status != 409 else { return retry(follower) }
            source.tell(.noLogs(container: follower.container.id, reason: reason))
            follower.state = .unreadable
        default:
            note(error ?? "status \(status)")
            retry(follower)
        }
    }

    func retry(_ follower: Follower) {
        follower.failures += 1
        let wait = min(Self.shortestRetry << Int64(min(follower.failures, 6)), Self.longestRetry)
        follower.state = .waiting(until: Self.now() + wait)
    }

    /// The container does not run, and its log has ended.
    func finish(_ follower: Follower) {
        follower.isDraining = false
        follower.state = .stopped
        if follower.container.isRunning {
            // It was started meanwhile.
            follower.state = .waiting(until: 0)
        } else {
            // Events tell when it starts again.
            wanted.remove(follower.container.id)
        }
        var sums = ContainerSums()
        if let made = follower.finish(labels: &labels, sums: &sums) { handOver(made, follower) }
        source.counts.add(sums)
        if follower.isRemoved { remove(follower) }
    }

    /// The engine knows the container no more.
    func remove(_ follower: Follower) {
        let id = follower.container.id
        // A batch that waits has no owner then: its lines are read no more.
        if follower.blocked != nil {
            follower.isRemoved = true
            follower.state = .stopped
            return
        }
        if let transfer = follower.transfer { client.cancel(transfer) }
        followers[id] = nil
        wanted.remove(id)
        progress.forget(id)
    }

    /// `{"message": "..."}`.
    private static func message(_ text: [UInt8]) -> String {
        let value = Bytes.with(text) { JSONValue.parse($0) }
        return value?["message"]?.text ?? value?["cause"]?.text ?? "no reason was given"
    }
}
