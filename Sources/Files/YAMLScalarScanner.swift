/// Takes keys and values, plain or quoted, from one line of a positions file.
///
/// Works on Unicode scalars: to a `Character`, a quote with a combining mark behind it is no quote.
struct YAMLScalarScanner {
    typealias Text = Substring.UnicodeScalarView

    private(set) var rest: Text
    private let line: Int

    init(_ text: Text, line: Int) {
        rest = text
        self.line = line
        trim()
    }

    private func mistake(_ message: String) -> PositionsYAML.Mistake {
        PositionsYAML.Mistake(line: line, message: message)
    }

    private mutating func trim() {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
    }

    mutating func expectColon() throws(PositionsYAML.Mistake) {
        guard rest.first == ":" else { throw mistake("expected ':' after a key") }
        rest.removeFirst()
        trim()
        if rest.first == "#" { rest.removeAll() }
    }

    func expectEnd() throws(PositionsYAML.Mistake) {
        if !rest.isEmpty && rest.first != "#" { throw mistake("unexpected text after a value") }
    }

    /// The next scalar; `endingAtColon`: it is a key.
    mutating func scalar(endingAtColon: Bool) throws(PositionsYAML.Mistake) -> String {
        defer { trim() }
        switch rest.first {
        case "\"": return try doubleQuoted()
        case "'": return try singleQuoted()
        case "{", "[", "&", "*", "!", "|", ">", "%", "@", "`": throw mistake("a value must be a scalar")
        case "-", "?":
            if rest.dropFirst().first ?? " " == " " { throw mistake("a value must be a scalar") }
            return try plain(endingAtColon: endingAtColon)
        default: return try plain(endingAtColon: endingAtColon)
        }
    }

    private mutating func plain(endingAtColon: Bool) throws(PositionsYAML.Mistake) -> String {
        var end = rest.startIndex
        var previous: Unicode.Scalar = " "
        while end < rest.endIndex {
            let next = rest.index(after: end)
            if rest[end] == "#", previous == " " { break }
            if rest[end] == ":", next == rest.endIndex || rest[next] == " " || rest[next] == "\t" {
                if endingAtColon { break }
                throw mistake("a value must be a scalar")
            }
            previous = rest[end]
            end = next
        }
        var text = rest[..<end]
        rest = rest[end...]
        while text.last == " " { text.removeLast() }
        if endingAtColon && text.isEmpty { throw mistake("a key is missing") }
        return String(Substring(text))
    }

    private mutating func singleQuoted() throws(PositionsYAML.Mistake) -> String {
        var text = String.UnicodeScalarView()
        rest.removeFirst()
        while let scalar = rest.popFirst() {
            if scalar != "'" {
                text.append(scalar)
            } else if rest.first == "'" {
                rest.removeFirst()
                text.append("'")
            } else {
                return String(text)
            }
        }
        throw mistake("a quote is not closed")
    }

    private mutating func doubleQuoted() throws(PositionsYAML.Mistake) -> String {
        var text = String.UnicodeScalarView()
        rest.removeFirst()
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return String(text)
            case "\\": text.append(try escape())
            default: text.append(scalar)
            }
        }
        throw mistake("a quote is not closed")
    }

    private mutating func escape() throws(PositionsYAML.Mistake) -> Unicode.Scalar {
        let simple: [Unicode.Scalar: Unicode.Scalar] = [
            "0": "\0", "a": "\u{7}", "b": "\u{8}", "t": "\t", "n": "\n", "v": "\u{B}", "f": "\u{C}", "r": "\r",
            "e": "\u{1B}", " ": " ", "\"": "\"", "\\": "\\", "/": "/", "N": "\u{85}", "_": "\u{A0}", "L": "\u{2028}",
            "P": "\u{2029}",
        ]
        let lengths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
        guard let kind = rest.popFirst() else { throw mistake("a quote is not closed") }
        if let scalar = simple[kind] { return scalar }
        guard let length = lengths[kind], rest.count >= length,
            let value = UInt32(Substring(rest.prefix(length)), radix: 16), let scalar = Unicode.Scalar(value)
        else { throw mistake("unknown escape in a quoted text") }
        rest = rest.dropFirst(length)
        return scalar
    }
}
