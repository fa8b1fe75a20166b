import Entries

/// A pattern for one name of a path: characters, `*`, `?` and classes.
struct GlobElement: Equatable, Sendable {
    enum Token: Equatable, Sendable {
        /// One byte as it is.
        case byte(UInt8)
        /// `?`
        case anyCharacter
        /// `*`
        case anyRun
        /// `[a-z]`
        case oneOf([ClosedRange<UInt32>], isNegated: Bool)
    }

    let tokens: [Token]

    /// Reads the text between two slashes; throws when a class or an escape does not end.
    init(_ text: ArraySlice<UInt8>) throws(LanguageError) {
        var tokens: [Token] = []
        var index = text.startIndex
        while index < text.endIndex {
            switch text[index] {
            case UInt8(ascii: "*"): if tokens.last != .anyRun { tokens.append(.anyRun) }
            case UInt8(ascii: "?"): tokens.append(.anyCharacter)
            case UInt8(ascii: "["):
                let end = try Self.classEnd(in: text, from: index)
                tokens.append(Self.characterClass(text[(index + 1)..<end]))
                index = end
            case UInt8(ascii: "\\"):
                index += 1
                guard index < text.endIndex else {
                    throw LanguageError("syntax error in pattern", at: index - 1, help: "write \\\\ for a backslash")
                }
                tokens.append(.byte(text[index]))
            default: tokens.append(.byte(text[index]))
            }
            index += 1
        }
        self.tokens = tokens
    }

    /// The only name that fits, when there is only one.
    var literal: [UInt8]? {
        var bytes: [UInt8] = []
        for token in tokens {
            guard case .byte(let byte) = token else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Whether the whole name fits; a mismatch lets the latest `*` take one byte more.
    func matches(_ name: Bytes) -> Bool {
        var position = 0
        var token = 0
        var retry: (position: Int, token: Int)?
        while true {
            if token < tokens.count, tokens[token] == .anyRun {
                token += 1
                retry = (position, token)
            } else if token < tokens.count, let width = Self.width(of: tokens[token], in: name, at: position) {
                token += 1
                position += width
            } else if token == tokens.count, position == name.count {
                return true
            } else {
                guard let last = retry, last.position < name.count else { return false }
                position = last.position + 1
                token = last.token
                retry = (position, token)
            }
        }
    }

    /// How many bytes of the name a token takes; nil when it does not fit.
    ///
    /// A byte that is not UTF-8 is one character.
    private static func width(of token: Token, in name: Bytes, at position: Int) -> Int? {
        guard position < name.count else { return nil }
        if case .byte(let byte) = token { return name[position] == byte ? 1 : nil }
        let found = name.scalar(at: position)
        guard case .oneOf(let ranges, let isNegated) = token else { return found?.width ?? 1 }
        let value = found?.scalar.value ?? 0xFFFD
        return ranges.contains { $0.contains(value) } != isNegated ? found?.width ?? 1 : nil
    }

    /// Index of the bracket that ends the class beginning at `open`.
    static func classEnd(in text: ArraySlice<UInt8>, from open: Int) throws(LanguageError) -> Int {
        var index = open + 1
        if index < text.endIndex, text[index] == UInt8(ascii: "!") || text[index] == UInt8(ascii: "^") { index += 1 }
        let first = index
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "]"), index > first { return index }
            // A class must not be empty.
            guard text[index] != UInt8(ascii: "]") else { break }
            index += text[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        throw LanguageError("syntax error in pattern", at: open, help: "close the class, or write \\[")
    }

    /// The class between two brackets; a range with its ends exchanged fits nothing.
    private static func characterClass(_ text: ArraySlice<UInt8>) -> Token {
        var scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)[...]
        let isNegated = scalars.first == "!" || scalars.first == "^"
        if isNegated { scalars.removeFirst() }
        func next() -> UInt32? {
            guard let scalar = scalars.popFirst() else { return nil }
            return scalar == "\\" ? (scalars.popFirst() ?? scalar).value : scalar.value
        }
        var ranges: [ClosedRange<UInt32>] = []
        while let low = next() {
            if scalars.first == "-", scalars.count > 1 {
                scalars.removeFirst()
                if let high = next(), low <= high { ranges.append(low...high) }
            } else {
                ranges.append(low...low)
            }
        }
        return .oneOf(ranges, isNegated: isNegated)
    }
}
