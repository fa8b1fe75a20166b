/// Durations as Prometheus writes them: `5m`, `1d12h`; whole numbers only.
package enum PrometheusDuration {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000),
        ("ms", 1),
    ]

    /// Numbers with the units y, w, d, h, m, s, ms, each at most once and in this order; or `0`.
    ///
    /// Nil for anything else.
    package static func parse(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        var remaining = units[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let name = rest.dropFirst(digits.count).prefix { !($0.isASCII && $0.isNumber) }
            rest = rest.dropFirst(digits.count + name.count)
            guard let count = Int64(digits), let index = remaining.firstIndex(where: { $0.name == name }) else {
                return nil
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: units[index].milliseconds)
            let (sum, carry) = total.addingReportingOverflow(product)
            guard !overflow, !carry, sum <= Int64.max / 1_000_000 else { return nil }
            total = sum
            remaining = units[(index + 1)...]
        }
        return .milliseconds(total)
    }
}
