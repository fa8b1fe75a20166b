/// Names in snake, kebab and camel case, by the rules of huandu/xstrings behind sprig.
enum TemplateCase {
    private enum Kind {
        case connector
        case punctuation
        case upper
        case letters
        case number
        case other
    }

    private struct Word {
        let kind: Kind
        var runes: [UInt32]
    }

    private static func isConnector(_ rune: UInt32) -> Bool {
        rune == 0x2D || rune == 0x5F || TemplateText.isSpace(rune)
    }

    private static func kind(_ rune: UInt32) -> Kind {
        if isConnector(rune) { return .connector }
        guard let category = Unicode.Scalar(rune)?.properties.generalCategory else { return .other }
        switch category {
        case .uppercaseLetter: return .upper
        case .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letters
        case .decimalNumber, .letterNumber, .otherNumber: return .number
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return .punctuation
        default: return .other
        }
    }

    /// Runs of one kind; a capital begins the word of small letters behind it (`HTTP`, `Server`).
    private static func words(_ text: [UInt8]) -> [Word] {
        var words: [Word] = []
        for rune in TemplateText.runes(text) {
            let kind = kind(rune)
            guard let last = words.last else {
                words.append(Word(kind: kind, runes: [rune]))
                continue
            }
            if last.kind == kind, kind != .upper || last.runes.allSatisfy({ Self.kind($0) == .upper }) {
                words[words.count - 1].runes.append(rune)
            } else if last.kind == .upper, kind == .letters {
                if last.runes.count > 1, let capital = last.runes.last, Self.kind(last.runes[1]) == .upper {
                    words[words.count - 1].runes.removeLast()
                    words.append(Word(kind: .upper, runes: [capital, rune]))
                } else {
                    words[words.count - 1].runes.append(rune)
                }
            } else {
                words.append(Word(kind: kind, runes: [rune]))
            }
        }
        return words
    }

    /// Lower-case words with `separator` where case, digits or connectors part them.
    static func separated(_ text: [UInt8], by separator: UInt32) -> [UInt8] {
        let words = words(text)
        var output: [UInt32] = []
        var index = 0

        func emit() {
            let word = words[index]
            output += word.runes.map { word.kind == .connector ? separator : TemplateText.lower($0) }
            index += 1
        }
        func kind(_ ahead: Int) -> Kind? { index + ahead < words.count ? words[index + ahead].kind : nil }
        func separate() {
            guard let next = kind(0), next != .connector, next != .punctuation else { return }
            output.append(separator)
        }
        /// Letters and digits behind a number belong to it.
        func emitTail() {
            while kind(0) == .letters || kind(0) == .number { emit() }
            separate()
        }

        while index < words.count {
            let current = words[index].kind
            emit()
            switch current {
            case .connector, .punctuation: continue
            case .number: emitTail()
            case .upper, .letters, .other:
                guard kind(0) == .number else {
                    separate()
                    continue
                }
                guard let after = kind(1) else { continue }
                if after == .letters {
                    output.append(separator)
                    emit()
                    emitTail()
                } else {
                    emit()
                    separate()
                }
            }
        }
        return TemplateText.bytes(output)
    }

    /// Words put together, each with a capital.
    ///
    /// Connectors at both ends stay, between words all but one of them. A text of connectors alone gains one.
    static func camel(_ text: [UInt8]) -> [UInt8] {
        let runes = TemplateText.runes(text)
        guard let start = runes.firstIndex(where: { !isConnector($0) }) else {
            return TemplateText.bytes(runes + runes.suffix(1))
        }
        var output = Array(runes[..<start])
        var connectors: [UInt32] = []
        for (index, rune) in runes.enumerated().dropFirst(start) {
            if isConnector(rune) {
                connectors.append(rune)
                continue
            }
            output += connectors.dropLast()
            output.append(index == start || !connectors.isEmpty ? TemplateText.upper(rune) : TemplateText.lower(rune))
            connectors = []
        }
        return TemplateText.bytes(output + connectors)
    }
}
