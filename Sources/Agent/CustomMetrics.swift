import Languages
import Stages
import Synchronization

/// The metrics of all pipelines' `metrics` stages, summed up over pipelines and workers.
///
/// Workers hand in what has changed every 100 ms; a scrape reads. Pipelines that define the same metric share it.
/// Shared by all threads.
final class CustomMetrics: Sendable {
    fileprivate struct Series {
        /// The value of a counter or gauge.
        var value = 0.0
        var histogram: Histogram?
        /// Monotonic nanoseconds of the last change.
        var touchedAt: Int64 = 0
    }

    fileprivate struct Family {
        let definition: MetricDefinition
        var series: [String: Series] = [:]
        var lastCleaning = Int64.min / 2
    }

    private struct State {
        var families: [String: Family] = [:]
        var refused: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Series of one metric; beyond, those that are idle go, and if there are none a change of a new one is not counted.
    static let seriesLimit = 10_000

    init() {}

    /// Changes that were not counted, because their metric has too many series.
    var refused: UInt64 { state.withLock { $0.refused } }

    /// Makes a metric known; false when one of that name is of another type or has other buckets, and so cannot be shared.
    func register(_ definition: MetricDefinition) -> Bool {
        state.withLock { state in
            if let known = state.families[definition.name] { return known.definition.kind == definition.kind }
            state.families[definition.name] = Family(definition: definition)
            return true
        }
    }

    /// Takes what has changed in a pipeline's metrics; those that could not be registered are passed over.
    func add(_ metrics: PipelineMetrics, now: Int64) {
        guard !metrics.tables.isEmpty else { return }
        state.withLock { state in
            for table in metrics.tables {
                let name = table.definition.name
                guard state.families[name]?.definition.kind == table.definition.kind else {
                    table.drain { _, _ in }
                    continue
                }
                table.drain { labels, change in
                    if state.families[name]?.mayTake(labels, now: now) ?? false {
                        state.families[name]?.series[labels, default: Series()]
                            .take(change, table.definition.kind, now: now)
                    } else {
                        state.refused += 1
                    }
                }
            }
        }
    }

    /// All series in Prometheus' text format; those that nothing has touched for long are shown a last time and forgotten.
    func text(now: Int64) -> String {
        state.withLock { state in
            var text = ""
            for name in state.families.keys.sorted() {
                guard var family = state.families[name], !family.series.isEmpty else { continue }
                family.append(to: &text)
                family.forgetIdle(now: now)
                state.families[name] = family
            }
            return text
        }
    }
}

extension CustomMetrics.Series {
    fileprivate mutating func take(_ change: MetricChange, _ kind: MetricDefinition.Kind, now: Int64) {
        if case .histogram(let bounds) = kind {
            var all = histogram ?? Histogram(bounds: bounds)
            all.add(buckets: change.buckets, sum: change.sum, count: change.count)
            histogram = all
        } else {
            value = change.isSet ? change.sum : value + change.sum
        }
        touchedAt = now
    }
}

extension CustomMetrics.Family {
    fileprivate mutating func forgetIdle(now: Int64) {
        let longest = definition.longestIdle
        series = series.filter { now - $0.value.touchedAt < longest }
    }

    /// Whether a change of that series may be counted; idle series go where there are too many.
    fileprivate mutating func mayTake(_ labels: String, now: Int64) -> Bool {
        if series.count < CustomMetrics.seriesLimit || series[labels] != nil { return true }
        // A look at all of them once a second, and not for each change.
        guard now - lastCleaning >= 1_000_000_000 else { return false }
        lastCleaning = now
        forgetIdle(now: now)
        return series.count < CustomMetrics.seriesLimit
    }

    fileprivate func append(to text: inout String) {
        let name = definition.name
        let help = definition.help.replacing("\\", with: #"\\"#).replacing("\n", with: #"\n"#)
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(definition.kind.name)\n"
        for (labels, one) in series.sorted(by: { $0.key < $1.key }) {
            if let histogram = one.histogram {
                histogram.append(name, labels, to: &text)
            } else {
                text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(GoNumber.general(one.value))\n"
            }
        }
    }
}
