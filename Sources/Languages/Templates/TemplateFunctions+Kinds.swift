extension TemplateFunctions {
    mutating func addKinds() {
        // A pipe without a value hands over one argument only.
        add("default", 1...2) { a, _ in a.count == 1 || a[1].isEmpty ? a[0] : a[1] }
        add("empty", 1) { a, _ in .bool(a[0].isEmpty) }
        add("coalesce", 0...) { a, _ in a.values.first { !$0.isEmpty } ?? .null }
        add("all", 0...) { a, _ in .bool(a.values.allSatisfy { !$0.isEmpty }) }
        add("any", 0...) { a, _ in .bool(a.values.contains { !$0.isEmpty }) }
        add("ternary", 3) { a, _ throws(TemplateError) in try a.bool(2) ? a[0] : a[1] }
        add("fail", 1) { a, _ throws(TemplateError) in
            _ = try a.string(0)
            throw a.failure("the template failed on purpose")
        }
        add("typeOf", 1) { a, _ in .text(a[0].typeName) }
        add("typeIs", 2) { a, _ throws(TemplateError) in .bool(try a.string(0).elementsEqual(a[1].typeName.utf8)) }
        add("typeIsLike", 2) { a, _ throws(TemplateError) in
            let wanted = String(decoding: try a.string(0), as: UTF8.self)
            return .bool(wanted == a[1].typeName || "*" + wanted == a[1].typeName)
        }
        add("kindOf", 1) { a, _ in .text(a[0].kindName) }
        add("kindIs", 2) { a, _ throws(TemplateError) in .bool(try a.string(0).elementsEqual(a[1].kindName.utf8)) }
        add("deepEqual", 2) { a, execution throws(TemplateError) in
            .bool(try TemplateEquality.areDeeplyEqual(a[0], a[1], execution))
        }
    }
}
