/// The value of a flag, of the type its declaration asks for.
enum FlagValue: Hashable, Sendable {
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case duration(Duration)
    case text(String)
    case url(PushURL)
    case labels([String: String])

    /// Nil when `text` is no `kind`.
    init?(_ text: String, as kind: FlagDeclaration.Kind) {
        let value: FlagValue?
        switch kind {
        case .bool: value = GoBool.parse(text).map(FlagValue.bool)
        case .integer: value = Self.integer(text)
        case .number: value = Double(text).map(FlagValue.number)
        case .duration: value = GoDuration.parse(text).map(FlagValue.duration)
        case .byteSize: value = ByteSize.parse(text).map(FlagValue.integer)
        case .string: value = .text(text)
        case .url: value = PushURL(text).map(FlagValue.url)
        case .labels: value = ExternalLabels.parse(text).map(FlagValue.labels)
        }
        guard let value else { return nil }
        self = value
    }

    private static func integer(_ text: String) -> FlagValue? {
        guard case .integer(let value) = YAMLScalar.resolve(text) else { return nil }
        return .integer(Int(value))
    }

    var bool: Bool { if case .bool(let value) = self { value } else { false } }
    var integer: Int { if case .integer(let value) = self { value } else { 0 } }
    var number: Double { if case .number(let value) = self { value } else { 0 } }
    var duration: Duration { if case .duration(let value) = self { value } else { .zero } }
    var text: String { if case .text(let value) = self { value } else { "" } }
    var url: PushURL? { if case .url(let value) = self { value } else { nil } }
    var labels: [String: String] { if case .labels(let value) = self { value } else { [:] } }
}
