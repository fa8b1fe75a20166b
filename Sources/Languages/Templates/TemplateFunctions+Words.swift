extension TemplateFunctions {
    mutating func addWords() {
        add("title", 1) { a, _ throws(TemplateError) in
            .string(Self.mapStarts(try a.string(0), after: Self.isSeparator, TemplateText.title))
        }
        add("untitle", 1) { a, _ throws(TemplateError) in
            .string(Self.mapStarts(try a.string(0), after: TemplateText.isSpace, TemplateText.lower))
        }
        add("nospace", 1) { a, _ throws(TemplateError) in
            // goutils takes each byte for a character here, and so do we.
            .string(TemplateText.bytes(try a.string(0).map(UInt32.init).filter { !TemplateText.isSpace($0) }))
        }
        add("initials", 1) { a, _ throws(TemplateError) in
            var isStart = true
            let letters = try a.string(0).map(UInt32.init).filter { byte in
                defer { isStart = TemplateText.isSpace(byte) }
                return isStart && !TemplateText.isSpace(byte)
            }
            return .string(TemplateText.bytes(letters))
        }
        add("swapcase", 1) { a, _ throws(TemplateError) in
            .string(
                TemplateText.bytes(
                    TemplateText.runes(try a.string(0)).map { rune in
                        TemplateText.isLower(rune) ? TemplateText.upper(rune) : TemplateText.lower(rune)
                    }
                )
            )
        }
        add("abbrev", 2) { a, _ throws(TemplateError) in
            .string(Self.abbreviate(try a.string(1), from: 0, to: try a.int(0)))
        }
        add("abbrevboth", 3) { a, _ throws(TemplateError) in
            let (left, right) = (try a.int(0), try a.int(1))
            let text = try a.string(2)
            return .string(right < 4 || (left > 0 && right < 7) ? text : Self.abbreviate(text, from: left, to: right))
        }
        add("snakecase", 1) { a, _ throws(TemplateError) in
            .string(TemplateCase.separated(try a.string(0), by: UInt32(UInt8(ascii: "_"))))
        }
        add("kebabcase", 1) { a, _ throws(TemplateError) in
            .string(TemplateCase.separated(try a.string(0), by: UInt32(UInt8(ascii: "-"))))
        }
        add("camelcase", 1) { a, _ throws(TemplateError) in .string(TemplateCase.camel(try a.string(0))) }
        add("shuffle", 1) { a, _ throws(TemplateError) in
            .string(TemplateText.bytes(TemplateText.runes(try a.string(0)).shuffled()))
        }
        add("wrap", 2) { a, _ throws(TemplateError) in
            .string(Self.wrap(try a.string(1), at: try a.int(0), with: [0x0A], splitsWords: false))
        }
        add("wrapWith", 3) { a, execution throws(TemplateError) in
            let text = try a.string(2)
            let separator = try a.string(1)
            try execution.check(bytes: text.count * (1 + separator.count))
            return .string(Self.wrap(text, at: try a.int(0), with: separator, splitsWords: true))
        }
        addRandom()
    }

    private mutating func addRandom() {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        let digits = Array("0123456789".utf8)
        let sets = [
            "randAlpha": letters, "randNumeric": digits, "randAlphaNum": letters + digits, "randAscii": Array(32...126),
        ]
        for (name, set) in sets {
            add(name, 1) { a, execution throws(TemplateError) in
                let count = max(0, try a.int(0))
                try execution.check(bytes: count)
                return .string((0..<count).map { _ in set.randomElement() ?? 0 })
            }
        }
        add("randBytes", 1) { a, execution throws(TemplateError) in
            let count = max(0, try a.int(0))
            try execution.check(bytes: count)
            return .string(Hashing.base64((0..<count).map { _ in UInt8.random(in: 0...255) }))
        }
        add("randInt", 2) { a, _ throws(TemplateError) in
            let (least, bound) = (try a.int(0), try a.int(1))
            guard least < bound else { throw a.failure("invalid argument to Intn") }
            return .int(Int.random(in: least..<bound))
        }
        add("uuidv4", 0) { _, _ in
            var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
            bytes[6] = bytes[6] & 0x0F | 0x40
            bytes[8] = bytes[8] & 0x3F | 0x80
            var text: [UInt8] = []
            for (index, byte) in bytes.enumerated() {
                if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
                text += Hashing.hex([byte])
            }
            return .string(text)
        }
    }

    /// Applies `change` to the first rune of each word.
    private static func mapStarts(
        _ text: [UInt8],
        after isGap: (UInt32) -> Bool,
        _ change: (UInt32) -> UInt32
    ) -> [UInt8] {
        var isStart = true
        return TemplateText.bytes(
            TemplateText.runes(text).map { rune in
                defer { isStart = isGap(rune) }
                return isStart ? change(rune) : rune
            }
        )
    }

    /// What parts words for `strings.Title`: in ASCII all but letters, digits and underscores.
    private static func isSeparator(_ rune: UInt32) -> Bool {
        if rune == 0x5F || TemplateText.isLetter(rune) || TemplateText.isDigit(rune) { return false }
        return rune < 0x80 || TemplateText.isSpace(rune)
    }

    /// goutils' `AbbreviateFull`: `...` where something was cut off.
    private static func abbreviate(_ text: [UInt8], from start: Int, to width: Int) -> [UInt8] {
        guard width >= 4, !text.isEmpty else { return text }
        if start > 0 && width < 7 { return text }
        if text.count <= width { return text }
        var offset = max(0, min(start, text.count))
        if text.count - offset < width - 3 { offset = text.count - (width - 3) }
        let dots = Array("...".utf8)
        if offset <= 4 { return Array(text[..<(width - 3)]) + dots }
        if offset + width - 3 < text.count {
            let end = min(text.count, offset + width - 6)
            return dots + Array(text[offset..<end]) + dots
        }
        return dots + Array(text[(text.count - (width - 3))...])
    }

    /// goutils' `WrapCustom`.
    private static func wrap(_ text: [UInt8], at width: Int, with separator: [UInt8], splitsWords: Bool) -> [UInt8] {
        let width = max(1, width)
        let separator = separator.isEmpty ? [0x0A] : separator
        var output: [UInt8] = []
        var offset = 0
        while text.count - offset > width {
            if text[offset] == 0x20 {
                offset += 1
                continue
            }
            let limit = offset + width
            let space = text[offset...min(limit, text.count - 1)].lastIndex(of: 0x20)
            if let space {
                output += text[offset..<space] + separator
                offset = space + 1
            } else if splitsWords {
                output += text[offset..<limit] + separator
                offset = limit
            } else if let next = text[limit...].firstIndex(of: 0x20) {
                output += text[offset..<next] + separator
                offset = next + 1
            } else {
                break
            }
        }
        return output + text[offset...]
    }
}
