/// Replaces `${NAME}` and its variants in the raw text of a configuration file, as Promtail's `-config.expand-env`.
///
/// Forms: `${N}`, `${N:-word}` (and `:=`, `=`, `:?`, `:+`, all the same), `${N:from:count}`, `${#N}`, `${N^}` `^^` `,`
/// `,,`, `${N#glob}` `##` `%` `%%`, `${N/a/b}` `//` `/#` `/%`. `$$` gives `$`, `\\` gives `\`,
/// `\/` gives `/`; `$N` stays.
struct EnvironmentExpansion {
    /// References inside of references.
    private static let depthLimit = 50
    /// Scalars of the result.
    private static let resultLimit = 64 << 20

    private let written: String
    private let scalars: [Unicode.Scalar]
    private let file: String
    private let environment: (String) -> String?
    private let lineStarts: [Int]
    private var index = 0
    private var expanded = String.UnicodeScalarView()
    private var expandedCount = 0
    private var map = ExpansionMap()
    private var mistakes: Diagnostics

    /// The text with its references replaced; nil when one is malformed.
    static func expand(
        _ text: String,
        file: String,
        environment: (String) -> String?,
        into diagnostics: inout Diagnostics
    ) -> YAMLSource? {
        withoutActuallyEscaping(environment) { environment in
            var expansion = EnvironmentExpansion(text, file: file, environment: environment)
            defer { diagnostics.add(expansion.mistakes) }
            do throws(Diagnostic) {
                return try expansion.run()
            } catch {
                expansion.mistakes.add(error)
                return nil
            }
        }
    }

    private init(_ text: String, file: String, environment: @escaping (String) -> String?) {
        written = text
        // A NUL ends the text, as in Promtail.
        scalars = Array(text.unicodeScalars.prefix { $0 != "\0" })
        self.file = file
        self.environment = environment
        lineStarts = SourceLines.starts(of: scalars)
        mistakes = Diagnostics(file: file)
    }

    private mutating func run() throws(Diagnostic) -> YAMLSource {
        var copiedFrom = 0
        while index < scalars.count {
            let start = index
            guard let replacement = try replacement(depth: 0) else {
                index += 1
                continue
            }
            append(scalars[copiedFrom..<start], from: copiedFrom, isCopied: true)
            append(replacement, from: start, isCopied: false)
            copiedFrom = index
            if expandedCount > Self.resultLimit { throw mistake(start, "expansion makes the file too large") }
        }
        append(scalars[copiedFrom...], from: copiedFrom, isCopied: true)
        return YAMLSource(written: written, expanded: String(expanded), map: map, file: file)
    }

