import Delivery

/// A ``TransportFailure`` on its way up.
struct TransportError: Error {
    let failure: TransportFailure

    init(_ kind: TransportFailure.Kind, _ reason: String) { failure = TransportFailure(kind, reason) }
}
