/// Decodes the value of one option by the rules of its stage or section, or says why it cannot.
struct OptionDecoder {
    /// Stage or section, first word of every message.
    let subject: String
    let rules: OptionRules

    func decode(
        _ node: YAMLNode,
        as spec: OptionSpec,
        into diagnostics: inout Diagnostics
    ) -> OptionValue? {
        do throws(Diagnostic) {
            return try value(node, spec, &diagnostics)
        } catch {
            diagnostics.add(error)
            return nil
        }
    }

    private func value(
        _ node: YAMLNode,
        _ spec: OptionSpec,
        _ diagnostics: inout Diagnostics
    ) throws(Diagnostic) -> OptionValue {
        switch spec.kind {
        case .string, .pattern, .template, .jmespath, .selector, .secret: return .text(try text(node, spec))
        case .bool: return .bool(try bool(node, spec))
        case .integer: return .integer(try integer(node, spec))
        case .number: return .number(try number(node, spec))
        case .duration: return .duration(try duration(node, spec, &diagnostics))
        case .prometheusDuration:
            guard let value = PrometheusDuration.parse(try text(node, spec)) else { throw wrong(node, spec) }
            return .duration(value)
        case .byteSize:
            let text = try byteSizeText(node, spec)
            guard let value = ByteSize.parse(text) else { throw wrong(node, spec) }
            return .integer(value)
        case .stringList, .stringOrList: return .strings(try strings(node, spec))
        case .numberList: return .numbers(try numbers(node, spec))
        case .stringMap: return .map(try map(node, spec))
        case .labels: return .map(try labels(node, spec))
        case .stages, .mappings:
            guard node.items != nil else { throw wrong(node, spec) }
            return .node
        case .mapping:
            guard node.pairs != nil else { throw wrong(node, spec) }
            return .node
        case .node: return .node
        }
    }

    /// `redact: 'mask'`, or `labels` when the option is the whole body.
    func title(_ name: String) -> String {
        if name.isEmpty { return "\(subject):" }
        return subject.isEmpty ? "'\(name)'" : "\(subject): '\(name)'"
    }

    private func wrong(_ node: YAMLNode, _ spec: OptionSpec, help: String? = nil) -> Diagnostic {
        let isRightShape = node.scalar != nil && node.scalar?.resolved == .string
        let found = isRightShape ? "" : ", not \(node.kindName)"
        return Diagnostic(at: node, "\(title(spec.name)) takes \(spec.kind.name)\(found)", help: help)
    }

    private func text(_ node: YAMLNode, _ spec: OptionSpec) throws(Diagnostic) -> String {
        guard let scalar = node.scalar else { throw wrong(node, spec) }
        if rules == .section { return scalar.text }
        switch scalar.resolved {
        case .string: return scalar.text
        case .null: return ""
        case .bool(let value) where rules == .weak: return value ? "1" : "0"
        case .integer(let value) where rules == .weak: return String(value)
        // Promtail prints floats without an exponent; as written is the same but for exotic spellings.
        case .number where rules == .weak: return scalar.text
        case .bool: throw wrong(node, spec, help: "YAML reads this word as true or false; put it in quotes")
        case .integer, .number: throw wrong(node, spec, help: "put the number in quotes")
        }
    }

    private func bool(_ node: YAMLNode, _ spec: OptionSpec) throws(Diagnostic) -> Bool {
        guard let scalar = node.scalar else { throw wrong(node, spec) }
        switch scalar.resolved {
        case .bool(let value): return value
        case .integer(let value) where rules == .weak: return value != 0
        case .string where rules == .weak:
            if scalar.text.isEmpty { return false }
            if let value = GoBool.parse(scalar.text) { return value }
            throw wrong(node, spec)
        default: throw wrong(node, spec, help: scalar.isQuoted ? "leave out the quotes" : nil)
        }
    }

    private func integer(_ node: YAMLNode, _ spec: OptionSpec) throws(Diagnostic) -> Int {
        guard let scalar = node.scalar else { throw wrong(node, spec) }
        switch (scalar.resolved, rules) {
        case (.integer(let value), _): return Int(value)
        case (.number(let value), _):
            guard let whole = Int(exactly: value.rounded(.towardZero)) else { throw wrong(node, spec) }
            return whole
        case (.bool(let value), .weak): return value ? 1 : 0
        case (.string, .weak):
            if scalar.text.isEmpty { return 0 }
            guard case .integer(let value) = YAMLScalar.resolve(scalar.text) else { throw wrong(node, spec) }
            return Int(value)
        default: throw wrong(node, spec, help: quotesHelp(scalar))
        }
    }

