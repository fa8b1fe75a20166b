import Entries

/// Where values come from that do not go by the name of their key any more: `labels: {p: password}`.
///
/// Names are those of the extracted map, of labels and of structured metadata, which stages copy into each other.
/// Stages say what they copy while the pipeline is compiled; redact stages ask when all are.
final class ValueOrigins {
    /// Keys of the log line that the value of a name stands below.
    private var keys: [String: [[UInt8]]] = [:]
    /// Names that the value of a name is made from.
    private var sources: [String: Set<String>] = [:]

    /// The value of `name` stands below these keys of a line.
    func add(_ name: String, below keys: [[UInt8]]) { self.keys[name, default: []] += keys }

    /// The value of `name` is made from those of others.
    func add(_ name: String, from others: [String]) { sources[name, default: []].formUnion(others) }

    /// Whether by `rules` the name, a key that its value stands below, or a name that it is made from is secret.
    func isSecret(_ name: String, _ rules: RedactionRules) -> Bool {
        var seen: Set<String> = [name]
        var open = [name]
        while let next = open.popLast() {
            if Bytes.with(Array(next.utf8), { rules.names($0) }) { return true }
            if keys[next]?.contains(where: { Bytes.with($0) { rules.names($0) } }) == true { return true }
            open += (sources[next] ?? []).filter { seen.insert($0).inserted }
        }
        return false
    }

    /// The secret names that do not say so themselves.
    func aliases(_ rules: RedactionRules) -> [[UInt8]] {
        Set(keys.keys).union(sources.keys).filter { isSecret($0, rules) }.map { Array($0.utf8) }
            .filter { name in !Bytes.with(name) { rules.names($0) } }
    }
}
