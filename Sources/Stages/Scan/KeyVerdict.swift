/// What is known about a key of a JSON object at a place of the document.
struct KeyVerdict: BitwiseCopyable {
    /// Node of the path tree that the key leads to; negative when nobody asked for anything there.
    var node: Int16
    /// Whether the key names a secret.
    var isSecret: Bool
    /// Whether the key itself may hold a key with a secret, as a URL with a query does.
    var mayHoldPair: Bool

    static let nothing = KeyVerdict(node: -1, isSecret: false, mayHoldPair: false)
}
