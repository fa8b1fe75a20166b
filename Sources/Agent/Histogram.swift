import Languages

/// Observed values in buckets, as Prometheus counts them.
package struct Histogram: Sendable, Equatable {
    /// Upper bounds, increasing; a bucket for everything comes behind them.
    let bounds: [Double]
    /// How many values lie in each bucket and in none before it.
    private(set) var buckets: [UInt64]
    private(set) var sum = 0.0
    private(set) var count: UInt64 = 0

    /// The bounds that Promtail uses for requests, in seconds.
    static let requestBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    init(bounds: [Double]) {
        self.bounds = bounds
        buckets = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func observe(_ value: Double) {
        buckets[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
        count += 1
    }

    /// Adds what was observed elsewhere with the same bounds.
    mutating func add(buckets more: [UInt64], sum: Double, count: UInt64) {
        for (index, number) in more.enumerated() { buckets[index] += number }
        self.sum += sum
        self.count += count
    }

    /// The lines of the series with these labels, `name="value",...`, in the text format 0.0.4.
    func append(_ name: String, _ labels: String, to text: inout String) {
        let comma = labels.isEmpty ? "" : ","
        let braced = labels.isEmpty ? "" : "{\(labels)}"
        var total: UInt64 = 0
        for (index, bound) in (bounds.map { GoNumber.general($0) } + ["+Inf"]).enumerated() {
            total += buckets[index]
            text += "\(name)_bucket{\(labels)\(comma)le=\"\(bound)\"} \(total)\n"
        }
        text += "\(name)_sum\(braced) \(GoNumber.general(sum))\n\(name)_count\(braced) \(count)\n"
    }
}
