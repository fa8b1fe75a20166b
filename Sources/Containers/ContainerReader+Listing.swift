import Configuration
import Entries
import Languages

/// Which containers there are.
extension ContainerReader {
    enum Refusal: Error {
        case missing
        case failed(String)
    }

    /// Bytes of an answer: some 20 MB for ten thousand containers.
    private static let longestList = 64 << 20
    private static let longestEvent = 256 << 10
    /// Milliseconds of a question.
    private static let patience = 30_000
    /// Containers that are asked for by their id in one question.
    private static let idsAtOnce = 100

    // MARK: - Questions

    /// Asks for a JSON document.
    func ask(_ path: String, limit: Int, _ done: @escaping (Result<JSONValue, Refusal>) -> Void) {
        let answer = Answer(limit: limit)
        let started = client.get(
            path,
            milliseconds: Self.patience,
            take: { _, bytes in
                answer.add(bytes)
                return true
            },
            end: { status, error in
                if status == 404 { return done(.failure(.missing)) }
                if let error { return done(.failure(.failed(error))) }
                guard status == 200 else { return done(.failure(.failed("status \(status)"))) }
                guard !answer.isTooLong else { return done(.failure(.failed("the answer is too long"))) }
                guard let value = Bytes.with(answer.bytes, { JSONValue.parse($0) }) else {
                    return done(.failure(.failed("the answer is no JSON")))
                }
                done(.success(value))
            }
        )
        if started == nil { done(.failure(.failed("no memory for a request"))) }
    }

    private final class Answer {
        private(set) var bytes: [UInt8] = []
        private(set) var isTooLong = false
        private let limit: Int

        init(limit: Int) { self.limit = limit }

        func add(_ more: Bytes) {
            isTooLong = isTooLong || bytes.count + more.count > limit
            if !isTooLong { bytes.append(contentsOf: UnsafeBufferPointer(start: more.start, count: more.count)) }
        }
    }

    // MARK: - Listing

    func listSoon() { nextList = min(nextList, Self.now() + Self.eventDelay) }

    /// Lists networks, then running containers, then those that are wanted though they may not run.
    func list() {
        isListing = true
        nextList = .max
        ask("/networks", limit: Self.longestList) { [unowned self] outcome in
            // An engine without networks still has containers.
            let networks = (try? outcome.get()).map(Container.networks) ?? [:]
            listRunning(networks)
        }
    }

    private func listRunning(_ networks: [String: [String: String]]) {
        ask("/containers/json?filters=\(filters())", limit: Self.longestList) { [unowned self] outcome in
            switch outcome {
            case .failure(let refusal):
                if case .failed(let reason) = refusal { note(reason) } else { note("there are no containers to list") }
                endListing(within: Self.longestRetry)
            case .success(let value):
                note(nil)
                let running = value.elements.compactMap {
                    Container($0, networks: networks, options: source.options)
                }
                listWanted(running, Array(wanted.subtracting(running.map(\.id))), networks)
            }
        }
    }

    private func listWanted(_ found: [Container], _ ids: [String], _ networks: [String: [String: String]]) {
        guard !ids.isEmpty else {
            apply(found)
            return endListing(within: source.options.refreshInterval.nanoseconds)
        }
        let some = ids.prefix(Self.idsAtOnce)
        let path = "/containers/json?all=1&filters=\(filters(ids: Array(some)))"
        ask(path, limit: Self.longestList) { [unowned self] outcome in
            guard let value = try? outcome.get() else { return endListing(within: Self.longestRetry) }
            let more = value.elements.compactMap { Container($0, networks: networks, options: source.options) }
            // What the engine does not know any more is gone.
            for id in some where !more.contains(where: { $0.id == id }) {
                if let follower = followers[id] {
                    follower.isRemoved = true
                } else {
                    wanted.remove(id)
                    progress.forget(id)
                }
            }
            listWanted(found + more, Array(ids.dropFirst(Self.idsAtOnce)), networks)
        }
    }

    private func endListing(within nanoseconds: Int64) {
        isListing = false
        let next = Self.now() + nanoseconds
        nextList = min(nextList, next)
    }

