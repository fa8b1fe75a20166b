/// Reading of compressed files: `decompression`.
package struct DecompressionOptions: Hashable, Sendable {
    package enum Format: String, Hashable, Sendable, CaseIterable { case gz, z, bz2 }

    package let isEnabled: Bool
    /// How long to wait before a new file is read.
    package let initialDelay: Duration
    /// Nil when not given.
    package let format: Format?

    private static let specs: [OptionSpec] = [
        .optional("enabled", .bool, default: "false", "Reads compressed files, and only those."),
        .optional("initial_delay", .duration, default: "0", "How long to wait before a new file is read."),
        .optional("format", .string, "gz, z or bz2."),
    ]

    init(_ node: YAMLNode, into diagnostics: inout Diagnostics) {
        let options = Options(section: node, "decompression", specs: Self.specs, diagnostics: &diagnostics)
        isEnabled = options.isTrue("enabled")
        initialDelay = options.time("initial_delay")
        format = options.string("format").flatMap(Format.init)
        options.check("format", isOneOf: Format.allCases.map(\.rawValue), &diagnostics)
        options.checkIsNotNegative("initial_delay", &diagnostics)
    }
}
