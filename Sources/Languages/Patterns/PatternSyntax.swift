/// What an expression in Go's syntax becomes: a text for RE2, and texts for PCRE2 where that surely agrees.
struct PatternSyntax {
    /// For RE2.
    let linear: [UInt8]
    /// For PCRE2 in byte mode, on texts without a byte over 0x7F; nil: RE2 only.
    let ascii: [UInt8]?
    /// For PCRE2 in UTF mode; nil: RE2 only.
    let utf8: [UInt8]?
    /// Bytes that every match contains; empty when none are known or a search for them gains nothing.
    let literal: [UInt8]
    let groupCount: Int
    let groupNames: [(index: Int, name: String)]

    init(_ source: String) throws(LanguageError) {
        var parser = PatternParser(source)
        let node = try parser.parse()
        linear = parser.linear
        groupCount = parser.groupCount
        groupNames = parser.groupNames
        // One prefix folds the whole expression; where letters of both kinds stand side by side, RE2 does it.
        let isMixed = parser.hasFoldedLetters && parser.hasPlainLetters
        let prefix = Array((parser.hasFoldedLetters ? "(?i)" : "").utf8)
        ascii = isMixed || !node.agrees ? nil : prefix + node.ascii
        utf8 = isMixed || !node.agrees || !node.agreesBeyondASCII ? nil : prefix + node.utf8
        let isLiteralUseful = !parser.hasFoldedLetters && !node.isAnchored && node.literal.count >= 3
        literal = isLiteralUseful ? node.literal : []
    }
}
