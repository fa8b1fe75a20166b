/// When an open batch is sent, as Promtail decides it (client.md 4).
package struct BatchPolicy: Sendable {
    /// Bytes of lines and structured metadata that a batch may hold; a single larger entry goes alone.
    package let sizeLimit: Int
    /// Nanoseconds after its first entry that a batch is sent at the latest.
    package let wait: Int64

    package init(sizeLimit: Int, wait: Int64) {
        self.sizeLimit = sizeLimit
        self.wait = wait
    }

    /// Whether a batch of `size` bytes must go before an entry of `added` bytes can come in.
    @inlinable package func mustClose(size: Int, isEmpty: Bool, adding added: Int) -> Bool {
        !isEmpty && size + added > sizeLimit
    }

    /// When a batch opened at `openedAt` (monotonic nanoseconds) is due.
    @inlinable package func deadline(openedAt: Int64) -> Int64 { openedAt &+ wait }
}
