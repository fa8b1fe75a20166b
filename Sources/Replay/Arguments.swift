import Configuration

/// The arguments of a command, taken apart by what the command declares.
struct Arguments {
    /// One option: `--name`, `-name`, `--name=value`, `--name value`.
    struct Option {
        let name: String
        let takesValue: Bool
        /// Values it takes; empty: any text.
        var words: [String] = []

        static func flag(_ name: String) -> Option { Option(name: name, takesValue: false) }
        static func value(_ name: String, _ words: [String] = []) -> Option {
            Option(name: name, takesValue: true, words: words)
        }
    }

    /// Why a command line cannot be understood: one sentence.
    struct Mistake: Error, Equatable {
        let message: String
    }

    private(set) var positional: [String] = []
    private(set) var isHelpRequested = false
    private var values: [String: String] = [:]

    init(_ arguments: [String], options: [Option]) throws(Mistake) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                positional += rest
                return
            }
            guard argument.hasPrefix("-"), argument != "-" else {
                positional.append(argument)
                continue
            }
            try take(argument.drop { $0 == "-" }, &rest, options)
        }
    }

    private mutating func take(
        _ body: Substring,
        _ rest: inout ArraySlice<String>,
        _ options: [Option]
    ) throws(Mistake) {
        let parts = body.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts.first ?? ""
        if name == "help" || name == "h" {
            isHelpRequested = true
            return
        }
        guard let option = options.first(where: { $0.name == name }) else {
            let question = Suggestion.question("--\(name)", among: options.map { "--\($0.name)" })
            throw Mistake(message: "unknown option '--\(name)'\(question)")
        }
        guard let value = parts.count == 2 ? parts[1] : option.takesValue ? rest.popFirst() : "true" else {
            throw Mistake(message: "option '--\(name)' needs a value")
        }
        let words = option.takesValue ? option.words : ["true", "false"]
        guard words.isEmpty || words.contains(value) else {
            throw Mistake(message: "option '--\(name)' takes \(words.joined(separator: " or "))")
        }
        guard values.updateValue(value, forKey: name) == nil else {
            throw Mistake(message: "option '--\(name)' is given twice")
        }
    }

    func value(_ name: String) -> String? { values[name] }
    func isOn(_ name: String) -> Bool { values[name] == "true" }
}
