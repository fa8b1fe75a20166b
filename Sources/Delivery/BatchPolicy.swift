/// When an open batch is sent, as Promtail decides it (client.md 4).
package struct BatchPolicy: Sendable {
    /// Bytes of lines and structured metadata that a batch may hold; a single larger entry goes alone.
    package let sizeLimit: Int
    /// Bytes that a batch may take in memory, labels and encoding included: lines of a few bytes, or labels that are
    /// longer than their lines, take far more than ``sizeLimit`` counts.
    package let weightLimit: Int
    /// Nanoseconds after its first entry that a batch is sent at the latest.
    package let wait: Int64

    package init(sizeLimit: Int, wait: Int64) {
        self.sizeLimit = sizeLimit
        weightLimit = min(sizeLimit, Int.max / 4) * 2 + (1 << 20)
        self.wait = wait
    }

    /// Whether a batch of `size` bytes, which takes `weight` bytes in memory, must go before an entry of `added` bytes
    /// can come in.
    @inlinable package func mustClose(size: Int, weight: Int, isEmpty: Bool, adding added: Int) -> Bool {
        !isEmpty && (size + added > sizeLimit || weight > weightLimit)
    }

    /// When a batch opened at `openedAt` (monotonic nanoseconds) is due.
    @inlinable package func deadline(openedAt: Int64) -> Int64 { openedAt &+ wait }
}
