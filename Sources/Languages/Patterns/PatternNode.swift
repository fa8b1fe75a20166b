/// A parsed part of an expression, as text for PCRE2.
struct PatternNode {
    enum Kind {
        /// One character or class, or something in parentheses: an operator may follow directly.
        case atom
        case sequence
        case group(PatternGroup)
        case bar
    }

    var kind = Kind.atom
    /// For texts of ASCII in byte mode.
    var ascii: [UInt8] = []
    /// For UTF mode.
    var utf8: [UInt8] = []
    /// Whether the part can match nothing.
    var isNullable = false
    /// Whether a match begins at the begin of the text only.
    var isAnchored = false
    /// Whether PCRE2 is certain to agree with Go on ASCII texts, and on others.
    var agrees = true
    var agreesBeyondASCII = true
    /// The counts of nested repetitions multiplied, as far as Go limits them.
    var repeats = 1
    /// The longest piece of text known to be in every match.
    var literal: [UInt8] = []
    /// Whether `literal` is all there is to the part, so that it joins its neighbours.
    var isLiteral = false
    /// Depth of nested groups and repetitions.
    var height = 1

    /// One after the other.
    static func concatenation(_ parts: ArraySlice<PatternNode>) -> PatternNode {
        var all = PatternNode(kind: .sequence, isNullable: true)
        var run: [UInt8] = []
        for (place, part) in parts.enumerated() {
            all.absorb(part)
            all.isNullable = all.isNullable && part.isNullable
            if place == 0 { all.isAnchored = part.isAnchored }
            if part.isLiteral { run += part.literal } else { run = [] }
            if run.count > all.literal.count { all.literal = run }
            if part.literal.count > all.literal.count { all.literal = part.literal }
        }
        all.isLiteral = !parts.isEmpty && parts.allSatisfy(\.isLiteral)
        return all
    }

    /// One or the other.
    static func alternation(_ branches: [PatternNode]) -> PatternNode {
        if branches.count == 1 { return branches[0] }
        var all = PatternNode(kind: .sequence)
        for (place, branch) in branches.enumerated() {
            if place > 0 {
                all.ascii.append(UInt8(ascii: "|"))
                all.utf8.append(UInt8(ascii: "|"))
            }
            all.absorb(branch)
        }
        all.isNullable = branches.contains(where: \.isNullable)
        all.isAnchored = branches.allSatisfy(\.isAnchored)
        return all
    }

    /// In parentheses that begin with `opening`.
    func enclosed(_ opening: String) -> PatternNode {
        var result = self
        result.kind = .atom
        result.ascii = Array(opening.utf8) + ascii + [UInt8(ascii: ")")]
        result.utf8 = Array(opening.utf8) + utf8 + [UInt8(ascii: ")")]
        result.height += 1
        return result
    }

    /// Repeated `low` to `high` times; `high` nil: any number of times.
    func repeated(_ low: Int, _ high: Int?, suffix: String) -> PatternNode {
        var result = self
        if case .sequence = kind { result = enclosed("(?:") }
        result.kind = .sequence
        result.ascii += suffix.utf8
        result.utf8 += suffix.utf8
        // Engines differ in how often they go round a loop that moves nowhere, and so in its captures.
        if isNullable { result.agrees = false }
        result.isNullable = isNullable || low == 0
        result.isLiteral = false
        result.height += 1
        if low == 0 {
            result.literal = []
            result.isAnchored = false
        }
        return result
    }

    private mutating func absorb(_ part: PatternNode) {
        ascii += part.ascii
        utf8 += part.utf8
        agrees = agrees && part.agrees
        agreesBeyondASCII = agreesBeyondASCII && part.agreesBeyondASCII
        repeats = max(repeats, part.repeats)
        height = max(height, part.height)
    }
}

/// What an open parenthesis will close as.
struct PatternGroup {
    let isCapture: Bool
    /// The flags that hold again after it.
    let flags: PatternFlags
}

/// What `(?imsU)` switches.
struct PatternFlags: OptionSet {
    let rawValue: UInt8
    static let fold = PatternFlags(rawValue: 1)
    static let multiline = PatternFlags(rawValue: 2)
    static let dotAll = PatternFlags(rawValue: 4)
    static let lazy = PatternFlags(rawValue: 8)
}
