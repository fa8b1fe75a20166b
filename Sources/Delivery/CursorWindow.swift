/// The cursors of batches under way, each of which says where reading goes on behind it: tells up to where everything has
/// been answered for.
package struct CursorWindow: Sendable {
    private struct Item {
        /// Nil: the position stays where it was.
        let cursor: String?
        var isSettled = false
    }

    private var items: [Item] = []
    /// Number of the first item.
    private var first: UInt64 = 0
    /// The last cursor before which nothing is open.
    package private(set) var acknowledged: String?
    /// A batch was not answered for: nothing after it counts.
    private var isBroken = false

    package init(acknowledged: String?) { self.acknowledged = acknowledged }

    /// A batch that ends at `cursor` goes on its way; gives its number.
    package mutating func begin(_ cursor: String?) -> UInt64 {
        items.append(Item(cursor: cursor))
        return first + UInt64(items.count - 1)
    }

    /// Nothing of the batch is open any more; `isKept` is false when it was not answered for.
    package mutating func settle(_ number: UInt64, isKept: Bool) {
        guard number >= first, number - first < UInt64(items.count) else { return }
        if !isKept { isBroken = true }
        guard !isBroken else { return }
        items[Int(number - first)].isSettled = true
        while let item = items.first, item.isSettled {
            if let cursor = item.cursor { acknowledged = cursor }
            items.removeFirst()
            first += 1
        }
    }

    /// Batches that are not answered for.
    package var openCount: Int { items.count }
}
