import HTTPServer
import Synchronization

/// Reloads that somebody waits for, on their way from the server's thread to the main thread.
final class ReloadRequests: Sendable {
    private let waiting = Mutex<[PendingAnswer]>([])
    private let main: Wakeup

    /// More requests than this at a time are refused.
    private static let limit = 16

    /// Seconds that a request waits; a reload itself waits for less.
    private static let patience: Int64 = 60

    init(main: Wakeup) { self.main = main }

    /// Asks for a reload; its answer comes when it is done.
    func ask() -> HTTPAnswer {
        let request: PendingAnswer? = waiting.withLock { waiting in
            guard waiting.count < Self.limit else { return nil }
            let request = PendingAnswer()
            waiting.append(request)
            return request
        }
        guard let request else { return .now(.text(503, "too many reloads at a time\n")) }
        main.signal()
        return .later(request, within: Self.patience, else: .text(503, "the reload takes longer than a minute\n"))
    }

    /// The request that has waited longest.
    func take() -> PendingAnswer? { waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}
