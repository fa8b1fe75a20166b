import Synchronization

/// What becomes of a request.
package enum HTTPAnswer: Sendable {
    case now(HTTPResponse)
    /// Some thread gives the answer later; the connection waits for it so many seconds, and then gets the other one.
    case later(PendingAnswer, within: Int64, else: HTTPResponse)
}

/// An answer that is not known yet.
///
/// Every function may be called from any thread.
package final class PendingAnswer: Sendable {
    private enum State {
        case open
        case awaited(@Sendable (HTTPResponse) -> Void)
        case given(HTTPResponse)
        case delivered
    }

    private let state = Mutex(State.open)

    package init() {}

    /// Answers the request; only the first answer counts.
    package func give(_ response: HTTPResponse) {
        let deliver: (@Sendable (HTTPResponse) -> Void)? = state.withLock { state in
            switch state {
            case .open: state = .given(response)
            case .awaited(let deliver):
                state = .delivered
                return deliver
            case .given, .delivered: break
            }
            return nil
        }
        deliver?(response)
    }

    /// Has `deliver` called once with the answer, at once if it was given already.
    func whenGiven(_ deliver: @escaping @Sendable (HTTPResponse) -> Void) {
        let response: HTTPResponse? = state.withLock { state in
            guard case .given(let response) = state else {
                state = .awaited(deliver)
                return nil
            }
            state = .delivered
            return response
        }
        if let response { deliver(response) }
    }
}
