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

    package init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "static_configs", specs: Self.specs, diagnostics: &diagnostics)
        let given = options.strings("targets") ?? []
        targets = given.isEmpty ? ["localhost"] : given
        labels = options.labels("labels")
    }
}
