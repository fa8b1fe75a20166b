import CPatterns
package import Entries

/// A compiled regular expression with Go's syntax and Go's answers, as in a Promtail configuration.
///
/// Matching takes linear time, or close: PCRE2's machine code with a match limit does the work where it is certain to
/// agree, RE2 the rest. Text is UTF-8; each byte that is not counts as one U+FFFD, as in Go.
///
/// One per thread: it owns the memory of its last match. Not `Sendable`.
package final class Pattern {
    package let expression: String
    /// Groups without group 0.
    package let groupCount: Int
    /// The named groups, in the order of their indices.
    package let groupNames: [(index: Int, name: String)]
    /// How often a limit of PCRE2 (match count or stack) sent an input to RE2.
    package private(set) var limitHits = 0

    /// Begin and end of each group from group 0 on, -1 for a group that took no part; of the last match.
    @usableFromInline let offsets: UnsafeMutablePointer<Int>

    let engines: PatternEngines
    private var shape = TextShape.ascii
    private var shapeOf: Bytes = .empty
    private let repaired = RepairedText()

    /// Throws Go's sentence, such as "error parsing regexp: missing closing ): `(a`".
    package convenience init(_ expression: String) throws(LanguageError) {
        try self.init(expression, source: expression)
    }

    /// `^(?s:expression)$`, as label matchers and relabelling have it.
    package static func anchored(_ expression: String) throws(LanguageError) -> Pattern {
        let opening = "^(?s:"
        do throws(LanguageError) {
            return try Pattern(expression, source: opening + expression + ")$")
        } catch {
            // The place is told in the user's text; the sentence quotes the whole, as Promtail's does.
            let offset = error.offset.map { min(max(0, $0 - opening.utf8.count), expression.utf8.count) }
            throw LanguageError(error.message, at: offset, help: error.help)
        }
    }

    /// `isLinear`: RE2 alone, the measure for what PCRE2 finds.
    convenience init(_ expression: String, isLinear: Bool) throws(LanguageError) {
        try self.init(expression, source: expression, isLinear: isLinear)
    }

    /// `source` is what is compiled; `expression` what the user wrote.
    private init(_ expression: String, source: String, isLinear: Bool = false) throws(LanguageError) {
        let syntax = try PatternSyntax(source)
        self.expression = expression
        engines = try PatternEngines(syntax, isLinear: isLinear)
        groupCount = syntax.groupCount
        groupNames = syntax.groupNames
        offsets = engines.offsets
    }

    package func matches(_ text: Bytes) -> Bool {
        find(in: text, from: 0, pairs: 0)
    }

    /// Finds the first match at or after index `from`; `^` and `\b` see the text before it.
    ///
    /// A call with `from` above 0 on the same memory as the call before takes its bytes as unchanged.
    package func firstMatch(in text: Bytes, from: Int) -> Bool {
        find(in: text, from: from, pairs: groupCount + 1)
    }

    /// Begin and end of every group of the last successful `firstMatch`, from group 0 on; -1 for one that took no part.
    package var captures: UnsafePointer<Int> { UnsafePointer(offsets) }

    /// Where `group` (0: the whole match) lies in the text of the last successful `firstMatch`; nil if it took no part.
    @inlinable package func captureRange(_ group: Int) -> Range<Int>? {
        let begin = offsets[2 * group]
        return begin < 0 ? nil : Range(uncheckedBounds: (begin, offsets[2 * group + 1]))
    }

    private func find(in text: Bytes, from: Int, pairs: Int) -> Bool {
        if from == 0 || text.start != shapeOf.start || text.count != shapeOf.count {
            shape = TextShape(text)
            shapeOf = text
            if shape == .damaged { repaired.assign(text) }
        }
        if shape == .damaged { return findRepaired(from: from, pairs: pairs) }
        return search(text, shape, from: from, pairs: pairs)
    }

    private func search(_ text: Bytes, _ shape: TextShape, from: Int, pairs: Int) -> Bool {
        switch engines.search(text, isASCII: shape == .ascii, from: from, pairs: pairs) {
        case .match: return true
        case .noMatch: return false
        case .limit:
            limitHits += 1
            return engines.searchLinear(text, from: from, pairs: pairs)
        }
    }

    private func findRepaired(from: Int, pairs: Int) -> Bool {
        guard search(repaired.text, .utf8, from: repaired.index(ofOriginal: from), pairs: pairs) else { return false }
        for place in 0..<2 * pairs where offsets[place] >= 0 {
            offsets[place] = repaired.originalIndex(of: offsets[place])
        }
        return true
    }
}
