extension TemplateFunctions {
    mutating func addStrings() {
        add("hello", 0) { _, _ in .text("Hello!") }
        add("upper", 1) { a, _ throws(TemplateError) in .string(TemplateText.upper(try a.string(0))) }
        add("lower", 1) { a, _ throws(TemplateError) in .string(TemplateText.lower(try a.string(0))) }
        add("trim", 1) { a, _ throws(TemplateError) in
            .string(TemplateText.trim(try a.string(0), where: TemplateText.isSpace))
        }
        add("trimAll", 2) { a, _ throws(TemplateError) in .string(Self.trim(try a.string(1), of: try a.string(0))) }
        alias("trimAll", "trimall")
        add("trimSuffix", 2) { a, _ throws(TemplateError) in
            .string(Self.cutting(suffix: try a.string(0), off: try a.string(1)))
        }
        add("trimPrefix", 2) { a, _ throws(TemplateError) in
            .string(Self.cutting(prefix: try a.string(0), off: try a.string(1)))
        }
        add("contains", 2) { a, _ throws(TemplateError) in
            .bool(TemplateText.find(try a.string(0), in: try a.string(1)) != nil)
        }
        add("hasPrefix", 2) { a, _ throws(TemplateError) in .bool(try a.string(1).starts(with: try a.string(0))) }
        add("hasSuffix", 2) { a, _ throws(TemplateError) in
            .bool(try a.string(1).reversed().starts(with: try a.string(0).reversed()))
        }
        add("replace", 3) { a, execution throws(TemplateError) in
            try Self.replace(try a.string(2), try a.string(0), try a.string(1), limit: -1, execution)
        }
        add("repeat", 2) { a, execution throws(TemplateError) in
            let text = try a.string(1)
            let count = try a.int(0)
            guard count >= 0 else { throw a.failure("strings: negative Repeat count") }
            let (bytes, overflow) = text.count.multipliedReportingOverflow(by: count)
            try execution.check(bytes: overflow ? .max : bytes)
            return .string(text.isEmpty ? [] : Array(repeatElement(text, count: count).joined()))
        }
        add("trunc", 2) { a, _ throws(TemplateError) in
            let count = try a.int(0)
            let text = try a.string(1)
            guard count.magnitude < text.count else { return .string(text) }
            return .string(Array(count < 0 ? text.suffix(-count) : text.prefix(count)))
        }
        add("substr", 3) { a, _ throws(TemplateError) in
            let (start, end, text) = (try a.int(0), try a.int(1), try a.string(2))
            if start < 0 {
                guard (0...text.count).contains(end) else { throw a.failure("slice bounds out of range") }
                return .string(Array(text[..<end]))
            }
            let last = end < 0 || end > text.count ? text.count : end
            guard start <= last else { throw a.failure("slice bounds out of range") }
            return .string(Array(text[start..<last]))
        }
        add("cat", 0...) { a, execution throws(TemplateError) in
            let kept = a.values.filter { if case .null = $0 { false } else { true } }
            var parts: [[UInt8]] = []
            for value in kept { parts.append(try TemplateFormat.text(value, execution)) }
            return .string(TemplateText.join(parts, with: [0x20]))
        }
        addQuoting()
        addSplitting()
    }

    private mutating func addQuoting() {
        add("quote", 0...) { a, execution throws(TemplateError) in
            var parts: [[UInt8]] = []
            for value in a.values {
                if case .null = value { continue }
                parts.append(
                    try TemplateFormat.printf(
                        Array("%q".utf8),
                        [
                            .string(try TemplateFormat.string(value, execution))
                        ],
                        execution
                    )
                )
            }
            return .string(TemplateText.join(parts, with: [0x20]))
        }
        add("squote", 0...) { a, execution throws(TemplateError) in
            var parts: [[UInt8]] = []
            for value in a.values {
                if case .null = value { continue }
                parts.append([0x27] + (try TemplateFormat.text(value, execution)) + [0x27])
            }
            return .string(TemplateText.join(parts, with: [0x20]))
        }
        add("indent", 2) { a, execution throws(TemplateError) in
            try Self.indent(try a.string(1), by: try a.int(0), a, execution)
        }
        add("nindent", 2) { a, execution throws(TemplateError) in
            guard case .string(let text) = try Self.indent(try a.string(1), by: try a.int(0), a, execution) else {
                return .null
            }
            return .string([0x0A] + text)
        }
        add("toString", 1) { a, execution throws(TemplateError) in .string(try TemplateFormat.string(a[0], execution)) }
        add("plural", 3) { a, _ throws(TemplateError) in
            let count = try a.int(2)
            return .string(count == 1 ? try a.string(0) : try a.string(1))
        }
    }

    private static func indent(
        _ text: [UInt8],
        by spaces: Int,
        _ a: TemplateArguments,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> TemplateValue {
        guard spaces >= 0 else { throw a.failure("strings: negative Repeat count") }
        try execution.check(bytes: spaces)
        let pad = [UInt8](repeating: 0x20, count: spaces)
        guard case .string(let lines) = try replace(text, [0x0A], [0x0A] + pad, limit: -1, execution) else {
            return .null
        }
        return .string(pad + lines)
    }

    private mutating func addSplitting() {
        add("splitList", 2) { a, _ throws(TemplateError) in
            .list(TemplateList(strings: TemplateText.split(try a.string(1), by: try a.string(0))))
        }
        add("split", 2) { a, _ throws(TemplateError) in
            .map(Self.numbered(TemplateText.split(try a.string(1), by: try a.string(0))))
        }
        add("splitn", 3) { a, _ throws(TemplateError) in
            .map(Self.numbered(TemplateText.split(try a.string(2), by: try a.string(0), limit: try a.int(1))))
        }
        add("join", 2) { a, execution throws(TemplateError) in
            let separator = try a.string(0)
            let parts = try Self.strings(a[1], execution)
            try execution.check(bytes: parts.reduce(0) { $0 + $1.count + separator.count })
            return .string(TemplateText.join(parts, with: separator))
        }
        add("toStrings", 1) { a, execution throws(TemplateError) in
            .list(TemplateList(strings: try Self.strings(a[0], execution)))
        }
        add("sortAlpha", 1) { a, execution throws(TemplateError) in
            if case .null = a[0] { return .list(TemplateList(strings: [Array("<nil>".utf8)])) }
            return .list(
                TemplateList(strings: try Self.strings(a[0], execution).sorted { $0.lexicographicallyPrecedes($1) })
            )
        }
    }

    /// Parts under the keys `_0`, `_1` and so on.
    private static func numbered(_ parts: [[UInt8]]) -> TemplateMap {
        var members: [[UInt8]: TemplateValue] = [:]
        for (index, part) in parts.enumerated() { members[Array("_\(index)".utf8)] = .string(part) }
        return TemplateMap(members, of: .string)
    }

    /// sprig's `strslice`: the elements as texts without nil; a single value stands for a list of it.
    static func strings(
        _ value: TemplateValue,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> [[UInt8]] {
        switch value {
        case .null: return []
        case .list(let list):
            var texts: [[UInt8]] = []
            texts.reserveCapacity(list.elements.count)
            for element in list.elements {
                if case .null = element { continue }
                texts.append(try TemplateFormat.string(element, execution))
            }
            return texts
        default: return [try TemplateFormat.string(value, execution)]
        }
    }
}
