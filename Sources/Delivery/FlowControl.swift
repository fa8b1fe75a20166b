/// The bound on everything that has been read and not yet been answered for.
///
/// Counts bytes of open, waiting and travelling batches. At the bound sources wait; one batch is always let through,
/// or a line larger than the bound could never be sent.
package struct FlowControl: Sendable {
    /// `limits_config.max_in_flight`, in bytes.
    package let limit: Int
    /// Closed batches that may wait for one sender; more would only take memory.
    package let batchLimit: Int
    package private(set) var bytes = 0
    package private(set) var batches = 0

    package init(limit: Int, batchLimit: Int) {
        self.limit = limit
        self.batchLimit = batchLimit
    }

    /// Whether another batch of `size` bytes may be closed now.
    package func hasRoom(for size: Int) -> Bool {
        batches == 0 || (batches < batchLimit && bytes + size <= limit)
    }

    /// A batch of `size` bytes was closed.
    package mutating func add(_ size: Int) {
        bytes += size
        batches += 1
    }

    /// A batch of `size` bytes was answered for.
    package mutating func remove(_ size: Int) {
        bytes -= size
        batches -= 1
    }
}
