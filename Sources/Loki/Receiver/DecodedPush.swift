package import Entries

/// A push as it came in.
package struct DecodedPush: Equatable, Sendable {
    package struct Stream: Equatable, Sendable {
        /// As Loki's selectors write them: `{name="value", ...}`.
        package var labels: [UInt8]
        package var entries: [Entry]
    }

    package struct Entry: Equatable, Sendable {
        package var timestamp: Timestamp
        package var line: [UInt8]
        package var metadata: [Pair]
    }

    package struct Pair: Equatable, Sendable {
        package var name: [UInt8]
        package var value: [UInt8]
    }

    package var streams: [Stream]
}

/// Why a push cannot be decoded; says nothing of its content.
package struct PushDecodingError: Error, Equatable, Sendable {
    package let reason: String
    package init(reason: String) { self.reason = reason }
}
