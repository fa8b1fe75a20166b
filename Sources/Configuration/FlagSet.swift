/// The flags that were given, in Go's syntax: `-name`, `--name`, `-name=value`, `-name value`.
package struct FlagSet: Sendable {
    private var values: [String: FlagValue] = [:]

    package init() {}

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// Takes flags from the front of `arguments` until one does not start with `-`, or `--`; returns the rest.
    ///
    /// A flag given twice: the last one counts. Booleans take a value only after `=`.
    package mutating func parse(_ arguments: [String]) throws(UsageError) -> ArraySlice<String> {
        var rest = arguments[...]
        while let argument = rest.first, argument.hasPrefix("-"), argument.utf8.count > 1 {
            rest = rest.dropFirst()
            if argument == "--" { break }
            let body = argument.dropFirst(argument.hasPrefix("--") ? 2 : 1)
            guard let first = body.first, first != "-", first != "=" else {
                throw UsageError("bad flag syntax: an argument begins with '\(argument.prefix(3))'")
            }
            let equal = body.firstIndex(of: "=")
            let name = String(body[..<(equal ?? body.endIndex)])
            var value = equal.map { String(body[body.index(after: $0)...]) }
            let declaration = try Self.declaration(name)
            if value == nil, declaration.kind == .bool { value = "true" }
            if value == nil {
                guard let next = rest.first else { throw UsageError("flag needs an argument: -\(name)") }
                value = next
                rest = rest.dropFirst()
            }
            values[name] = try Self.value(value ?? "", declaration)
        }
        return rest
    }

    private static func declaration(_ name: String) throws(UsageError) -> FlagDeclaration {
        if let declaration = byName[name] { return declaration }
        if name == "help" || name == "h" { throw UsageError("help requested", isHelpRequested: true) }
        let question = Suggestion.nearest(name, among: all.map(\.name)).map { "; did you mean -\($0)?" } ?? ""
        throw UsageError("flag provided but not defined: -\(name)\(question)")
    }

    private static func value(_ text: String, _ flag: FlagDeclaration) throws(UsageError) -> FlagValue {
        let isWord = flag.words.isEmpty || flag.words.contains(text)
        if isWord, let value = FlagValue(text, as: flag.kind) { return value }
        throw UsageError("invalid value for flag -\(flag.name): it takes \(flag.takes)")
    }

    /// Whether the flag stands on the command line.
    package func isGiven(_ name: String) -> Bool { values[name] != nil }

    /// The value of a Boolean flag; false when it is not given.
    package func isOn(_ name: String) -> Bool { values[name]?.bool ?? false }

    /// The value of a text flag; empty when it is not given.
    package func text(_ name: String) -> String { values[name]?.text ?? "" }

    /// Flags that stand on the command line and change nothing, each with what to do instead, which may be empty.
    package var withoutEffect: [(name: String, instead: String)] {
        Self.all.compactMap { flag in
            guard let value = values[flag.name], let alternative = flag.alternative, flag.isNoticed(value) else {
                return nil
            }
            return (name: flag.name, instead: alternative)
        }
    }

    var url: PushURL? { values["client.url"]?.url }
    var externalLabels: [String: String]? { values["client.external-labels"]?.labels }
    var isDryRun: Bool { isOn("dry-run") }

    func apply(to configuration: inout AgentConfiguration) {
        for flag in Self.all {
            guard let value = values[flag.name], case .configuration(let apply) = flag.effect else { continue }
            apply(&configuration, value)
        }
    }

    func apply(to client: inout ClientOptions) {
        for flag in Self.all {
            guard let value = values[flag.name], case .client(let apply) = flag.effect else { continue }
            apply(&client, value)
        }
    }
}

extension FlagDeclaration {
    /// What the flag takes, for messages and help.
    var takes: String {
        if !words.isEmpty { return Options.alternatives(words) }
        return switch kind {
        case .bool: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .duration: "a duration such as 10s, 250ms or 1h30m"
        case .byteSize: "a size such as 512KB or 1MB"
        case .string: "text"
        case .url: "an http or https URL"
        case .labels: "labels such as name=value,name=value"
        }
    }
}