    private func number(_ node: YAMLNode, _ spec: OptionSpec) throws(Diagnostic) -> Double {
        guard let scalar = node.scalar else { throw wrong(node, spec) }
        switch (scalar.resolved, rules) {
        case (.integer(let value), _): return Double(value)
        case (.number(let value), _): return value
        case (.bool(let value), .weak): return value ? 1 : 0
        case (.string, .weak):
            if scalar.text.isEmpty { return 0 }
            guard let value = Self.decimal(scalar.text) else { throw wrong(node, spec) }
            return value
        default: throw wrong(node, spec, help: quotesHelp(scalar))
        }
    }

    private static func decimal(_ text: String) -> Double? {
        switch YAMLScalar.resolve(text) {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    private func quotesHelp(_ scalar: YAMLScalar) -> String? {
        scalar.isQuoted && Self.decimal(scalar.text) != nil ? "leave out the quotes" : nil
    }

    private func duration(
        _ node: YAMLNode,
        _ spec: OptionSpec,
        _ diagnostics: inout Diagnostics
    ) throws(Diagnostic) -> Duration {
        guard let scalar = node.scalar else { throw wrong(node, spec) }
        let nanoseconds: Int64?
        switch scalar.resolved {
        case .integer(let value): nanoseconds = value
        case .number(let value): nanoseconds = Int64(exactly: value.rounded(.towardZero))
        case .string:
            if let value = GoDuration.parse(scalar.text) { return value }
            throw wrong(node, spec, help: Self.durationHelp(scalar.text))
        default: throw wrong(node, spec)
        }
        guard let nanoseconds else { throw wrong(node, spec) }
        if nanoseconds == 0 { return .zero }
        guard rules == .section else { throw wrong(node, spec, help: "add a unit: \(scalar.text)s") }
        diagnostics.add(
            Diagnostic(
                .warning,
                at: node,
                "\(title(spec.name)) has no unit and counts nanoseconds",
                help: "write \(scalar.text)s for seconds, or \(scalar.text)ms for milliseconds"
            )
        )
        return .nanoseconds(nanoseconds)
    }

    private static func durationHelp(_ text: String) -> String? {
        if decimal(text) != nil { return "add a unit: \(text)s" }
        if text.hasSuffix("d"), let days = Int(text.dropLast()), (1...10_000).contains(days) {
            return "days are no unit here: write \(days * 24)h"
        }
        return nil
    }

    private func byteSizeText(_ node: YAMLNode, _ spec: OptionSpec) throws(Diagnostic) -> String {
        if let scalar = node.scalar, case .integer = scalar.resolved { return scalar.text }
        return try text(node, spec)
    }

    private func strings(_ node: YAMLNode, _ spec: OptionSpec) throws(Diagnostic) -> [String] {
        guard let items = node.items else {
            guard node.scalar != nil, spec.kind == .stringOrList || rules == .weak else { throw wrong(node, spec) }
            return [try text(node, spec)]
        }
        var values: [String] = []
        for item in items { values.append(item.isNull ? "" : try text(item, spec)) }
        return values
    }

    private func numbers(_ node: YAMLNode, _ spec: OptionSpec) throws(Diagnostic) -> [Double] {
        guard let items = node.items else { throw wrong(node, spec) }
        var values: [Double] = []
        for item in items { values.append(try number(item, spec)) }
        return values
    }

    private func map(_ node: YAMLNode, _ spec: OptionSpec) throws(Diagnostic) -> [MapItem] {
        guard let pairs = node.pairs else { throw wrong(node, spec) }
        var items: [MapItem] = []
        for pair in pairs {
            let key = try keyText(pair.key, spec)
            let value = pair.value.isNull ? nil : try text(pair.value, spec)
            items.append(MapItem(key: key, value: value, keyNode: pair.key, valueNode: pair.value))
        }
        return items
    }

    private func keyText(_ key: YAMLNode, _ spec: OptionSpec) throws(Diagnostic) -> String {
        guard let scalar = key.scalar else { throw wrong(key, spec) }
        if rules != .strong { return scalar.text }
        if scalar.resolved == .string { return scalar.text }
        throw Diagnostic(
            at: key,
            "\(title(spec.name)) has \(scalar.resolved.kindName) as a name",
            help: "YAML reads \(scalar.text) as \(scalar.resolved.kindName); put it in quotes"
        )
    }

    private func labels(_ node: YAMLNode, _ spec: OptionSpec) throws(Diagnostic) -> [MapItem] {
        let items = try map(node, spec)
        for item in items where item.key.isEmpty {
            throw Diagnostic(at: item.keyNode, "\(title(spec.name)) has an empty label name")
        }
        return items
    }
}
