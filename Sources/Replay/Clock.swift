import Entries
import Glibc

/// The real clocks, read once at the start of a command.
enum Clock {
    static func now() -> Moment {
        let monotonic = read(CLOCK_MONOTONIC)
        let wall = read(CLOCK_REALTIME)
        return Moment(monotonic: monotonic.unixNanoseconds, wall: wall)
    }

    private static func read(_ clock: clockid_t) -> Timestamp {
        var time = timespec()
        clock_gettime(clock, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    }
}
