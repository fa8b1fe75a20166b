/// What an option holds: its default when it is not given, nil when it has none or was wrong.
extension Options {
    package func string(_ name: String) -> String? {
        if case .text(let value) = values[name] { value } else { nil }
    }

    package func bool(_ name: String) -> Bool? {
        if case .bool(let value) = values[name] { value } else { nil }
    }

    package func integer(_ name: String) -> Int? {
        if case .integer(let value) = values[name] { value } else { nil }
    }

    package func number(_ name: String) -> Double? {
        if case .number(let value) = values[name] { value } else { nil }
    }

    package func duration(_ name: String) -> Duration? {
        if case .duration(let value) = values[name] { value } else { nil }
    }

    /// Bytes.
    package func byteSize(_ name: String) -> Int? { integer(name) }

    package func strings(_ name: String) -> [String]? {
        if case .strings(let value) = values[name] { value } else { nil }
    }

    /// The items of a stage whose whole body is a list.
    package func list(_ name: String = "") -> [String]? { strings(name) }

    package func numbers(_ name: String) -> [Double]? {
        if case .numbers(let value) = values[name] { value } else { nil }
    }

    /// The pairs in file order.
    package func map(_ name: String = "") -> [MapItem]? {
        if case .map(let value) = values[name] { value } else { nil }
    }

    /// The value as written; nil when the option is absent, wrong, or empty and not of kind `node`.
    package func node(_ name: String) -> YAMLNode? { values[name] == nil ? nil : nodes[name] }

    /// Whether the option has a value of its own, be it wrong.
    package func isGiven(_ name: String) -> Bool { nodes[name] != nil }

    /// Where the value of `name` stands, or the stage when it is not given.
    package func position(of name: String) -> YAMLPosition { nodes[name]?.position ?? position }

    /// An error at the value of `name`, `offset` bytes into its text when that is known.
    package func mistake(
        _ name: String,
        _ message: String,
        offset: Int? = nil,
        help: String? = nil
    ) -> Diagnostic {
        let text = "\(title(name)) \(message)"
        guard let node = nodes[name] else {
            return Diagnostic(
                file: file,
                position: position,
                length: subjectLength,
                message: text,
                help: help
            )
        }
        return at(node, text, offset, help)
    }

    /// An error at the value of one pair of the option `name`.
    package func mistake(
        _ name: String,
        at item: MapItem,
        _ message: String,
        offset: Int? = nil,
        help: String? = nil
    ) -> Diagnostic {
        at(item.valueNode.isNull ? item.keyNode : item.valueNode, "\(title(name)) \(message)", offset, help)
    }

    /// An error at any value inside the option `name`.
    package func mistake(
        _ name: String,
        at node: YAMLNode,
        _ message: String,
        offset: Int? = nil,
        help: String? = nil
    ) -> Diagnostic {
        at(node, "\(title(name)) \(message)", offset, help)
    }

    /// A mistake of the stage or section as a whole.
    package func mistake(_ message: String, help: String? = nil) -> Diagnostic {
        Diagnostic(
            file: file,
            position: position,
            length: subjectLength,
            message: "\(subject): \(message)",
            help: help
        )
    }

    private func at(_ node: YAMLNode, _ text: String, _ offset: Int?, _ help: String?) -> Diagnostic {
        guard let offset, offset > 0 else { return Diagnostic(at: node, text, help: help) }
        return Diagnostic(file: file, position: node.position(atByte: offset), message: text, help: help)
    }
}

/// What a section's option with a default holds; zero or nothing stand for a value that was wrong and is reported.
extension Options {
    func text(_ name: String) -> String { string(name) ?? "" }
    func isTrue(_ name: String) -> Bool { bool(name) ?? false }
    func count(_ name: String) -> Int { integer(name) ?? 0 }
    func amount(_ name: String) -> Double { number(name) ?? 0 }
    func time(_ name: String) -> Duration { duration(name) ?? .zero }

    func secret(_ name: String) -> Secret? { string(name).map(Secret.init) }

    /// Label names with their values; null counts as empty text.
    func labels(_ name: String) -> [String: String] {
        Dictionary((map(name) ?? []).map { ($0.key, $0.value ?? "") }) { _, last in last }
    }
}
