/// What the body of a push is.
package enum ContentType: String, Equatable, Sendable {
    /// Snappy block of protobuf.
    case protobuf = "application/x-protobuf"
    case json = "application/json"
}
