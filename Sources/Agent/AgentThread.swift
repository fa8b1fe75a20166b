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
    ///   - name: what top(1) and perf(1) call the thread; 15 bytes of it are kept.
    ///   - owner: must not be used by the caller any more until ``join()`` returned.
    ///   - body: ends when the thread's work is done; ``join()`` waits for that.
    /// - Throws: when the kernel has no room for another thread.
    init<Owner>(named name: String, _ owner: Owner, _ body: @escaping (Owner) -> Void) throws(AgentError) {
        let box = Box(owner, body)
        let work = Work {
            Self.nameThisThread(name)
            box.body(box.owner)
        }
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

    /// By proc(5), where pthread_setname_np(3) is a GNU extension that Swift does not see; no loss where it fails.
    private static func nameThisThread(_ name: String) {
        let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        _ = write(file, name, name.utf8.count)
        close(file)
    }

    /// Waits for its end.
    func join() { pthread_join(thread, nil) }
}
