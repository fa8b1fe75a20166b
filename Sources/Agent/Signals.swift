import Glibc

/// Signals as events of the main thread.
package enum Signals {
    /// Blocks the signals that the agent handles; called before any thread is started, which then inherit it.
    package static func block() {
        var set = handled()
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A peer that closes its end is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
    }

    private static func handled() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        return set
    }

    /// The next signal; nil at `deadline` (monotonic nanoseconds) or when `wakeup` was signalled.
    static func next(until deadline: Int64, or wakeup: Wakeup) -> Int32? {
        // Signals are looked for every 50 ms: a wait on both would need signalfd, which costs a descriptor and a read.
        while true {
            var set = handled()
            var none = timespec(tv_sec: 0, tv_nsec: 0)
            let number = sigtimedwait(&set, nil, &none)
            if number > 0 { return number }
            let now = Clock.monotonic()
            guard now < deadline else { return nil }
            if wakeup.wait(until: min(deadline, now + 50_000_000)) { return nil }
        }
    }
}

extension Signals {
    /// Waits for SIGINT or SIGTERM; ``block()`` must have been called.
    package static func waitForEnd() {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT] { sigaddset(&set, number) }
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
    }
}
