import Entries

/// The series of one metric in one pipeline: one for each label set that entries have at the stage.
///
/// A series is found by the number of the label set and holds what has changed since the last ``drain(_:)``. Bounded as
/// label sets are: ``LabelSets/limit``. Belongs to the thread of its pipeline.
package final class MetricTable {
    package let definition: MetricDefinition
    private let labelSets: LabelSets
    private let bucketCount: Int
    private let render: ([(name: String, value: [UInt8])]) -> String

    private struct Series: BitwiseCopyable {
        var sum = 0.0
        var count: UInt64 = 0
        var isSet = false
        var isTouched = false
    }

    /// By number of the label set.
    private var series: UnsafeMutableBufferPointer<Series> = .init(start: nil, count: 0)
    private var buckets: UnsafeMutableBufferPointer<UInt64> = .init(start: nil, count: 0)
    /// The labels of each series as `/metrics` shows them, made when it is touched first.
    private var texts: [String?] = []
    /// Numbers of the series that have changed.
    private var touched: [Int] = []
    /// Changes of series whose numbers have become void.
    private var orphans: [(labels: String, change: MetricChange)] = []
    private var epoch: Int
    private var guess = -1

    /// `render` makes the labels of a series out of those of an entry, `name="value"` and so on.
    init(
        _ definition: MetricDefinition,
        _ labelSets: LabelSets,
        render: @escaping ([(name: String, value: [UInt8])]) -> String = MetricTable.text
    ) {
        self.definition = definition
        self.render = render
        self.labelSets = labelSets
        bucketCount = definition.kind.bucketCount
        epoch = labelSets.epoch
    }

    deinit {
        series.deallocate()
        buckets.deallocate()
    }

    // MARK: - Entries

    /// Adds to the counter or gauge of the entry's label set.
    @inline(__always)
    func add(_ value: Double, _ entry: inout Entry) {
        // Before `series` is looked at, which may grow now.
        let number = touch(&entry)
        series[number].sum += value
    }

    /// Sets the gauge of the entry's label set.
    func set(_ value: Double, _ entry: inout Entry) {
        let number = touch(&entry)
        series[number].sum = value
        series[number].isSet = true
    }

    /// Counts a value in bucket `bucket` of the histogram of the entry's label set.
    func observe(_ value: Double, bucket: Int, _ entry: inout Entry) {
        let number = touch(&entry)
        series[number].sum += value
        series[number].count &+= 1
        buckets[number * bucketCount + bucket] &+= 1
    }

    /// The number of the series, which counts as changed from now on.
    @inline(__always)
    private func touch(_ entry: inout Entry) -> Int {
        let number = labelSets.number(of: &entry, guess: &guess)
        if epoch == labelSets.epoch, number < series.count, series[number].isTouched { return number }
        begin(number)
        return number
    }

    @inline(never)
    private func begin(_ number: Int) {
        if epoch != labelSets.epoch { forgetNumbers() }
        if number >= series.count { grow(to: max(16, (number + 1) * 2)) }
        if texts[number] == nil { texts[number] = render(labelSets.labels(of: number)) }
        series[number].isTouched = true
        touched.append(number)
    }

    private func forgetNumbers() {
        epoch = labelSets.epoch
        drainTouched { orphans.append(($0, $1)) }
        texts = texts.map { _ in nil }
    }

    private func grow(to count: Int) {
        let larger = UnsafeMutableBufferPointer<Series>.allocate(capacity: count)
        larger[larger.initialize(fromContentsOf: series)...].initialize(repeating: Series())
        series.deallocate()
        series = larger
        let more = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: count * bucketCount)
        more[more.initialize(fromContentsOf: buckets)...].initialize(repeating: 0)
        buckets.deallocate()
        buckets = more
        texts += Array(repeating: nil, count: count - texts.count)
    }

    /// `name="value"` and so on, sorted by name; names that begin with `__` are for the agent itself (stages.md 6.8).
    static func text(_ labels: [(name: String, value: [UInt8])]) -> String {
        labels.filter { !$0.name.hasPrefix("__") }
            .map { "\($0.name)=\"\(MetricText.escaped(String(decoding: $0.value, as: UTF8.self)))\"" }
            .joined(separator: ",")
    }

    // MARK: - Changes

    /// Gives every series that has changed, by its labels, and begins anew.
    package func drain(_ take: (_ labels: String, MetricChange) -> Void) {
        for orphan in orphans { take(orphan.labels, orphan.change) }
        orphans.removeAll()
        drainTouched(take)
    }

    private func drainTouched(_ take: (String, MetricChange) -> Void) {
        for number in touched {
            let one = series[number]
            let counts = number * bucketCount..<(number + 1) * bucketCount
            take(
                texts[number] ?? "",
                MetricChange(sum: one.sum, isSet: one.isSet, count: one.count, buckets: Array(buckets[counts]))
            )
            series[number] = Series()
            for index in counts { buckets[index] = 0 }
        }
        touched.removeAll(keepingCapacity: true)
    }
}

/// The metrics of all stages of one pipeline.
package final class PipelineMetrics {
    package private(set) var tables: [MetricTable] = []

    /// The series of a metric.
    func table(
        _ definition: MetricDefinition,
        _ labelSets: LabelSets,
        render: @escaping ([(name: String, value: [UInt8])]) -> String = MetricTable.text
    ) -> MetricTable {
        let table = MetricTable(definition, labelSets, render: render)
        tables.append(table)
        return table
    }
}

/// Prometheus' text format 0.0.4.
package enum MetricText {
    /// The value of a label between quotes.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
