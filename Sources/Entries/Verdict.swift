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
    /// Place in the pipeline's list of reasons, and in that of their counts.
    public let index: Int
    /// For who compiles a pipeline; reasons are numbered from 0 as stages register them.
    @inlinable public init(index: Int) { self.index = index }
}

/// Why entries are dropped on purpose: the stage that does it and its reason, as metrics and the ledger name it.
public struct DropReason: Hashable, Sendable {
    /// The stage's name as written in the pipeline, such as `drop`; `client` for limits applied just before sending.
    public let stage: String
    /// `drop_counter_reason` or the default of the stage, such as `drop_stage` or `line_too_long`.
    public let reason: String
    /// Whether Promtail counts it in `logentry_dropped_lines_total` (a malformed JSON line it does not).
    public let isCountedByPromtail: Bool

    /// A reason under the names that metrics and the ledger print; two with equal names and flags are one.
    public init(stage: String, reason: String, isCountedByPromtail: Bool = true) {
        self.stage = stage
        self.reason = reason
        self.isCountedByPromtail = isCountedByPromtail
    }
}
