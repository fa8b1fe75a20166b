extension PatternNode {
    /// Where only the begin of the text is.
    static var beginText: PatternNode {
        var node = zeroWidth(#"\A"#)
        node.isAnchored = true
        return node
    }

    /// Something that PCRE2 and Go may see differently.
    static var unknown: PatternNode { PatternNode(agrees: false, agreesBeyondASCII: false) }

    /// Whether an operator may follow: neither a parenthesis nor a bar.
    var isOperand: Bool {
        switch kind {
        case .atom, .sequence: true
        case .group, .bar: false
        }
    }

    static func zeroWidth(_ text: String) -> PatternNode {
        PatternNode(ascii: Array(text.utf8), utf8: Array(text.utf8), isNullable: true)
    }

    static func atom(_ text: String) -> PatternNode {
        PatternNode(ascii: Array(text.utf8), utf8: Array(text.utf8))
    }

    static func literal(_ scalar: Unicode.Scalar, isFolded: Bool) -> PatternNode {
        var node = PatternNode()
        node.literal = Array(String(scalar).utf8)
        node.isLiteral = true
        if scalar.isASCII {
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            let text = byte.isWord ? [byte] : Array((#"\x{"# + String(byte, radix: 16) + "}").utf8)
            node.ascii = text
            node.utf8 = text
        } else {
            // In byte mode nothing can match it: 0xFF is in no text that is looked at.
            node.ascii = Array(#"[\xff]"#.utf8)
            node.utf8 = Array((#"\x{"# + String(scalar.value, radix: 16) + "}").utf8)
            node.agrees = !isFolded
        }
        return node
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// ASCII letters, digits and the underscore.
    var isWord: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "_")
    }
}
