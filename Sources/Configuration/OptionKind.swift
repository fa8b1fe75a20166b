/// What an option takes.
package enum OptionKind: Sendable, Equatable {
    case string, bool, integer, number, duration, byteSize, pattern, template, jmespath, stringList, stringOrList,
        stringMap, numberList, selector, stages, node
    /// As `duration`, in Prometheus syntax.
    case prometheusDuration
    /// As `string`, never shown.
    case secret
    /// As `stringMap`, with names that label a stream.
    case labels
    case mapping, mappings

    /// The kind in words, for help texts and messages: "a duration such as 10s".
    package var name: String {
        switch self {
        case .string, .secret: "text"
        case .bool: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .duration: "a duration such as 10s, 250ms or 1h30m"
        case .prometheusDuration: "a duration such as 30s, 5m or 1d12h"
        case .byteSize: "a size such as 512KB or 1MB"
        case .pattern: "a regular expression"
        case .template: "a template"
        case .jmespath: "a JMESPath expression"
        case .stringList: "a list of texts"
        case .stringOrList: "text or a list of texts"
        case .stringMap: "a mapping of names to texts"
        case .labels: "a mapping of label names to values"
        case .numberList: "a list of numbers"
        case .selector: "a LogQL selector"
        case .stages: "a list of stages"
        case .node: "a value"
        case .mapping: "a mapping"
        case .mappings: "a list of mappings"
        }
    }
}
