/// Files that list targets: an item of `file_sd_configs`.
package struct FileDiscoveryOptions: Hashable, Sendable {
    /// Paths of JSON or YAML files; `*` may stand in the last component.
    package let files: [String]
    package let refreshInterval: Duration

    private static let specs: [OptionSpec] = [
        .required("files", .stringList, "Paths of .json, .yml or .yaml files; '*' may stand in the file name."),
        .optional("refresh_interval", .prometheusDuration, default: "5m", "How often they are read again."),
    ]

    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "file_sd_configs", specs: Self.specs, diagnostics: &diagnostics)
        files = options.strings("files") ?? []
        refreshInterval = options.time("refresh_interval")
        options.checkIsPositive("refresh_interval", &diagnostics)
        if options.isGiven("files"), files.isEmpty { diagnostics.add(options.mistake("files", "names no file")) }
        for item in options.node("files")?.items ?? [] where !Self.isValid(item.scalar?.text ?? "") {
            let help = "name .json, .yml or .yaml files, with at most one '*', and that in the file name"
            diagnostics.add(options.mistake("files", at: item, "has a path that cannot be used", help: help))
        }
    }

    /// Whether Prometheus takes the path.
    ///
    /// `^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$`
    private static func isValid(_ path: String) -> Bool {
        guard let dot = path.lastIndex(of: ".") else { return false }
        guard ["json", "yml", "yaml", "JSON", "YML", "YAML"].contains(path[path.index(after: dot)...]) else {
            return false
        }
        guard let star = path.firstIndex(of: "*") else { return true }
        return star < dot && !path[star..<dot].contains("/")
    }
}
