import CServiceManager

/// Tells systemd how the service is (sd_notify(3)); without it every call does nothing.
///
/// Used by the main thread.
struct ServiceManager {
    private var watchdog: Watchdog

    init(now: Int64) {
        var microseconds: UInt64 = 0
        let isWatched = sd_watchdog_enabled(0, &microseconds) > 0
        watchdog = Watchdog(period: isWatched ? Int64(clamping: microseconds) &* 1_000 : nil, now: now)
    }

    /// Everything runs.
    func ready() { sd_notify(0, "READY=1\nSTATUS=Shipping") }

    /// The configuration is loaded once more; ``ready()`` follows.
    func reloading(now: Int64) { sd_notify(0, "RELOADING=1\nMONOTONIC_USEC=\(now / 1_000)\nSTATUS=Reloading") }

    func stopping() { sd_notify(0, "STOPPING=1\nSTATUS=Waiting for Loki's answers") }

    /// When ``beat(now:workersAnswer:)`` is to be called next, in monotonic nanoseconds.
    var nextBeat: Int64 { watchdog.next }

    /// Tells the watchdog that all is well, if that is due and so.
    mutating func beat(now: Int64, workersAnswer: Bool) {
        if watchdog.beats(now: now, workersAnswer: workersAnswer) { sd_notify(0, "WATCHDOG=1") }
    }
}

/// Decides when the service manager is told that the agent lives: twice in its period, unless a worker has not answered
/// the main thread for a whole one.
struct Watchdog {
    /// Nanoseconds; nil: nobody watches.
    private let period: Int64?
    private var lastAnswer: Int64
    private(set) var next: Int64

    init(period: Int64?, now: Int64) {
        self.period = period
        lastAnswer = now
        next = period == nil ? .max : now
    }

    /// `workersAnswer`: nothing that workers were asked for is outstanding.
    mutating func beats(now: Int64, workersAnswer: Bool) -> Bool {
        if workersAnswer { lastAnswer = now }
        guard let period, now >= next else { return false }
        next = now &+ period / 2
        return now - lastAnswer < period
    }
}
