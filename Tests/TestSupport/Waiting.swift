import Glibc

/// A condition that did not come true in time.
package struct WaitTimedOut: Error, CustomStringConvertible {
    package let awaited: String
    package var description: String { "gave up waiting until \(awaited)" }
}

/// Blocks until `condition` holds, looking every 5 ms; throws ``WaitTimedOut`` naming `awaited` after `deadline`.
package func waitUntil(
    _ awaited: String,
    deadline: Duration = .seconds(10),
    _ condition: () throws -> Bool
) throws {
    let end = ContinuousClock.now + deadline
    while try !condition() {
        guard ContinuousClock.now < end else { throw WaitTimedOut(awaited: awaited) }
        usleep(5_000)
    }
}
