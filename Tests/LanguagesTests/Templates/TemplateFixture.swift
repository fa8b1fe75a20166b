import Languages

/// A map of texts for templates under test.
struct TemplateFixture: TemplateData {
    let values: [String: String]

    func value(_ name: String) -> [UInt8]? { values[name].map { Array($0.utf8) } }

    func all() -> [(String, [UInt8])] {
        values.sorted { $0.key < $1.key }.map { ($0.key, Array($0.value.utf8)) }
    }

    static func result(
        _ template: String,
        _ values: [String: String] = [:],
        rootMap: GoTemplate.RootMap = .any
    ) throws -> String {
        let parsed = try GoTemplate(template, rootMap: rootMap)
        return String(decoding: try parsed.execute(TemplateFixture(values: values)), as: UTF8.self)
    }
}
