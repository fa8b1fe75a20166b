import Entries

/// Whether one text can be another with stretches of it replaced by a mark.
enum Masking {
    /// Stands for a secret; inputs that hold it are of no use.
    static let mark = Array("~R~".utf8)

    /// Whether `after` is `before` with stretches replaced by ``mark``, quotes around the mark or not.
    static func couldMake(_ after: [UInt8], of before: [UInt8]) -> Bool {
        var pieces = split(after)
        guard pieces.count > 1 else { return after == before }
        // Quotes are added where a value had none; whether the ones at a mark are such is not known.
        let last = withoutFirstQuote(pieces.removeLast())
        let first = withoutLastQuote(pieces.removeFirst())
        guard before.starts(with: first), before.count >= first.count + last.count,
            before[(before.count - last.count)...].elementsEqual(last)
        else { return false }
        return Bytes.with(before) { text in
            var rest = text[first.count..<text.count - last.count]
            return pieces.allSatisfy { piece in
                Bytes.with(Array(withoutLastQuote(withoutFirstQuote(piece)))) { core in
                    guard let place = rest.place(of: core) else { return false }
                    rest = rest[place + core.count..<rest.count]
                    return true
                }
            }
        }
    }

    private static let quotes = ["\"", "'", "`", "\\u0022", "\\u0027", "\\u0060"].map { Array($0.utf8) }

    private static func withoutFirstQuote(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        // All backslashes but the last may be those of strings around this one.
        let start = text.prefix { $0 == UInt8(ascii: "\\") }.endIndex
        for quote in quotes {
            if text[start...].starts(with: quote) { return text[(start + quote.count)...] }
            if start > text.startIndex, text[(start - 1)...].starts(with: quote) {
                return text[(start - 1 + quote.count)...]
            }
        }
        return text
    }

    private static func withoutLastQuote(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        for quote in quotes where text.suffix(quote.count).elementsEqual(quote) {
            var end = text.endIndex - quote.count
            while end > text.startIndex, text[end - 1] == UInt8(ascii: "\\") { end -= 1 }
            return text[..<end]
        }
        return text
    }

    /// The parts between marks.
    private static func split(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        var index = 0
        while index + mark.count <= text.count {
            if text[index..<index + mark.count].elementsEqual(mark) {
                pieces.append(text[start..<index])
                index += mark.count
                start = index
            } else {
                index += 1
            }
        }
        return pieces + [text[start...]]
    }
}

extension Bytes {
    /// Where `part` first stands.
    func place(of part: Bytes) -> Int? {
        guard part.count <= count else { return nil }
        return (0...count - part.count).first { start in (0..<part.count).allSatisfy { self[start + $0] == part[$0] } }
    }
}
