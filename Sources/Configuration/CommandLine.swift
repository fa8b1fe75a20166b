/// What the arguments in Promtail's spelling ask for.
package struct CommandLine: Sendable {
    package let flags: FlagSet
    /// Arguments behind the flags, which Promtail ignores.
    package let rest: [String]

    /// `arguments` without the program's name.
    package static func parse(_ arguments: [String]) throws(UsageError) -> CommandLine {
        var flags = FlagSet()
        let rest = try flags.parse(arguments)
        return CommandLine(flags: flags, rest: Array(rest))
    }

    /// Paths separated by commas, of which the first that exists counts; may be empty.
    package var configurationFiles: String { flags.text("config.file") }
    package var expandsEnvironment: Bool { flags.isOn("config.expand-env") }
    package var checksOnly: Bool { flags.isOn("check-syntax") }
    package var printsVersion: Bool { flags.isOn("version") }
    package var isDryRun: Bool { flags.isOn("dry-run") }
    package var isInspecting: Bool { flags.isOn("inspect") }
    package var printsConfiguration: Bool { flags.isOn("print-config-stderr") }
    package var logsConfiguration: Bool { flags.isOn("log-config-reverse-order") }

    /// Every flag with what it takes, its default and unit; flags without effect come last, by name only.
    package static var help: String {
        let isIgnored: (FlagDeclaration) -> Bool = { $0.alternative != nil }
        var lines: [String] = []
        for flag in FlagSet.all where !isIgnored(flag) {
            let value = flag.kind == .bool ? "" : " \(flag.kind.placeholder)"
            let standard = flag.defaultText.isEmpty ? "" : " (default \(flag.defaultText))"
            lines.append("  -\(flag.name)\(value)\n        \(flag.help)\(standard)")
        }
        lines.append("Accepted, without effect:")
        lines += FlagSet.all.filter(isIgnored).map { "  -\($0.name)" }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension FlagDeclaration.Kind {
    /// What stands for the value in the help text.
    fileprivate var placeholder: String {
        switch self {
        case .bool, .string: "TEXT"
        case .integer, .number: "N"
        case .duration: "DURATION"
        case .byteSize: "SIZE"
        case .url: "URL"
        case .labels: "NAME=VALUE,..."
        }
    }
}
