/// systemd's journal: `journal`.
package struct JournalOptions: Hashable, Sendable {
    package struct Match: Hashable, Sendable {
        package let field: String
        package let value: String
    }

    /// Sends each entry as JSON with all its fields.
    package let isJSON: Bool
    /// How far back the first start goes.
    package let maxAge: Duration
    package let labels: [String: String]
    /// Folder of journal files; nil: the system's.
    package let path: String?
    package let matches: [Match]

    private static let specs: [OptionSpec] = [
        .optional("json", .bool, default: "false", "Sends each entry as JSON with all its fields."),
        .optional("max_age", .string, default: "7h", "How far back the first start goes."),
        .optional("labels", .labels, "Labels of each entry."),
        .optional("path", .string, "Folder of journal files."),
        .optional("matches", .string, default: "", "FIELD=value, separated by spaces."),
    ]
    private static let defaultAge = Duration.seconds(7 * 3600)

    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "journal", specs: Self.specs, diagnostics: &diagnostics)
        isJSON = options.isTrue("json")
        labels = options.labels("labels")
        path = options.string("path").flatMap { $0.isEmpty ? nil : $0 }
        let age = options.text("max_age")
        maxAge = age.isEmpty ? Self.defaultAge : GoDuration.parse(age) ?? Self.defaultAge
        if !age.isEmpty, GoDuration.parse(age) == nil {
            diagnostics.add(options.mistake("max_age", "takes \(OptionKind.duration.name)"))
        }
        var found: [Match] = []
        for item in options.text("matches").split(separator: " ") {
            let parts = item.split(separator: "=", omittingEmptySubsequences: false)
            if parts.count == 2 {
                found.append(Match(field: String(parts[0]), value: String(parts[1])))
            } else {
                diagnostics.add(options.mistake("matches", "takes FIELD=value, separated by spaces, each with one '='"))
            }
        }
        matches = found
    }
}
