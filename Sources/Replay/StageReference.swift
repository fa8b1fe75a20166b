import Configuration
package import Stages

/// The reference of stages, written from their own declarations.
package struct StageReference {
    private let spec: StageSpec

    package init(_ spec: StageSpec) { self.spec = spec }

    /// Every stage with its summary, one line each.
    static var overview: String {
        let specs = StageCatalog.all.map { $0.spec }
        let width = specs.map(\.name.count).max() ?? 0
        return specs.map { padded($0.name, width) + "  " + $0.summary + "\n" }.joined()
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    // MARK: - Terminal

    /// The page of one stage for a terminal.
    var text: String {
        var lines = ["\(spec.name): \(spec.summary)"]
        if !spec.options.isEmpty { lines += ["", "options:"] }
        for option in spec.options {
            lines.append("  \(Self.name(of: option)): \(option.kind.name), \(Self.need(of: option))")
            lines.append("      \(option.help)")
        }
        for example in spec.examples {
            lines += ["", "example:"]
            lines += Self.indented(example.pipeline.split(separator: "\n").map(String.init))
            if !example.labels.isEmpty { lines += ["  labels:"] + Self.indented([Self.labels(example)]) }
            lines += ["  input:"] + Self.indented(example.input)
            lines += ["  output:"] + Self.indented(example.output.isEmpty ? ["(nothing)"] : example.output)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func indented(_ lines: [String]) -> [String] { lines.map { "    " + $0 } }

    private static func name(of option: OptionSpec) -> String {
        option.name.isEmpty ? "(the value of the stage)" : option.name
    }

    private static func need(of option: OptionSpec) -> String {
        if option.isRequired { return "required" }
        return option.defaultText.map { $0.isEmpty ? "default empty" : "default \($0)" } ?? "optional"
    }

    private static func labels(_ example: StageExample) -> String {
        let pairs = example.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\($0.value)\"" }
        return "{" + pairs.joined(separator: ", ") + "}"
    }

    // MARK: - Markdown

    /// docs/stages.md: every stage of the catalogue.
    package static var document: String {
        let contents = StageCatalog.all.map { $0.spec }
            .map { "| [\($0.name)](#\($0.name)) | \(cell($0.summary)) |\n" }.joined()
        let head = """
            # Stages

            Written by `sluice stages --markdown` from what the stages declare about themselves; every example is run by the
            tests. A pipeline is a list of stages; each has one key, its name, and below it the options. `sluice stages NAME`
            shows one of them in a terminal.

            | Stage | What it does |
            |---|---|

            """
        return head + contents + StageCatalog.all.map { "\n" + StageReference($0.spec).markdown }.joined()
    }

    private var markdown: String {
        var text = "## \(spec.name)\n\n\(spec.summary)\n"
        if !spec.options.isEmpty {
            text += "\n| Option | Takes | Default | Meaning |\n|---|---|---|---|\n"
            text += spec.options.map(Self.row).joined()
        }
        for example in spec.examples {
            text += "\n```yaml\n\(example.pipeline)\n```\n\n"
            let labels = example.labels.isEmpty ? [] : ["labels  \(Self.labels(example))"]
            let output = example.output.isEmpty ? ["out     (nothing)"] : example.output.map { "out     \($0)" }
            let lines = labels + example.input.map { "in      \($0)" } + output
            text += "```text\n\(lines.joined(separator: "\n"))\n```\n"
        }
        return text
    }

    private static func row(_ option: OptionSpec) -> String {
        let name = option.name.isEmpty ? "*(the value)*" : "`\(option.name)`"
        let standard: String
        if option.isRequired {
            standard = "required"
        } else {
            standard = option.defaultText.map { $0.isEmpty ? "empty" : "`\(code($0))`" } ?? ""
        }
        return "| \(name) | \(option.kind.name) | \(standard) | \(cell(option.help)) |\n"
    }

    /// Text between backticks in a table.
    private static func code(_ text: String) -> String { String(text.flatMap { $0 == "|" ? ["\\", $0] : [$0] }) }

    /// Text that fits a table, and that Markdown leaves as it is.
    private static func cell(_ text: String) -> String {
        String(text.flatMap { ["|", "<", "*"].contains($0) ? ["\\", $0] : [$0] })
    }
}
