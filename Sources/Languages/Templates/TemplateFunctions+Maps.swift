extension TemplateFunctions {
    mutating func addMaps() {
        add("dict", 0...) { a, execution throws(TemplateError) in
            var members: [[UInt8]: TemplateValue] = [:]
            for index in stride(from: 0, to: a.count, by: 2) {
                let key = try TemplateFormat.string(a[index], execution)
                members[key] = index + 1 < a.count ? a[index + 1] : .string([])
            }
            return .map(TemplateMap(members))
        }
        add("get", 2) { a, _ throws(TemplateError) in try a.map(0)[try a.string(1)] ?? .string([]) }
        add("set", 3) { a, execution throws(TemplateError) in
            let map = try a.map(0)
            if case .null = a[0] { throw a.failure("assignment to entry in nil map") }
            try Self.store(a[2], under: try a.string(1), in: map, execution)
            return .map(map)
        }
        add("unset", 2) { a, _ throws(TemplateError) in
            let map = try a.map(0)
            map.remove(try a.string(1))
            return .map(map)
        }
        add("hasKey", 2) { a, _ throws(TemplateError) in .bool(try a.map(0)[try a.string(1)] != nil) }
        add("pluck", 1...) { a, _ throws(TemplateError) in
            var found: [TemplateValue] = []
            for index in 1..<max(1, a.count) {
                if let value = try a.map(index)[try a.string(0)] { found.append(value) }
            }
            return .list(TemplateList(found))
        }
        add("keys", 0...) { a, _ throws(TemplateError) in
            var keys: [[UInt8]] = []
            for index in 0..<a.count { keys += try a.map(index).sortedKeys }
            return .list(TemplateList(strings: keys))
        }
        add("values", 1) { a, _ throws(TemplateError) in
            let map = try a.map(0)
            return .list(TemplateList(map.sortedKeys.map { map[$0] ?? .null }))
        }
        add("pick", 1...) { a, _ throws(TemplateError) in
            let map = try a.map(0)
            var members: [[UInt8]: TemplateValue] = [:]
            for index in 1..<a.count {
                let key = try a.string(index)
                if let value = map[key] { members[key] = value }
            }
            return .map(TemplateMap(members))
        }
        add("omit", 1...) { a, _ throws(TemplateError) in
            var members = try a.map(0).members
            for index in 1..<a.count { members[try a.string(index)] = nil }
            return .map(TemplateMap(members))
        }
        addMerging()
    }

    private mutating func addMerging() {
        for (name, overwrites) in [("merge", false), ("mergeOverwrite", true)] {
            add(name, 1...) { a, execution throws(TemplateError) in
                let target = try a.map(0)
                for index in 1..<a.count {
                    try Self.merge(try a.map(index), into: target, overwrites: overwrites, execution)
                }
                return .map(target)
            }
            alias(name, "must" + name.prefix(1).uppercased() + name.dropFirst())
        }
        add("dig", 3...) { a, _ throws(TemplateError) in
            var map = try a.map(a.count - 1)
            for index in 0..<a.count - 2 {
                guard let value = map[try a.string(index)] else { return a[a.count - 2] }
                if index == a.count - 3 { return value }
                guard case .map(let inner) = value else { throw a.failure("\(value.typeName) is not a map") }
                map = inner
            }
            return .null
        }
        add("deepCopy", 1) { a, execution throws(TemplateError) in try Self.copy(a[0], execution) }
        alias("deepCopy", "mustDeepCopy")
    }

    /// Puts a value into a map that others may hold, unless the map would then contain itself.
    private static func store(
        _ value: TemplateValue,
        under key: [UInt8],
        in map: TemplateMap,
        _ execution: TemplateExecution
    ) throws(TemplateError) {
        if value.depth > 0 {
            // Maps that hold this one do not learn that it grew deeper; hence few such steps for each execution.
            execution.nestedStoresLeft -= 1
            guard execution.nestedStoresLeft >= 0 else { throw TemplateError("too many maps stored in maps") }
            if try reaches(map, from: value, execution) { throw TemplateError("a map cannot contain itself") }
        }
        try execution.charge()
        map.set(key, to: value)
    }

    private static func reaches(
        _ map: TemplateMap,
        from value: TemplateValue,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> Bool {
        try execution.charge()
        switch value {
        case .map(let other):
            if other === map { return true }
            for value in other.members.values where try reaches(map, from: value, execution) { return true }
        case .list(let list):
            for value in list.elements where try reaches(map, from: value, execution) { return true }
        default: break
        }
        return false
    }

    /// dario.cat/mergo: maps are merged inside each other, empty values give way.
    private static func merge(
        _ source: TemplateMap,
        into target: TemplateMap,
        overwrites: Bool,
        _ execution: TemplateExecution
    ) throws(TemplateError) {
        for key in source.sortedKeys {
            guard let value = source[key] else { continue }
            try execution.charge()
            if case .map(let inner) = target[key], case .map(let other) = value {
                if inner !== other { try merge(other, into: inner, overwrites: overwrites, execution) }
            } else if overwrites ? !value.isEmpty || target[key] == nil : target[key]?.isEmpty ?? true {
                try store(value, under: key, in: target, execution)
            }
        }
    }

    private static func copy(
        _ value: TemplateValue,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> TemplateValue {
        try execution.charge()
        switch value {
        case .list(let list):
            var elements: [TemplateValue] = []
            for element in list.elements { elements.append(try copy(element, execution)) }
            return .list(TemplateList(elements, of: list.element))
        case .map(let map):
            var members: [[UInt8]: TemplateValue] = [:]
            for (key, member) in map.members { members[key] = try copy(member, execution) }
            return .map(TemplateMap(members, of: map.element))
        default: return value
        }
    }
}
