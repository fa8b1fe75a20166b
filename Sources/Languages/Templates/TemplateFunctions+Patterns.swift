import Entries

extension TemplateFunctions {
    mutating func addPatterns() {
        add("regexMatch", 2) { a, execution throws(TemplateError) in
            let pattern = try execution.patterns.pattern(try a.string(0))
            return .bool(Bytes.with(try a.string(1)) { pattern.matches($0) })
        }
        add("regexFind", 2) { a, execution throws(TemplateError) in
            let pattern = try execution.patterns.pattern(try a.string(0))
            return .string(
                Bytes.with(try a.string(1)) { text in
                    guard pattern.firstMatch(in: text, from: 0), let range = pattern.captureRange(0) else { return [] }
                    return text[range].array
                }
            )
        }
        add("regexFindAll", 3) { a, execution throws(TemplateError) in
            let pattern = try execution.patterns.pattern(try a.string(0))
            let limit = try a.int(2)
            return .list(
                TemplateList(
                    strings: Bytes.with(try a.string(1)) { text in
                        pattern.findAll(in: text, limit: limit).map { text[$0].array }
                    }
                )
            )
        }
        add("regexSplit", 3) { a, execution throws(TemplateError) in
            let pattern = try execution.patterns.pattern(try a.string(0))
            let limit = try a.int(2)
            return .list(
                TemplateList(
                    strings: Bytes.with(try a.string(1)) { text in
                        pattern.split(text, limit: limit).map { text[$0].array }
                    }
                )
            )
        }
        add("regexReplaceAll", 3) { a, execution throws(TemplateError) in
            let pattern = try execution.patterns.pattern(try a.string(0))
            let text = try a.string(1)
            let replacement = try a.string(2)
            // Matches do not overlap, so that all that one `$1` stands for is at most the text.
            let references = replacement.count { $0 == UInt8(ascii: "$") }
            try execution.check(worstCase: references * text.count + (text.count + 1) * replacement.count)
            return .string(
                Bytes.with(text) { text in
                    Bytes.with(replacement) { pattern.replaceAll(in: text, template: $0) }
                }
            )
        }
        add("regexReplaceAllLiteral", 3) { a, execution throws(TemplateError) in
            let pattern = try execution.patterns.pattern(try a.string(0))
            let text = try a.string(1)
            let replacement = try a.string(2)
            try execution.check(worstCase: (text.count + 1) * replacement.count)
            return .string(
                Bytes.with(text) { text in
                    Bytes.with(replacement) { pattern.replaceAllLiteral(in: text, with: $0) }
                }
            )
        }
        add("regexQuoteMeta", 1) { a, _ throws(TemplateError) in
            .text(Pattern.quoteMeta(String(decoding: try a.string(0), as: UTF8.self)))
        }
        for name in ["Match", "Find", "FindAll", "Split", "ReplaceAll", "ReplaceAllLiteral"] {
            alias("regex" + name, "mustRegex" + name)
        }
    }
}
