/// What a stage decides about an entry.
@frozen
public enum Verdict: Equatable {
    /// On to the next stage.
    case keep
    /// On to the stage behind the block that this stage begins (a `match` that does not match).
    case skip
    /// Dropped on purpose, for the reason registered under this number.
    case drop(DropID)
    /// The stage keeps the entry (a partial line); it comes out again, perhaps joined with others, or is released.
    case hold
    /// The stage keeps this entry and has others to give out first.
    case release
    /// The stage has no token for this entry before `until` (monotonic nanoseconds); try the same stage again then.
    case wait(until: Int64)
}

/// The number of a drop reason within a pipeline.
@frozen
public struct DropID: Hashable, Sendable {
    public let index: Int
    @inlinable public init(index: Int) { self.index = index }
}

/// Why entries are dropped on purpose: the stage that does it and its reason, as metrics and the ledger name it.
public struct DropReason: Hashable, Sendable {
    /// The stage's name as written in the pipeline, e.g. `drop`; `client` for limits applied just before sending.
    public let stage: String
    /// `drop_counter_reason` or the default of the stage, e.g. `drop_stage`, `line_too_long`.
    public let reason: String
    /// Whether Promtail counts it in `logentry_dropped_lines_total` (a malformed JSON line it does not).
    public let isCountedByPromtail: Bool

    public init(stage: String, reason: String, isCountedByPromtail: Bool = true) {
        self.stage = stage
        self.reason = reason
        self.isCountedByPromtail = isCountedByPromtail
    }
}
