import Entries
import Stages

/// A pipeline fed with lines, on a clock that stands still but for the waits that stages ask for.
///
/// So a replay gives the same entries whenever it runs and never sleeps; only `older_than` depends on the moment it
/// starts. Belongs to one thread.
final class Replay {
    /// For what stages leave to chance: a replay makes the same choices whenever it runs.
    static let seed: UInt64 = 0

    /// What to call with each entry that comes out.
    typealias Delivery = (ReplayedEntry) -> Void

    let pipeline: Pipeline
    /// Lines handed in.
    private(set) var lineCount = 0
    /// Entries that came out.
    private(set) var entryCount = 0
    private let base: Int
    private let start: Moment
    private var now: Moment

    /// Takes a pipeline that has seen no line yet; `labels` are those of the target.
    init(_ pipeline: Pipeline, labels: [String: String], start: Moment) {
        self.pipeline = pipeline
        self.start = start
        now = start
        base = pipeline.labelSets.addBase(labels.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) })
    }

    /// Drops so far, without reasons that did not occur.
    var drops: [(reason: DropReason, count: UInt64)] {
        zip(pipeline.dropReasons, pipeline.dropCounts).filter { $0.1 > 0 }.map { (reason: $0.0, count: $0.1) }
    }

    /// Takes one line through the pipeline, with what it sets free; `line` lives until the call returns.
    func feed(_ line: Bytes, explaining explanation: Explanation? = nil, to deliver: Delivery) {
        lineCount += 1
        let span = SpanID(source: 0, number: UInt32(truncatingIfNeeded: lineCount))
        let outcome: Pipeline.Outcome
        if let explanation {
            explanation.beginLine(lineCount)
            outcome = pipeline.processObserved(
                line: line,
                timestamp: start.wall,
                base: base,
                now: now,
                span: span,
                observer: explanation.observe
            )
        } else {
            outcome = pipeline.process(line: line, timestamp: start.wall, base: base, now: now, span: span)
        }
        settle(outcome, explanation, deliver)
        drain(explanation, deliver)
    }

    /// Makes stages give out what they hold.
    func finish(explaining explanation: Explanation? = nil, to deliver: Delivery) {
        pipeline.expire(now: now, isEnding: true)
        drain(explanation, deliver)
    }

    private func drain(_ explanation: Explanation?, _ deliver: Delivery) {
        while true {
            let outcome: Pipeline.Outcome?
            if let explanation {
                explanation.beginReleased()
                outcome = pipeline.nextReleasedObserved(now: now, observer: explanation.observe)
            } else {
                outcome = pipeline.nextReleased(now: now)
            }
            guard let outcome else { return }
            settle(outcome, explanation, deliver)
        }
    }

    private func settle(_ first: Pipeline.Outcome, _ explanation: Explanation?, _ deliver: Delivery) {
        var outcome = first
        while case .waiting(let until) = outcome {
            let wait = max(until - now.monotonic, 1)
            now = Moment(monotonic: now.monotonic + wait, wall: now.wall.adding(nanoseconds: wait))
            if let explanation {
                outcome = pipeline.retryObserved(now: now, observer: explanation.observe)
            } else {
                outcome = pipeline.retry(now: now)
            }
        }
        guard outcome == .delivered else { return }
        entryCount += 1
        deliver(ReplayedEntry(pipeline, arrival: start.wall))
    }
}
