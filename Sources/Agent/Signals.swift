import CSignals
import Glibc

/// Signals as events of the main thread.
package enum Signals {
    /// Blocks the signals that the agent handles; called before any thread is started, which then inherit it.
    package static func block() {
        var set = handled()
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // A peer that closes its end is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // So is a file that grows beyond RLIMIT_FSIZE.
        signal(SIGXFSZ, SIG_IGN)
    }

    /// From now on a signal ends the process, pending ones too.
    static func unblock() {
        var set = handled()
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
    }

    /// Waits for SIGINT or SIGTERM; ``block()`` must have been called.
    package static func waitForEnd() {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT] { sigaddset(&set, number) }
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
    }

    fileprivate static func handled() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, number) }
        return set
    }
}

/// What tells of the signals that ``Signals/block()`` has blocked.
final class SignalQueue {
    private let descriptor: Int32

    init() throws(AgentError) {
        var set = Signals.handled()
        descriptor = csignals_open(&set)
        guard descriptor >= 0 else {
            throw AgentError("cannot wait for signals: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    /// The next signal; nil at `deadline` (monotonic nanoseconds), when `wakeup` was signalled, or when `other` became
    /// readable.
    func next(until deadline: Int64, or wakeup: Wakeup, also other: Int32 = -1) -> Int32? {
        var isAwake = false
        while true {
            let number = csignals_take(descriptor)
            if number > 0 { return number }
            guard !isAwake, Clock.monotonic() < deadline else { return nil }
            let isCalled = wakeup.wait(also: [descriptor, other], until: deadline)
            isAwake = isCalled || other >= 0
        }
    }
}
