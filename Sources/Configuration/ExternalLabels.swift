/// The syntax of `-client.external-labels`: `name=value,name=value`.
enum ExternalLabels {
    /// With a single `=` everything behind it is the value, commas included; with more the text is one CSV record.
    ///
    /// Nil when a field has no `=` or no name.
    static func parse(_ text: String) -> [String: String]? {
        let equals = text.utf8.count { $0 == UInt8(ascii: "=") }
        let fields: [String]?
        switch equals {
        case 0: fields = nil
        case 1:
            let isQuote: (Character) -> Bool = { $0 == "\"" }
            fields = [String(text.drop(while: isQuote).reversed().drop(while: isQuote).reversed())]
        default: fields = csv(text)
        }
        var labels: [String: String] = [:]
        for field in fields ?? [] {
            guard let equal = field.firstIndex(of: "="), equal > field.startIndex else { return nil }
            labels[String(field[..<equal])] = String(field[field.index(after: equal)...])
        }
        return labels.isEmpty ? nil : labels
    }

    /// One record of RFC 4180; nil when a quote is left open or stands inside a bare field.
    private static func csv(_ text: String) -> [String]? {
        var fields: [String] = []
        var rest = text[...]
        while true {
            var field = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while true {
                    guard let quote = rest.firstIndex(of: "\"") else { return nil }
                    field += rest[..<quote]
                    rest = rest[rest.index(after: quote)...]
                    guard rest.first == "\"" else { break }
                    field += "\""
                    rest = rest.dropFirst()
                }
            } else {
                field = String(rest.prefix { $0 != "," })
                if field.contains("\"") { return nil }
                rest = rest.dropFirst(field.count)
            }
            fields.append(field)
            guard let next = rest.first else { return fields }
            guard next == "," else { return nil }
            rest = rest.dropFirst()
        }
    }
}
