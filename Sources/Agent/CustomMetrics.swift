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
    }

    private let families = Mutex<[String: Family]>([:])

    init() {}

    /// Makes a metric known; false when one of that name is of another type or has other buckets, and so cannot be shared.
    func register(_ definition: MetricDefinition) -> Bool {
        families.withLock { families in
            if let known = families[definition.name] { return known.definition.kind == definition.kind }
            families[definition.name] = Family(definition: definition)
            return true
        }
    }

    /// Takes what has changed in a pipeline's metrics; those that could not be registered are passed over.
    func add(_ metrics: PipelineMetrics, now: Int64) {
        guard !metrics.tables.isEmpty else { return }
        families.withLock { families in
            for table in metrics.tables {
                let name = table.definition.name
                table.drain { labels, change in
                    guard families[name]?.definition.kind == table.definition.kind else { return }
                    families[name]?.series[labels, default: Series()].take(change, table.definition.kind, now: now)
                }
            }
        }
    }

    /// All series in Prometheus' text format; those that nothing has touched for long are shown a last time and forgotten.
    func text(now: Int64) -> String {
        families.withLock { families in
            var text = ""
            for name in families.keys.sorted() {
                guard var family = families[name], !family.series.isEmpty else { continue }
                family.append(to: &text)
                let longest = family.definition.longestIdle
                family.series = family.series.filter { now - $0.value.touchedAt < longest }
                families[name] = family
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
