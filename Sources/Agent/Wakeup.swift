import Glibc

/// Wakes a thread that waits in poll(2): any thread may ``signal()``, one thread waits.
final class Wakeup: Sendable {
    /// Readable while a signal is pending.
    let descriptor: Int32
    private let writer: Int32

    init() throws(AgentError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw AgentError("cannot make a pipe: \(String(cString: strerror(errno)))")
        }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        descriptor = ends[0]
        writer = ends[1]
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    /// Makes ``descriptor`` readable.
    ///
    /// A full pipe is as good: a signal is pending then.
    func signal() {
        var byte: UInt8 = 1
        _ = write(writer, &byte, 1)
    }

    /// Takes back all pending signals.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
    }

    /// Waits until one of `descriptors` or this is readable, or until `deadline` has come.
    ///
    /// Descriptors below 0 are left out; the deadline is in monotonic nanoseconds, nil for none. Takes pending signals
    /// back; true if there were any.
    @discardableResult
    func wait(also descriptors: [Int32] = [], until deadline: Int64?) -> Bool {
        var polled = ([descriptor] + descriptors.filter { $0 >= 0 }).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        var timeout: Int32 = -1
        if let deadline {
            // Rounded up, or the last millisecond before a deadline would be spent in a loop.
            let left = max(0, deadline - Clock.monotonic())
            timeout = Int32(clamping: (left + 999_999) / 1_000_000)
        }
        _ = poll(&polled, nfds_t(polled.count), timeout)
        guard polled[0].revents != 0 else { return false }
        drain()
        return true
    }
}

/// Why the agent cannot start or go on; one sentence for the user.
package struct AgentError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}
