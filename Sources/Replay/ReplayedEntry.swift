import Entries
import Languages
import Stages

/// What came out of a pipeline, copied: one entry as Loki would get it.
struct ReplayedEntry {
    /// Sorted by name; the label that chooses the tenant is not among them.
    let labels: [(name: String, value: [UInt8])]
    let line: [UInt8]
    /// Nil when no stage set one: the agent then sends the time of reading.
    let timestamp: Timestamp?
    /// The time of reading.
    let arrival: Timestamp
    let metadata: [(name: [UInt8], value: [UInt8])]
    let tenant: [UInt8]?

    /// Copies the entry that the pipeline has just delivered; `arrival` is the time it was handed in with.
    init(_ pipeline: Pipeline, arrival: Timestamp) {
        let entry = pipeline.current.pointee
        let all = pipeline.labelSets.labels(of: pipeline.labelSets.number(of: &pipeline.current.pointee))
        labels = all.filter { $0.name != StreamText.tenantLabel }
        tenant = all.first { $0.name == StreamText.tenantLabel }?.value
        line = entry.line.array
        timestamp = entry.timestamp == arrival ? nil : entry.timestamp
        self.arrival = arrival
        metadata = (0..<entry.metadata.count).map { (entry.metadata[$0].name.array, entry.metadata[$0].value.array) }
    }

    private static let rfc3339 = GoTimeLayout("2006-01-02T15:04:05.999999999Z07:00")

    /// RFC 3339 with as many digits as there are; `now` when no stage set a timestamp, unless `isExact`.
    func timestampText(isExact: Bool) -> [UInt8] {
        guard let time = timestamp ?? (isExact ? arrival : nil) else { return Array("now".utf8) }
        return Self.text(of: time)
    }

    /// RFC 3339 in UTC.
    static func text(of time: Timestamp) -> [UInt8] {
        rfc3339.format(seconds: time.seconds, nanoseconds: time.nanoseconds, zone: .utc)
    }

    /// `timestamp<TAB>{labels}<TAB>line`, and `<TAB>{metadata}` when there is some.
    func text(isExact: Bool) -> [UInt8] {
        let tab = UInt8(ascii: "\t")
        var text = timestampText(isExact: isExact) + [tab] + StreamText.render(labels) + [tab] + line
        if !metadata.isEmpty {
            text.append(tab)
            text += StreamText.render(metadata.map { (String(decoding: $0.name, as: UTF8.self), $0.value) })
        }
        return text
    }

    /// One JSON object: labels, line, ts, and metadata and tenant when there are some.
    func json(isExact: Bool) -> [UInt8] {
        var text = Array(#"{"labels":"#.utf8)
        Self.append(labels.map { (Array($0.name.utf8), $0.value) }, to: &text)
        text += Array(#","line":"#.utf8)
        Self.append(line, to: &text)
        text += Array(#","ts":"#.utf8)
        Self.append(timestampText(isExact: isExact), to: &text)
        if !metadata.isEmpty {
            text += Array(#","metadata":"#.utf8)
            Self.append(metadata, to: &text)
        }
        if let tenant {
            text += Array(#","tenant":"#.utf8)
            Self.append(tenant, to: &text)
        }
        return text + [UInt8(ascii: "}")]
    }

    private static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        Bytes.with(bytes) { JSONValue.appendQuoted($0, to: &text) }
    }

    private static func append(_ pairs: [(name: [UInt8], value: [UInt8])], to text: inout [UInt8]) {
        text.append(UInt8(ascii: "{"))
        for (index, pair) in pairs.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(pair.name, to: &text)
            text.append(UInt8(ascii: ":"))
            append(pair.value, to: &text)
        }
        text.append(UInt8(ascii: "}"))
    }
}
