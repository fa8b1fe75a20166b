/// One metric of a `metrics` stage, as it is exposed on `/metrics`.
package struct MetricDefinition: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case counter, gauge
        /// The upper bounds of the buckets, increasing; one for everything comes behind them.
        case histogram([Double])

        /// The word in the TYPE line.
        package var name: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }

        /// Buckets that are counted, the one for everything included; 0 where there are none.
        var bucketCount: Int { if case .histogram(let bounds) = self { bounds.count + 1 } else { 0 } }
    }

    /// With its prefix.
    package let name: String
    /// The text of the HELP line.
    package let help: String
    package let kind: Kind
    /// Nanoseconds after which a series that nothing has touched goes.
    package let longestIdle: Int64
}

/// What has happened to one series since it was last asked.
package struct MetricChange: Sendable, Equatable {
    /// What to add to the value, or the value itself where it was set; for a histogram the sum of what was observed.
    package var sum = 0.0
    package var isSet = false
    /// How many values were observed.
    package var count: UInt64 = 0
    /// How many of them lie in each bucket and in none before it.
    package var buckets: [UInt64] = []
}
