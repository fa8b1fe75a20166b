/// The map behind the dot of a template: every value is text.
package protocol TemplateData {
    /// The value of `name`; nil when the key is missing.
    func value(_ name: String) -> [UInt8]?

    /// The same for the name at `index` of ``GoTemplate/fieldNames``, for a caller that has bound the names to slots.
    func value(ofField index: Int, named name: String) -> [UInt8]?

    /// All keys with their values, sorted bytewise by name.
    func all() -> [(String, [UInt8])]
}

extension TemplateData {
    package func value(ofField index: Int, named name: String) -> [UInt8]? { value(name) }
}
