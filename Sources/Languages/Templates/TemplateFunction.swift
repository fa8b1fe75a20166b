/// A function that templates can call.
struct TemplateFunction: Sendable {
    typealias Body = @Sendable (TemplateArguments, TemplateExecution) throws(TemplateError) -> TemplateValue

    let name: String
    let minimum: Int
    /// Nil: any number.
    let maximum: Int?
    let body: Body
}

/// What a function was called with; the accessors demand Go's parameter types.
struct TemplateArguments {
    let name: String
    var values: [TemplateValue]

    var count: Int { values.count }

    subscript(index: Int) -> TemplateValue { values[index] }

    func string(_ index: Int) throws(TemplateError) -> [UInt8] {
        if case .string(let bytes) = values[index] { return bytes }
        throw mismatch(index, "string")
    }

    func int(_ index: Int) throws(TemplateError) -> Int {
        if case .int(let value) = values[index] { return value }
        throw mismatch(index, "int")
    }

    func bool(_ index: Int) throws(TemplateError) -> Bool {
        if case .bool(let value) = values[index] { return value }
        throw mismatch(index, "bool")
    }

    /// The elements of a list of any type.
    func list(_ index: Int) throws(TemplateError) -> TemplateList {
        if case .list(let list) = values[index] { return list }
        throw mismatch(index, "list")
    }

    /// A `map[string]interface {}`; nil counts as an empty one.
    func map(_ index: Int) throws(TemplateError) -> TemplateMap {
        if case .map(let map) = values[index], map.element == .any { return map }
        if case .null = values[index] { return TemplateMap() }
        throw mismatch(index, "map[string]interface {}")
    }

    func mismatch(_ index: Int, _ wanted: String) -> TemplateError {
        if case .null = values[index] { return TemplateError("\(name): invalid value; expected \(wanted)") }
        return TemplateError("\(name): wrong type for value; expected \(wanted); got \(values[index].typeName)")
    }

    func failure(_ text: String) -> TemplateError { TemplateError("error calling \(name): \(text)") }
}
