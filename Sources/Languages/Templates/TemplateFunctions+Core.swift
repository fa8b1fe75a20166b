import Entries

extension TemplateFunctions {
    /// `and` stops at the first false value, `or` at the first true one.
    static let shortCircuits: [String: Bool] = ["and": false, "or": true]

    mutating func addComparisons() {
        add("eq", 1...) { a, _ throws(TemplateError) in
            guard a.count > 1 else { throw TemplateError("missing argument for comparison") }
            for other in a.values.dropFirst() where try TemplateComparison.isEqual(a[0], other) { return .bool(true) }
            return .bool(false)
        }
        add("ne", 2) { a, _ throws(TemplateError) in .bool(!(try TemplateComparison.isEqual(a[0], a[1]))) }
        add("lt", 2) { a, _ throws(TemplateError) in .bool(try TemplateComparison.isLess(a[0], a[1])) }
        add("ge", 2) { a, _ throws(TemplateError) in .bool(!(try TemplateComparison.isLess(a[0], a[1]))) }
        add("le", 2) { a, _ throws(TemplateError) in
            .bool(try TemplateComparison.isAtMost(a[0], a[1]))
        }
        add("gt", 2) { a, _ throws(TemplateError) in
            .bool(!(try TemplateComparison.isAtMost(a[0], a[1])))
        }
        add("not", 1) { a, _ in .bool(!a[0].isTrue) }
    }

    mutating func addCore() {
        // The short circuit is the caller's work; here both only have their names.
        add("and", 1...) { a, _ in a.values.first { !$0.isTrue } ?? a[a.count - 1] }
        add("or", 1...) { a, _ in a.values.first { $0.isTrue } ?? a[a.count - 1] }
        add("index", 1...) { a, _ throws(TemplateError) in
            if case .null = a[0] { throw a.failure("index of untyped nil") }
            var value = a[0]
            for key in a.values.dropFirst() { value = try Self.element(of: value, at: key, a) }
            return value
        }
        add("len", 1) { a, _ throws(TemplateError) in
            switch a[0] {
            case .string(let bytes): return .int(bytes.count)
            case .list(let list): return .int(list.elements.count)
            case .map(let map): return .int(map.count)
            case .null: throw a.failure("len of nil pointer")
            default: throw a.failure("len of type \(a[0].typeName)")
            }
        }
        add("print", 0...) { a, execution throws(TemplateError) in
            .string(try TemplateFormat.print(a.values, execution))
        }
        add("println", 0...) { a, execution throws(TemplateError) in
            .string(try TemplateFormat.printLine(a.values, execution))
        }
        add("printf", 1...) { a, execution throws(TemplateError) in
            .string(try TemplateFormat.printf(try a.string(0), Array(a.values.dropFirst()), execution))
        }
        add("html", 0...) { a, execution throws(TemplateError) in
            .string(TemplateEscaping.html(try Self.argumentText(a, execution)))
        }
        add("js", 0...) { a, execution throws(TemplateError) in
            .string(TemplateEscaping.javaScript(try Self.argumentText(a, execution)))
        }
        add("urlquery", 0...) { a, execution throws(TemplateError) in
            .string(TemplateEscaping.query(try Self.argumentText(a, execution)))
        }
        add("call", 1...) { a, _ throws(TemplateError) in
            throw TemplateError("error calling call: non-function of type \(a[0].typeName)")
        }
    }

