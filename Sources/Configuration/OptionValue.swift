/// A decoded option.
enum OptionValue: Sendable {
    case text(String)
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case duration(Duration)
    case strings([String])
    case numbers([Double])
    case map([MapItem])
    case node
}

/// One pair of an option that maps names to texts.
package struct MapItem: Sendable {
    package let key: String
    package let value: String?
    package let keyNode: YAMLNode
    package let valueNode: YAMLNode

    package var keyPosition: YAMLPosition { keyNode.position }
    package var valuePosition: YAMLPosition { valueNode.position }
}
