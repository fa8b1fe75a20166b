import Glibc

/// A thread for a blocking part of a test; the pool that runs tests must not block for long.
package final class JoinedThread: Sendable {
    private let thread: pthread_t

    /// Runs `body` on a thread of its own.
    package init(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Body(run: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { context in
                if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            },
            box.toOpaque()
        )
        precondition(code == 0, "pthread_create: errno \(code)")
        self.thread = thread
    }

    /// Blocks until `body` has returned; call it once.
    package func join() { pthread_join(thread, nil) }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
