import Testing

@testable import Configuration

/// Parsing for tests: text in, tree or mistakes out.
enum YAMLTree {
    static func parse(_ text: String) throws -> YAMLNode {
        var diagnostics = Diagnostics(file: "f.yaml")
        let root = YAMLParser.parse(YAMLSource(text, file: "f.yaml"), into: &diagnostics)
        try #require(diagnostics.isEmpty, "\(diagnostics.render(source: text))")
        return try #require(root)
    }

    static func mistakes(_ text: String) -> String {
        var diagnostics = Diagnostics(file: "f.yaml")
        _ = YAMLParser.parse(YAMLSource(text, file: "f.yaml"), into: &diagnostics)
        return diagnostics.render(source: text)
    }
}