    /// The filters of the configuration, and an id if one is asked for, as JSON in percent encoding.
    private func filters(ids: [String] = []) -> String {
        var text: [UInt8] = [UInt8(ascii: "{")]
        let all = source.options.filters.map { ($0.name, $0.values) } + (ids.isEmpty ? [] : [("id", ids)])
        for (index, (name, values)) in all.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            Bytes.with(Array(name.utf8)) { JSONValue.appendQuoted($0, to: &text) }
            text += Array(":[".utf8)
            for (place, value) in values.enumerated() {
                if place > 0 { text.append(UInt8(ascii: ",")) }
                Bytes.with(Array(value.utf8)) { JSONValue.appendQuoted($0, to: &text) }
            }
            text.append(UInt8(ascii: "]"))
        }
        text.append(UInt8(ascii: "}"))
        return PercentEncoding.encoded(text)
    }

    private func apply(_ found: [Container]) {
        var seen: Set<String> = []
        for container in found where seen.insert(container.id).inserted {
            wanted.insert(container.id)
            guard let follower = followers[container.id] else {
                let position = progress.position(of: container.id)
                followers[container.id] = Follower(container, position: position, limit: source.longestLine)
                continue
            }
            let wasRunning = follower.container.isRunning
            follower.container = container
            follower.isProvisional = false
            switch follower.state {
            case .ended:
                follower.isDraining = !container.isRunning
                if container.isRunning { retry(follower) } else { follower.state = .waiting(until: 0) }
            case .stopped, .unreadable:
                if container.isRunning, !wasRunning || follower.state == .stopped {
                    follower.state = .waiting(until: 0)
                }
            case .waiting, .following: break
            }
        }
        for follower in Array(followers.values) where !seen.contains(follower.container.id) {
            if follower.isProvisional {
                // Started and gone again; or one that is not asked for.
                guard source.options.filters.isEmpty else {
                    remove(follower)
                    continue
                }
                follower.isProvisional = false
            }
            switch follower.state {
            case .ended:
                // Gone together with its log, or not asked for any more.
                follower.container.isRunning = false
                finish(follower)
            case .stopped where follower.isRemoved: remove(follower)
            default: break
            }
        }
    }

    // MARK: - Events

    /// Has the engine tell of what happens, so that no container is missed between two lists.
    func startEvents() {
        eventText = []
        events = client.get(
            "/events?filters=" + PercentEncoding.encoded(Array(#"{"type":["container"]}"#.utf8)),
            take: { [unowned self] status, bytes in
                guard status == 200 else { return true }
                eventText.append(contentsOf: UnsafeBufferPointer(start: bytes.start, count: bytes.count))
                takeEvents()
                return true
            },
            end: { [unowned self] _, _ in
                events = nil
                nextEvents = Self.now() + Self.longestRetry / 5
                // What happened meanwhile is found by a list.
                listSoon()
            }
        )
        if events == nil { nextEvents = Self.now() + Self.longestRetry }
        listSoon()
    }

    private func takeEvents() {
        while let end = eventText.firstIndex(of: UInt8(ascii: "\n")) {
            let value = Bytes.with(Array(eventText[..<end])) { JSONValue.parse($0) }
            eventText.removeSubrange(...end)
            if let value { happened(value) }
        }
        if eventText.count > Self.longestEvent { eventText = [] }
    }

    /// The log is asked for at once, since the container may be gone by the time it is listed.
    private func started(_ id: String, _ event: JSONValue) {
        wanted.insert(id)
        listSoon()
        if let follower = followers[id] {
            guard follower.state == .stopped || follower.state == .unreadable else { return }
            // It may have another name now.
            follower.isProvisional = true
            follower.state = .waiting(until: 0)
        } else if let container = Container(event: event, id: id) {
            let position = progress.position(of: id)
            followers[id] = Follower(container, position: position, limit: source.longestLine, isProvisional: true)
        }
    }

    private func happened(_ event: JSONValue) {
        guard let action = event["Action"]?.text ?? event["status"]?.text,
            let id = event["Actor"]?["ID"]?.text ?? event["id"]?.text
        else { return }
        switch action {
        case "start", "restart":
            started(id, event)
        case "die", "died", "rename", "unpause": listSoon()
        case "destroy", "remove":
            followers[id]?.isRemoved = true
            listSoon()
        default: break
        }
    }
}

/// RFC 3986, section 2.1.
enum PercentEncoding {
    static func encoded(_ text: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default: result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension Duration {
    /// Whole nanoseconds; what does not fit is the largest number.
    fileprivate var nanoseconds: Int64 {
        let (product, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max / 2 : product &+ components.attoseconds / 1_000_000_000
    }
}
