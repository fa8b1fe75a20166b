import Entries

/// A word of the template language.
struct TemplateToken {
    enum Kind {
        case text
        case leftDelimiter
        case rightDelimiter
        case space
        case string
        case rawString
        case character
        case number
        case bool
        case null
        case identifier
        case keyword
        case field
        case variable
        case dot
        case leftParenthesis
        case rightParenthesis
        case pipe
        case declare
        case assign
        case comma
        case end
    }

    let kind: Kind
    let text: [UInt8]
    let offset: Int

    var string: String { String(decoding: text, as: UTF8.self) }

    /// The token as Go's messages show it.
    var shown: String {
        switch kind {
        case .end: return "EOF"
        case .keyword, .dot, .null: return "<\(string)>"
        default:
            var quoted: [UInt8] = []
            Bytes.with(Array(text.prefix(10))) { GoQuoting.appendQuoted($0, to: &quoted) }
            return String(decoding: quoted, as: UTF8.self) + (text.count > 10 ? "..." : "")
        }
    }
}
