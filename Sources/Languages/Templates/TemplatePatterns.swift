import Entries

/// Compiled patterns of one template, by their text.
final class TemplatePatterns {
    /// Patterns are nearly always constants; one that comes out of values must not fill the memory.
    private static let limit = 64

    private var patterns: [[UInt8]: Pattern] = [:]

    func pattern(_ expression: [UInt8]) throws(TemplateError) -> Pattern {
        if let pattern = patterns[expression] { return pattern }
        let pattern: Pattern
        do throws(LanguageError) { pattern = try Pattern(String(decoding: expression, as: UTF8.self)) } catch {
            throw TemplateError("the regular expression does not compile")
        }
        if patterns.count == Self.limit { patterns.removeAll() }
        patterns[expression] = pattern
        return pattern
    }
}
