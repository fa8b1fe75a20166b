extension TemplateFunctions {
    mutating func addLists() {
        add("list", 0...) { a, _ in .list(TemplateList(a.values)) }
        alias("list", "tuple")
        add("first", 1) { a, _ throws(TemplateError) in try a.list(0).elements.first ?? .null }
        add("last", 1) { a, _ throws(TemplateError) in try a.list(0).elements.last ?? .null }
        add("rest", 1) { a, _ throws(TemplateError) in Self.anyList(try a.list(0).elements.dropFirst()) }
        add("initial", 1) { a, _ throws(TemplateError) in Self.anyList(try a.list(0).elements.dropLast()) }
        add("append", 2) { a, _ throws(TemplateError) in Self.anyList(try a.list(0).elements + [a[1]]) }
        alias("append", "push")
        add("prepend", 2) { a, _ throws(TemplateError) in Self.anyList([a[1]] + (try a.list(0).elements)) }
        add("concat", 0...) { a, _ throws(TemplateError) in
            var all: [TemplateValue] = []
            for index in 0..<a.count { all += try a.list(index).elements }
            return Self.anyList(all)
        }
        add("reverse", 1) { a, _ throws(TemplateError) in Self.anyList(try a.list(0).elements.reversed()) }
        add("compact", 1) { a, _ throws(TemplateError) in Self.anyList(try a.list(0).elements.filter(\.isTrue)) }
        add("uniq", 1) { a, execution throws(TemplateError) in
            var kept: [TemplateValue] = []
            for element in try a.list(0).elements where !(try Self.contains(kept, element, execution)) {
                kept.append(element)
            }
            return Self.anyList(kept)
        }
        add("without", 1...) { a, execution throws(TemplateError) in
            let unwanted = Array(a.values.dropFirst())
            var kept: [TemplateValue] = []
            for element in try a.list(0).elements where !(try Self.contains(unwanted, element, execution)) {
                kept.append(element)
            }
            return Self.anyList(kept)
        }
        add("has", 2) { a, execution throws(TemplateError) in
            if case .null = a[1] { return .bool(false) }
            return .bool(try Self.contains(try a.list(1).elements, a[0], execution))
        }
        for name in [
            "first", "last", "rest", "initial", "append", "push", "prepend", "reverse", "compact", "uniq", "without",
            "has",
        ] {
            alias(name, "must" + name.prefix(1).uppercased() + name.dropFirst())
        }
    }

    mutating func addSlices() {
        add("slice", 1...) { a, _ throws(TemplateError) in
            let list = try a.list(0)
            guard !list.elements.isEmpty else { return .null }
            let start = a.count > 1 ? Int(TemplateNumber.int64(a[1])) : 0
            let end = a.count > 2 ? Int(TemplateNumber.int64(a[2])) : list.elements.count
            guard start >= 0, start <= end, end <= list.elements.count else {
                throw a.failure("slice index out of bounds")
            }
            return .list(TemplateList(Array(list.elements[start..<end]), of: list.element))
        }
        alias("slice", "mustSlice")
        add("chunk", 2) { a, _ throws(TemplateError) in
            let size = try a.int(0)
            let elements = try a.list(1).elements
            guard size > 0 else { throw a.failure("chunk size must be at least 1") }
            let chunks = stride(from: 0, to: elements.count, by: min(size, max(1, elements.count))).map { start in
                Self.anyList(elements[start..<min(elements.count, start + min(size, elements.count))])
            }
            return .list(TemplateList(chunks, of: .list))
        }
        alias("chunk", "mustChunk")
    }

    static func anyList(_ elements: some Sequence<TemplateValue>) -> TemplateValue {
        .list(TemplateList(Array(elements)))
    }

    private static func contains(
        _ elements: [TemplateValue],
        _ wanted: TemplateValue,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> Bool {
        for element in elements where try TemplateEquality.areDeeplyEqual(element, wanted, execution) { return true }
        return false
    }
}
