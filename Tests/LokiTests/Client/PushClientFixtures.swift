import Delivery
import Entries

@testable import Loki

/// Pushes `body` once with the options.
func push(
    _ options: ClientOptions,
    body: [UInt8] = Array("body".utf8),
    tenant: String? = nil
) throws -> PushOutcome {
    var client = try PushClient(options)
    return client.push(body, tenant: tenant)
}

extension PushClient {
    mutating func push(_ body: [UInt8], tenant: String? = nil) -> PushOutcome {
        // Bytes.with would capture the client in a closure, which a value that cannot be copied does not allow.
        var outcome = PushOutcome.accepted
        body.withUnsafeBufferPointer { buffer in
            if let start = buffer.baseAddress {
                outcome = push(Bytes(start, count: buffer.count), contentType: .protobuf, tenant: tenant)
            }
        }
        return outcome
    }
}

extension ClientOptions {
    init(to url: String) {
        self.init(url: url, userAgent: "sluice/test")
        timeout = .seconds(10)
    }
}

extension PushOutcome {
    /// The server's own words: how the tests' servers tell what they were sent.
    var words: String {
        switch self {
        case .rateLimited(_, let detail), .unavailable(.status(_, let detail), _), .refused(_, let detail):
            String(decoding: detail.unredactedBytes, as: UTF8.self)
        case .accepted, .unavailable(.noAnswer, _), .unsendable: ""
        }
    }

    var failureKind: TransportFailure.Kind? {
        if case .unavailable(.noAnswer(let failure), _) = self { failure.kind } else { nil }
    }
}
