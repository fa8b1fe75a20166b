package import Entries

/// A path pattern with the rules of Go's doublestar v4, which `__path__` and `__path_exclude__` follow.
///
/// `*` any run without `/`, `?` one character, `[a-z]`, `[^a]` and `[!a]` classes, `**` as a whole element zero or more
/// folders, `{a,b}` alternatives (may nest and contain `/`), `\` escapes. Files that begin with a dot match like others.
package struct GlobPattern: Sendable {
    /// One element of a path, between two slashes.
    enum Element: Equatable, Sendable {
        /// `**`
        case anyFolders
        case name([UInt8])
        case wildcard(GlobElement)
    }

    /// Longer patterns are refused.
    static let lengthLimit = 4_096
    /// A pattern whose braces stand for more alternatives is refused.
    static let alternativesLimit = 1_024
    /// A pattern with more elements between slashes is refused.
    static let elementsLimit = 128

    /// The patterns without braces that this one stands for; any of them may match.
    let alternatives: [[Element]]
    package let isAbsolute: Bool
    /// The deepest folder whose name has no special character: `/var/log` of `/var/log/*.log`; `/` or `.` at least.
    package let fixedPrefix: String

    /// Throws `syntax error in pattern` for a class, brace or escape that does not end, and for what exceeds the limits.
    package init(_ pattern: String) throws(LanguageError) {
        let text = Array(pattern.utf8)
        guard text.count <= Self.lengthLimit else {
            throw LanguageError("pattern is longer than \(Self.lengthLimit) bytes")
        }
        var alternatives: [[Element]] = []
        for alternative in try GlobBraces.expand(text, limit: Self.alternativesLimit) {
            let elements = try Self.elements(of: alternative)
            guard elements.count <= Self.elementsLimit else {
                throw LanguageError("pattern has more than \(Self.elementsLimit) elements")
            }
            if !alternatives.contains(elements) { alternatives.append(elements) }
        }
        self.alternatives = alternatives
        isAbsolute = text.first == UInt8(ascii: "/")
        fixedPrefix = Self.fixedPrefix(of: text)
    }

    package func matches(_ path: String) -> Bool { Bytes.with(Array(path.utf8)) { matches($0) } }

    /// Whether the whole path fits; slashes at its end and doubled ones do not count.
    package func matches(_ path: Bytes) -> Bool {
        let isPathAbsolute = !path.isEmpty && path[0] == UInt8(ascii: "/")
        guard isPathAbsolute == isAbsolute else { return false }
        let slash = UInt8(ascii: "/")
        var names: [Bytes] = []
        var start = 0
        while start < path.count {
            let end = path.firstIndex(of: slash, from: start) ?? path.count
            if end > start { names.append(path[start..<end]) }
            start = end + 1
        }
        return alternatives.contains { Self.matches(names, $0) }
    }

    /// Walks along both; after a mismatch the latest `**` takes one folder more, which is enough (as with `*`).
    private static func matches(_ names: [Bytes], _ elements: [Element]) -> Bool {
        var name = 0
        var element = 0
        var retry: (name: Int, element: Int)?
        while true {
            if element < elements.count, elements[element] == .anyFolders {
                element += 1
                retry = (name, element)
            } else if name < names.count, element < elements.count, elements[element].matches(names[name]) {
                name += 1
                element += 1
            } else if name == names.count, element == elements.count {
                return true
            } else {
                guard let last = retry, last.name < names.count else { return false }
                name = last.name + 1
                element = last.element
                retry = (name, element)
            }
        }
    }

    private static func elements(of text: [UInt8]) throws(LanguageError) -> [Element] {
        var elements: [Element] = []
        for part in text.split(separator: UInt8(ascii: "/")) {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8), let last = elements.last, last != .name(Array("..".utf8)) {
                // As Go cleans paths: `a/*/..` is `a`.
                elements.removeLast()
                continue
            }
            let element = try GlobElement(part)
            if part.elementsEqual("**".utf8) {
                // Several in a row mean the same as one.
                if elements.last != .anyFolders { elements.append(.anyFolders) }
            } else {
                elements.append(element.literal.map { .name($0) } ?? .wildcard(element))
            }
        }
        return elements
    }

    private static func fixedPrefix(of text: [UInt8]) -> String {
        let special = Array(#"*?[{\"#.utf8)
        let end = text.firstIndex(where: special.contains) ?? text.count
        guard let slash = text[..<end].lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == 0 ? "/" : String(decoding: text[..<slash], as: UTF8.self)
    }
}

extension GlobPattern.Element {
    /// Whether one name fits; `**` never does here, it stands for whole folders.
    func matches(_ name: Bytes) -> Bool {
        switch self {
        case .anyFolders: false
        case .name(let literal): Bytes.with(literal) { $0 == name }
        case .wildcard(let element): element.matches(name)
        }
    }
}
