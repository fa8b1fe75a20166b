import Entries

/// The text by which Loki's push API names a stream: `{name="value", other="value"}`.
package struct StreamText {
    /// The label that chooses the tenant and is never sent.
    package static let tenantLabel = "__tenant_id__"

    /// Writes `labels` sorted bytewise by name, values quoted as Go does; `{}` when there are none.
    ///
    /// Names are written as they are, empty values too; only ``tenantLabel`` is left out, as Promtail does.
    package static func render(_ labels: [(name: String, value: [UInt8])]) -> [UInt8] {
        let sorted = labels.filter { $0.name != tenantLabel }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var output: [UInt8] = []
        output.reserveCapacity(sorted.reduce(2) { $0 + $1.name.utf8.count + $1.value.count + 5 })
        output.append(UInt8(ascii: "{"))
        for (index, label) in sorted.enumerated() {
            if index > 0 { output.append(contentsOf: ", ".utf8) }
            output.append(contentsOf: label.name.utf8)
            output.append(UInt8(ascii: "="))
            Bytes.with(label.value) { GoQuoting.appendQuoted($0, to: &output) }
        }
        output.append(UInt8(ascii: "}"))
        return output
    }
}
