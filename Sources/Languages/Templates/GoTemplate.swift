/// A text template with Go's syntax and answers, and the functions of Promtail and sprig.
///
/// Parsed once; executing walks a tree. One per thread, since it keeps compiled patterns: not `Sendable`.
/// An execution stops with an error beyond 10 MiB of text or 1,000,000 steps (nodes, calls, and each 64 bytes that a
/// function makes), so that no template can hold up a line for long.
package struct GoTemplate {
    /// The Go type of the root map, which decides what `index . "missing"` gives.
    package enum RootMap: Sendable {
        /// `map[string]interface{}` of the template stage: nil.
        case any
        /// `map[string]string` of the replace stage: an empty text.
        case text
    }

    /// Every name that the template asks for with `.name` or `index . "name"`; may hold names of inner maps too.
    package let fieldNames: [String]
    /// Whether the root map is also used as a whole: printed, ranged over, handed to a function.
    package let usesWholeMap: Bool

    private let nodes: [TemplateNode]
    private let definitions: [String: [TemplateNode]]
    private let rootMap: RootMap
    private let patterns = TemplatePatterns()

    /// Throws Go's sentence, such as `template: pipeline_template:1: function "x" not defined`.
    package init(
        _ text: String,
        name: String = "pipeline_template",
        rootMap: RootMap = .any
    ) throws(LanguageError) {
        let bytes = Array(text.utf8)
        do throws(LanguageError) {
            var parser = try TemplateParser(bytes)
            nodes = try parser.parse()
            definitions = parser.definitions
            fieldNames = parser.names.fields
            usesWholeMap = parser.names.usesWholeMap
        } catch {
            let line = 1 + bytes.prefix(error.offset ?? 0).count { $0 == UInt8(ascii: "\n") }
            throw LanguageError("template: \(name):\(line): \(error.message)", at: error.offset, help: error.help)
        }
        self.rootMap = rootMap
    }

    /// The text that the template gives whatever the data; nil when it depends on that.
    package var constantText: [UInt8]? {
        var text: [UInt8] = []
        for node in nodes {
            guard case .text(let part) = node else { return nil }
            text += part
        }
        return text
    }

    /// The text that the template gives for `data`.
    package func execute(_ data: some TemplateData) throws(TemplateError) -> [UInt8] {
        let execution = TemplateExecution(data: data, definitions: definitions, rootMap: rootMap, patterns: patterns)
        return try execution.run(nodes)
    }
}
