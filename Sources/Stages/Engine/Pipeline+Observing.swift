package import Entries

/// Runs that show each stage's doing, for explanations; a line costs whatever the observer does.
extension Pipeline {
    /// Sees the entry as a stage left it: the stage's index in ``Pipeline/stageNames``, its name, what it decided.
    ///
    /// The first call, with index -1, shows the entry before the stages. A stage that was skipped is not reported. The
    /// entry is valid during the call only.
    package typealias Observer = (_ stage: Int, _ name: String, _ verdict: Verdict, _ entry: Entry) -> Void

    /// As ``process(line:timestamp:base:now:span:)``, with an observer behind each stage.
    package func processObserved(
        line: Bytes,
        timestamp: Timestamp,
        base: Int,
        now: Moment,
        span: SpanID,
        observer: Observer
    ) -> Outcome {
        start(line: line, timestamp: timestamp, base: base, now: now, span: span)
        observer(-1, "", .keep, current.pointee)
        return runObserved(from: 0, observer)
    }

    /// As ``retry(now:)``, with an observer behind each stage.
    package func retryObserved(now: Moment, observer: Observer) -> Outcome {
        current.pointee.now = now
        return runObserved(from: waitingStage, observer)
    }

    /// As ``nextReleased(now:)``, with an observer behind each stage that is still to come.
    package func nextReleasedObserved(now: Moment, observer: Observer) -> Outcome? {
        guard let stage = restoreNextReleased(now: now) else { return nil }
        observer(-1, "", .keep, current.pointee)
        return runObserved(from: stage + 1, observer)
    }

    private func runObserved(from start: Int, _ observer: Observer) -> Outcome {
        var index = start
        while index < program.count {
            let stage = program[index].takeUnretainedValue()
            let verdict = stage.process(&current.pointee)
            observer(index, stage.name, verdict, current.pointee)
            switch verdict {
            case .keep: index += 1
            case .skip: index = stage.skipTarget
            case .drop(let id):
                drops[id.index] += 1
                return .dropped
            case .hold: return .held
            case .release:
                markReleasing(index)
                return .held
            case .wait(let until):
                waitingStage = index
                return .waiting(until: until)
            }
        }
        return .delivered
    }
}
