/// All mistakes of one configuration, in file order.
package struct Diagnostics: Sendable {
    /// The file as the user named it.
    package let file: String
    private var found: [Diagnostic] = []
    /// Mistakes beyond the limit, which are only counted.
    private var unshown: [Diagnostic.Severity: Int] = [:]

    /// Mistakes that are kept; a file with more is mostly one mistake repeated.
    private static let limit = 200

    package init(file: String) { self.file = file }

    /// Adds a mistake; one that is already there (an alias met twice) is not repeated.
    package mutating func add(_ diagnostic: Diagnostic) {
        if isFull {
            unshown[diagnostic.severity, default: 0] += 1
        } else if !found.contains(diagnostic) {
            found.append(diagnostic)
        }
    }

    package mutating func add(_ others: Diagnostics) {
        for diagnostic in others.found { add(diagnostic) }
        unshown.merge(others.unshown, uniquingKeysWith: +)
    }

    /// Sorted by place; mistakes without one come first.
    package var all: [Diagnostic] {
        found.enumerated().sorted { left, right in
            let places = (left.element.position ?? Self.before, right.element.position ?? Self.before)
            return places.0 == places.1 ? left.offset < right.offset : places.0 < places.1
        }.map(\.element)
    }

    private static let before = YAMLPosition(line: 0, column: 0)

    package var isEmpty: Bool { found.isEmpty }
    package var hasErrors: Bool { count(.error) > 0 }
    /// Whether further mistakes are only counted.
    var isFull: Bool { found.count >= Self.limit }

    private func count(_ severity: Diagnostic.Severity) -> Int {
        found.count { $0.severity == severity } + unshown[severity, default: 0]
    }

    /// `3 errors, 1 warning`, or `no mistakes`.
    package var summary: String {
        let (errors, warnings) = (count(.error), count(.warning))
        var parts: [String] = []
        if errors > 0 { parts.append("\(errors) error\(errors == 1 ? "" : "s")") }
        if warnings > 0 { parts.append("\(warnings) warning\(warnings == 1 ? "" : "s")") }
        return parts.isEmpty ? "no mistakes" : parts.joined(separator: ", ")
    }

    /// Every mistake as text, each line ended by a newline; errors show the line of `source` they are in.
    ///
    /// `source` is the file as written. What may be secret in the shown lines reads `<hidden>`.
    package func render(source: String) -> String {
        let excerpts = Excerpts(source)
        let more = unshown.values.reduce(0, +)
        let rest = more > 0 ? "\(file): and \(more) more\n" : ""
        return all.map { Self.render($0, excerpts) }.joined() + rest
    }

    private static func render(_ diagnostic: Diagnostic, _ excerpts: Excerpts) -> String {
        let severity = diagnostic.severity == .error ? "error" : "warning"
        let margin = String(repeating: " ", count: Excerpts.gutter)
        let help = diagnostic.help.map { "\(margin) = help: \($0)\n" } ?? ""
        guard let position = diagnostic.position else {
            return "\(diagnostic.file): \(severity): \(diagnostic.message)\n\(help)"
        }
        let place = "\(diagnostic.file):\(position.line):\(position.column)"
        let head = "\(place): \(severity): \(diagnostic.message)\n"
        let excerpt = diagnostic.severity == .error ? excerpts.excerpt(at: position, length: diagnostic.length) : ""
        return head + excerpt + help
    }
}
