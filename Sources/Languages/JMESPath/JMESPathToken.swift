/// One token of an expression.
struct JMESPathToken {
    /// Kinds by the names that Go's messages use.
    enum Kind: String {
        case star = "tStar"
        case dot = "tDot"
        case filter = "tFilter"
        case flatten = "tFlatten"
        case leftParenthesis = "tLparen"
        case rightParenthesis = "tRparen"
        case leftBracket = "tLbracket"
        case rightBracket = "tRbracket"
        case leftBrace = "tLbrace"
        case rightBrace = "tRbrace"
        case or = "tOr"
        case pipe = "tPipe"
        case number = "tNumber"
        case identifier = "tUnquotedIdentifier"
        case quotedIdentifier = "tQuotedIdentifier"
        case comma = "tComma"
        case colon = "tColon"
        case less = "tLT"
        case lessOrEqual = "tLTE"
        case greater = "tGT"
        case greaterOrEqual = "tGTE"
        case equal = "tEQ"
        case notEqual = "tNE"
        case jsonLiteral = "tJSONLiteral"
        case stringLiteral = "tStringLiteral"
        case current = "tCurrent"
        case reference = "tExpref"
        case and = "tAnd"
        case not = "tNot"
        case unknown = "tUnknown"
        case end = "tEOF"

        /// How tightly the token binds to what stands before it; Go's table.
        var bindingPower: Int {
            switch self {
            case .pipe: 1
            case .or: 2
            case .and: 3
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: 5
            case .flatten: 9
            case .star: 20
            case .filter: 21
            case .dot: 40
            case .not: 45
            case .leftBrace: 50
            case .leftBracket: 55
            case .leftParenthesis: 60
            case .rightParenthesis, .rightBracket, .rightBrace, .number, .identifier, .quotedIdentifier, .comma, .colon,
                .jsonLiteral, .stringLiteral, .current, .reference, .unknown, .end:
                0
            }
        }
    }

    let kind: Kind
    /// Decoded text of an identifier, string, literal or number; empty for the rest.
    var text: [UInt8] = []
    /// Where it begins, in bytes.
    let offset: Int
}
