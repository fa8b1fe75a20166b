/// Decides what becomes of a tailed file when its path leads elsewhere, vanishes, or its content is cut.
///
/// Touches no file and no clock. A writer keeps its handle for a while after a rotation by rename, so a file that left
/// its path is read on until it was quiet for `quietPeriod`; only then is a last line without newline complete. Where
/// nothing tells that the writer has moved on, the file is kept open for ``patience``.
struct RotationTracker: Equatable {
    /// What stat(2) of the path says.
    enum PathState: Equatable, CaseIterable {
        /// It leads to this file.
        case same
        /// It leads to another file.
        case other
        /// It leads nowhere.
        case missing
        /// stat failed for another reason (permission, I/O, stale NFS handle): nothing is known.
        case unknown
    }

    /// What is known about the content.
    struct Content: Equatable {
        /// Whole lines wait to be read.
        var hasUnread = false
        /// A line without newline stands at the end.
        var hasOpenLine = false
        /// The file changed since it was last asked about.
        var hasGrown = false
        /// Nothing tells that the writer has closed the file.
        var mayHaveWriter = false
    }

    enum Action: Equatable {
        /// The path is free for another file; this one is read on through its handle.
        case leavePath
        /// Give out the line without newline.
        case deliverOpenLine
        /// Everything was read and no more is to come.
        case finish
    }

    enum Phase: Equatable {
        /// The path leads to the file.
        case following
        /// The path leads to the file again, under a name it got by rotation: it may not grow any more, but is kept.
        case renamed(quietSince: Int64)
        /// No path of the target leads to the file.
        case leaving(quietSince: Int64)
        case finished
    }

    /// Nanoseconds that a writer may pause, 10 min: programs that are not told of the rotation keep writing to the
    /// renamed file.
    static let patience: Int64 = 600_000_000_000

    private(set) var phase = Phase.following
    /// Nanoseconds.
    let quietPeriod: Int64

    init(quietPeriod: Int64, phase: Phase = .following) {
        self.quietPeriod = quietPeriod
        self.phase = phase
    }

    /// Whether no path leads to the file any more, so that only its handle tells when it grows.
    var hasLeft: Bool {
        switch phase {
        case .following, .renamed: false
        case .leaving, .finished: true
        }
    }

    /// The path was looked at.
    mutating func pathSeen(_ path: PathState, now: Int64) -> Action? {
        switch (phase, path) {
        case (.following, .other), (.following, .missing), (.renamed, .other), (.renamed, .missing):
            phase = .leaving(quietSince: now)
            return .leavePath
        case (.following, _), (.renamed, _), (.leaving, _), (.finished, _):
            return nil
        }
    }

    /// A path that the target matches leads to this file, which had left its former one.
    ///
    /// `isFirstPath`: it is the path under which the file was found: the rotation did not take place.
    mutating func pathFound(isFirstPath: Bool, now: Int64) {
        guard case .leaving = phase else { return }
        phase = isFirstPath ? .following : .renamed(quietSince: now)
    }

    /// Time has passed, or the content was looked at.
    mutating func contentSeen(_ content: Content, now: Int64) -> Action? {
        switch phase {
        case .following, .finished:
            return nil
        case .renamed(let quietSince):
            if content.hasGrown || content.hasUnread {
                phase = .renamed(quietSince: now)
                return nil
            }
            return content.hasOpenLine && now - quietSince >= quietPeriod ? .deliverOpenLine : nil
        case .leaving(let quietSince):
            if content.hasGrown || content.hasUnread {
                phase = .leaving(quietSince: now)
                return nil
            }
            guard now - quietSince >= quietPeriod else { return nil }
            if content.hasOpenLine { return .deliverOpenLine }
            if content.mayHaveWriter, now - quietSince < Self.patience { return nil }
            phase = .finished
            return .finish
        }
    }

    /// Whether a file that left its path has not grown for the quiet period.
    func isQuiet(now: Int64) -> Bool {
        if case .leaving(let quietSince) = phase { return now - quietSince >= quietPeriod }
        return false
    }

    /// When `contentSeen` decides something if nothing changes; nil if never.
    func deadline(hasOpenLine: Bool) -> Int64? {
        switch phase {
        case .following, .finished: nil
        case .renamed(let quietSince): hasOpenLine ? quietSince + quietPeriod : nil
        case .leaving(let quietSince): quietSince + quietPeriod
        }
    }
}
