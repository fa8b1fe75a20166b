import Glibc

/// A thread that runs one body to its end; whoever makes it joins it.
final class AgentThread {
    /// What goes over to the new thread: it alone uses it from then on.
    private final class Box<Owner> {
        let owner: Owner
        let body: (Owner) -> Void

        init(_ owner: Owner, _ body: @escaping (Owner) -> Void) {
            self.owner = owner
            self.body = body
        }
    }

    /// Work with its type erased, as pthread_create(3) hands over one pointer.
    private final class Work {
        let run: () -> Void
        init(_ run: @escaping () -> Void) { self.run = run }
    }

    private var thread = pthread_t()

    /// Starts `body` with `owner` on a thread of its own.
    ///
    /// - Parameters:
    ///   - owner: must not be used by the caller any more until ``join()`` returned.
    ///   - body: ends when the thread's work is done; ``join()`` waits for that.
    /// - Throws: when the kernel has no room for another thread.
    init<Owner>(_ owner: Owner, _ body: @escaping (Owner) -> Void) throws(AgentError) {
        let box = Box(owner, body)
        let work = Work { box.body(box.owner) }
        let code = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                return nil
            },
            Unmanaged.passRetained(work).toOpaque()
        )
        guard code == 0 else { throw AgentError("cannot start a thread: \(String(cString: strerror(code)))") }
    }

    /// Waits for its end.
    func join() { pthread_join(thread, nil) }
}
