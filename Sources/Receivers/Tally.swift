import Synchronization

/// Numbers that are added up together.
package protocol Sums: Sendable {
    /// All of them 0.
    init()
    static func += (sums: inout Self, more: Self)
}

/// What a kind of source counts, from the start of the agent on; added up per read or batch and not per message.
///
/// Every function may be called from any thread.
package final class Tally<Kind: Sums>: Sendable {
    private let sums = Mutex(Kind())

    package init() {}

    package var current: Kind { sums.withLock { $0 } }
    package func add(_ more: Kind) { sums.withLock { $0 += more } }
}