    /// A single text as it is, anything else as `print` has it.
    private static func argumentText(
        _ a: TemplateArguments,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> [UInt8] {
        if a.count == 1, case .string(let bytes) = a[0] { return bytes }
        let shown = a.values.map { if case .null = $0 { TemplateValue.text("<no value>") } else { $0 } }
        return try TemplateFormat.print(shown, execution)
    }

    private static func element(
        of value: TemplateValue,
        at key: TemplateValue,
        _ a: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        switch value {
        case .map(let map):
            guard case .string(let name) = key else {
                throw a.failure("value has type \(key.typeName); should be string")
            }
            return map[name] ?? (map.element == .any ? .null : .string([]))
        case .list, .string:
            let place: Int
            switch key {
            case .int(let index): place = index
            case .int64(let index): place = Int(index)
            case .null: throw a.failure("cannot index slice/array with nil")
            default: throw a.failure("cannot index slice/array with type \(key.typeName)")
            }
            if case .list(let list) = value, list.elements.indices.contains(place) { return list.elements[place] }
            if case .string(let bytes) = value, bytes.indices.contains(place) { return .int(Int(bytes[place])) }
            throw a.failure("index out of range: \(place)")
        case .null: throw a.failure("index of untyped nil")
        default: throw a.failure("can't index item of type \(value.typeName)")
        }
    }

    mutating func addPromtail() {
        add("ToLower", 1) { a, _ throws(TemplateError) in .string(TemplateText.lower(try a.string(0))) }
        add("ToUpper", 1) { a, _ throws(TemplateError) in .string(TemplateText.upper(try a.string(0))) }
        add("Replace", 4) { a, execution throws(TemplateError) in
            try Self.replace(try a.string(0), try a.string(1), try a.string(2), limit: try a.int(3), execution)
        }
        add("Trim", 2) { a, _ throws(TemplateError) in .string(Self.trim(try a.string(0), of: try a.string(1))) }
        add("TrimLeft", 2) { a, _ throws(TemplateError) in
            .string(Self.trim(try a.string(0), of: try a.string(1), right: false))
        }
        add("TrimRight", 2) { a, _ throws(TemplateError) in
            .string(Self.trim(try a.string(0), of: try a.string(1), left: false))
        }
        add("TrimPrefix", 2) { a, _ throws(TemplateError) in
            .string(Self.cutting(prefix: try a.string(1), off: try a.string(0)))
        }
        add("TrimSuffix", 2) { a, _ throws(TemplateError) in
            .string(Self.cutting(suffix: try a.string(1), off: try a.string(0)))
        }
        add("TrimSpace", 1) { a, _ throws(TemplateError) in
            .string(TemplateText.trim(try a.string(0), where: TemplateText.isSpace))
        }
        add("Hash", 2) { a, _ throws(TemplateError) in
            guard let sum = Bytes.with(try a.string(0) + a.string(1), { Hashing.sha3($0) }) else {
                throw a.failure("SHA-3 is not available")
            }
            return .string(Hashing.hex(sum))
        }
        add("Sha2Hash", 2) { a, _ throws(TemplateError) in
            .string(Hashing.hex(Bytes.with(try a.string(0) + a.string(1)) { Hashing.sha256($0) }))
        }
    }

    static func trim(_ bytes: [UInt8], of set: [UInt8], left: Bool = true, right: Bool = true) -> [UInt8] {
        let runes = TemplateText.runes(set)
        return TemplateText.trim(bytes, left: left, right: right) { runes.contains($0) }
    }

    static func cutting(prefix: [UInt8], off bytes: [UInt8]) -> [UInt8] {
        bytes.starts(with: prefix) ? Array(bytes.dropFirst(prefix.count)) : bytes
    }

    static func cutting(suffix: [UInt8], off bytes: [UInt8]) -> [UInt8] {
        bytes.count >= suffix.count && bytes[(bytes.count - suffix.count)...].elementsEqual(suffix)
            ? Array(bytes.dropLast(suffix.count)) : bytes
    }

    /// Refuses a replacement whose result could be too large before it is made.
    static func replace(
        _ bytes: [UInt8],
        _ old: [UInt8],
        _ new: [UInt8],
        limit: Int,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> TemplateValue {
        if new.count > old.count {
            try execution.check(worstCase: (bytes.count / max(1, old.count) + 1) * new.count)
        }
        return .string(TemplateText.replace(bytes, old, new, limit: limit))
    }
}