    private mutating func append(_ part: some Collection<Unicode.Scalar>, from original: Int, isCopied: Bool) {
        map.append(ExpansionMap.Piece(expanded: expandedCount, original: original, isCopied: isCopied))
        expanded.append(contentsOf: part)
        expandedCount += part.count
    }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
        index + ahead < scalars.count ? scalars[index + ahead] : nil
    }

    /// What the escape or reference at `index` stands for, moving behind it; nil for any other character.
    private mutating func replacement(depth: Int) throws(Diagnostic) -> [Unicode.Scalar]? {
        switch (peek(), peek(1)) {
        case ("$", "$"), ("\\", "\\"), ("\\", "/"):
            index += 2
            return [scalars[index - 1]]
        case ("$", "{"):
            let start = index
            index += 2
            return Array(try reference(start, depth: depth).unicodeScalars)
        default: return nil
        }
    }

    private mutating func reference(_ start: Int, depth: Int) throws(Diagnostic) -> String {
        guard depth < Self.depthLimit else { throw mistake(start, "references are nested too deeply") }
        if peek() == "#" {
            index += 1
            let value = environment(try name(start)) ?? ""
            try close(start)
            return String(value.unicodeScalars.count)
        }
        let name = try name(start)
        let value = environment(name) ?? ""
        guard let next = peek() else { throw unclosed(start) }
        switch next {
        case "}":
            index += 1
            warnAboutGroup(name, start)
            return value
        case ":": return try colon(name, value, start, depth)
        case "=":
            index += 1
            return try defaulting(value, start, depth)
        case "^", ",":
            let isAll = peek(1) == next
            index += isAll ? 2 : 1
            try close(start)
            return Self.changingCase(value, toUpper: next == "^", isAll: isAll)
        case "#", "%":
            let isLongest = peek(1) == next
            index += isLongest ? 2 : 1
            let pattern = try word(until: ["}"], start, depth)
            try close(start)
            return Glob(pattern).stripping(value, fromStart: next == "#", isLongest: isLongest)
        case "/": return try replacing(value, start, depth)
        default: throw unclosed(start)
        }
    }

    private mutating func name(_ start: Int) throws(Diagnostic) -> String {
        var name = String.UnicodeScalarView()
        while let next = peek(), next == "_" || next.properties.isAlphabetic || next.properties.numericType == .decimal
        {
            name.append(next)
            index += 1
        }
        guard !name.isEmpty else {
            throw mistake(start, "'${' without a name", help: "write $${ for a literal '${'")
        }
        return String(name)
    }

    private mutating func close(_ start: Int) throws(Diagnostic) {
        guard peek() == "}" else { throw unclosed(start) }
        index += 1
    }

    private mutating func defaulting(_ value: String, _ start: Int, _ depth: Int) throws(Diagnostic) -> String {
        let word = try word(until: ["}"], start, depth)
        try close(start)
        return value.isEmpty ? word : value
    }

    private mutating func colon(
        _ name: String,
        _ value: String,
        _ start: Int,
        _ depth: Int
    ) throws(Diagnostic) -> String {
        index += 1
        if let next = peek(), ["-", "=", "?", "+"].contains(next) {
            index += 1
            return try defaulting(value, start, depth)
        }
        let from = try word(until: ["}", ":"], start, depth)
        guard !from.isEmpty else {
            throw mistake(start, "'${\(name):' without a number", help: "write ${\(name):-default} for a default")
        }
        var count: String?
        if peek() == ":" {
            index += 1
            count = try word(until: ["}"], start, depth)
        }
        try close(start)
        if value.isEmpty {
            let message = "'${\(name):' takes a part of \(name) and gives no default; \(name) is empty"
            warn(start, message, help: "write ${\(name):-default} for a default")
        }
        return Self.part(of: value, from: from, count: count)
    }

    private static func part(of value: String, from: String, count: String?) -> String {
        guard var start = Int(from) else { return value }
        let scalars = Array(value.unicodeScalars)
        if start < 0 { start += scalars.count }
        guard start >= 0 else { return value }
        guard start < scalars.count else { return "" }
        var rest = scalars[start...]
        if let count {
            guard let limit = Int(count) else { return value }
            rest = rest.prefix(max(0, limit))
        }
        return String(String.UnicodeScalarView(rest))
    }

    private mutating func replacing(_ value: String, _ start: Int, _ depth: Int) throws(Diagnostic) -> String {
        index += 1
        let mode = peek()
        if let mode, ["/", "#", "%"].contains(mode) { index += 1 }
        let old = try word(until: ["}", "/"], start, depth)
        var new = ""
        if peek() == "/" {
            index += 1
            new = try word(until: ["}"], start, depth)
        }
        try close(start)
        guard !old.isEmpty else { return value }
        switch mode {
        case "/": return value.replacing(old, with: new)
        case "#": return value.hasPrefix(old) ? new + value.dropFirst(old.count) : value
        case "%": return value.hasSuffix(old) ? value.dropLast(old.count) + new : value
        default: return value.replacing(old, with: new, maxReplacements: 1)
        }
    }

    /// Text up to one of `ends`, with references in it replaced; `index` then stands at the end.
    private mutating func word(
        until ends: [Unicode.Scalar],
        _ start: Int,
        _ depth: Int
    ) throws(Diagnostic) -> String {
        var word = String.UnicodeScalarView()
        while let next = peek(), !ends.contains(next) {
            if let replacement = try replacement(depth: depth + 1) {
                word.append(contentsOf: replacement)
            } else {
                word.append(next)
                index += 1
            }
        }
        if index >= scalars.count { throw unclosed(start) }
        return String(word)
    }

    private static func changingCase(_ value: String, toUpper: Bool, isAll: Bool) -> String {
        let head = isAll ? value : String(value.prefix(1))
        return (toUpper ? head.uppercased() : head.lowercased()) + value.dropFirst(head.count)
    }

    /// `${1}` of a relabel rule or template disappears when it is taken for a variable.
    private mutating func warnAboutGroup(_ name: String, _ start: Int) {
        guard Int(name) != nil, environment(name) == nil else { return }
        warn(
            start,
            "'${\(name)}' is an environment variable here, and it is not set",
            help: "write $\(name) or $${\(name)}"
        )
    }

    private mutating func warn(_ start: Int, _ message: String, help: String) {
        if mistakes.isFull { return }
        let length = index - start
        mistakes.add(
            Diagnostic(
                .warning,
                file: file,
                position: position(start),
                length: length,
                message: message,
                help: help
            )
        )
    }

    private func unclosed(_ start: Int) -> Diagnostic {
        mistake(start, "a reference to the environment that cannot be read", help: "write ${NAME} or ${NAME:-default}")
    }

    private func mistake(_ start: Int, _ message: String, help: String? = nil) -> Diagnostic {
        Diagnostic(file: file, position: position(start), length: 2, message: message, help: help)
    }

    private func position(_ start: Int) -> YAMLPosition {
        let line = (lineStarts.firstIndex { $0 > start } ?? lineStarts.count) - 1
        return YAMLPosition(line: line + 1, column: start - lineStarts[line] + 1)
    }
}
