/// How a push ended; each case is a decision.
package enum PushOutcome: Equatable, Sendable {
    /// Any 2xx: Loki has the entries.
    case accepted

    /// 429: the same bytes may work later, not before `retryAfter`.
    case rateLimited(retryAfter: Duration?, detail: AnswerDetail)

    /// 5xx or no answer: the same bytes may work later, not before `retryAfter`.
    case unavailable(Obstacle, retryAfter: Duration?)

    /// Any other status: sending again cannot help.
    case refused(status: Int, detail: AnswerDetail)

    /// No request can carry this, so none was made and sending again cannot help: a tenant with a line feed in it.
    case unsendable(reason: String)

    /// Why nothing can be said about the push.
    package enum Obstacle: Equatable, Sendable {
        case status(Int, detail: AnswerDetail)
        case noAnswer(TransportFailure)
    }

    /// What an answer's status means (Promtail 3.6's rules: 429 and 5xx are retried, any other non-2xx is not).
    package init(status: Int, retryAfter: Duration? = nil, detail: AnswerDetail = .none) {
        self =
            switch status {
            case 200...299: .accepted
            case 429: .rateLimited(retryAfter: retryAfter, detail: detail)
            case 500...599: .unavailable(.status(status, detail: detail), retryAfter: retryAfter)
            default: .refused(status: status, detail: detail)
            }
    }

    /// What a push without an answer means: it is worth another attempt.
    package init(_ failure: TransportFailure) { self = .unavailable(.noAnswer(failure), retryAfter: nil) }

    /// Whether the same bytes may work later.
    package var isWorthRetrying: Bool {
        switch self {
        case .rateLimited, .unavailable: true
        case .accepted, .refused, .unsendable: false
        }
    }

    /// What the server asked for with Retry-After, if anything.
    package var retryAfter: Duration? {
        switch self {
        case .rateLimited(let duration, _), .unavailable(_, let duration): duration
        case .accepted, .refused, .unsendable: nil
        }
    }

    /// The answer's status; nil if there was none, or if it was one of several that mean success.
    package var status: Int? {
        switch self {
        case .rateLimited: 429
        case .unavailable(.status(let status, _), _), .refused(let status, _): status
        case .accepted, .unavailable(.noAnswer, _), .unsendable: nil
        }
    }
}

extension PushOutcome: CustomStringConvertible {
    /// One line for the log: status and reason, without what the server has quoted of the push.
    package var description: String { description { _ in false } }

    /// The same, without any longer word that `isSent` finds in the push.
    package func description(where isSent: ([UInt8]) -> Bool) -> String {
        switch self {
        case .accepted: "accepted"
        case .rateLimited(_, let detail): Self.line(429, detail.redacted(where: isSent))
        case .unavailable(.status(let status, let detail), _): Self.line(status, detail.redacted(where: isSent))
        case .unavailable(.noAnswer(let failure), _): "no answer: \(failure.reason)"
        case .refused(let status, let detail): Self.line(status, detail.redacted(where: isSent))
        case .unsendable(let reason): "not sent: \(reason)"
        }
    }

    private static func line(_ status: Int, _ text: String) -> String {
        text.isEmpty ? "server returned HTTP status \(status)" : "server returned HTTP status \(status): \(text)"
    }
}
