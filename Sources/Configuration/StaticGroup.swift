/// Files named by hand: an item of `static_configs`, or of a file that `file_sd_configs` names.
package struct StaticGroup: Hashable, Sendable {
    /// Each becomes the label `__address__` of a target; never empty.
    package let targets: [String]
    package let labels: [String: String]

    /// The labels that each target is found with.
    package var targetLabels: [[String: String]] { targets.map { labels.merging(["__address__": $0]) { $1 } } }

    private static let specs: [OptionSpec] = [
        .optional("targets", .stringList, "Addresses; localhost unless given."),
        .optional("labels", .labels, "Labels of the targets; __path__ names the files."),
    ]

    package init(_ node: YAMLNode, _ section: String = "static_configs", into diagnostics: inout Diagnostics) {
        let options = Options(section: node, section, specs: Self.specs, diagnostics: &diagnostics)
        let given = options.strings("targets") ?? []
        targets = given.isEmpty ? ["localhost"] : given
        labels = options.labels("labels")
    }

    /// The groups of a file that `file_sd_configs` names: `[{targets: [...], labels: {...}}, ...]`, as YAML or JSON.
    ///
    /// Without groups where the text is no such list, which is a mistake.
    package static func list(_ text: String, file: String) -> (groups: [StaticGroup], diagnostics: Diagnostics) {
        var diagnostics = Diagnostics(file: file)
        guard let root = YAMLParser.parse(YAMLSource(text, file: file), into: &diagnostics), !root.isNull else {
            return ([], diagnostics)
        }
        guard let items = root.items else {
            let help = "write a list: [{targets: [localhost], labels: {__path__: /var/log/app.log}}]"
            diagnostics.add(Diagnostic(at: root, "is \(root.kindName), not a list of target groups", help: help))
            return ([], diagnostics)
        }
        var groups: [StaticGroup] = []
        for item in items {
            if item.pairs == nil {
                diagnostics.add(Diagnostic(at: item, "is \(item.kindName), not a target group"))
            } else {
                groups.append(StaticGroup(item, "file_sd_configs", into: &diagnostics))
            }
        }
        return (groups, diagnostics)
    }
}
