import Entries

/// Writes one value after the other as `fmt` does for a verb.
struct TemplatePrinter {
    let execution: TemplateExecution
    var output: [UInt8] = []

    mutating func append(_ value: TemplateValue, _ verb: TemplateVerb, shown: [UInt8]? = nil) throws(TemplateError) {
        try execution.charge()
        try execution.check(bytes: output.count)
        let shown = shown ?? [verb.letter]
        switch (verb.letter, value) {
        case (UInt8(ascii: "T"), _): pad(Array(value.typeName.utf8), verb)
        case (UInt8(ascii: "v"), .null): pad(Array("<nil>".utf8), verb)
        case (_, .null): output += Array("%!".utf8) + shown + Array("(<nil>)".utf8)
        case (_, .list(let list)): try append(list, verb, shown)
        case (_, .map(let map)): try append(map, verb, shown)
        case (_, .time(let time)): try append(.string(time.text), verb, shown: shown)
        case (_, .bool(let isTrue)) where "tv".utf8.contains(verb.letter):
            pad(Array((isTrue ? "true" : "false").utf8), verb)
        case (_, .int(let whole)) where TemplateIntegerText.verbs.contains(verb.letter):
            append(Int64(whole), verb)
        case (_, .int64(let whole)) where TemplateIntegerText.verbs.contains(verb.letter):
            append(whole, verb)
        case (_, .float(let number)) where TemplateFloatText.verbs.contains(verb.letter): append(number, verb)
        case (_, .string(let bytes)) where "vsxXq".utf8.contains(verb.letter): append(bytes, verb)
        default:
            output += Array("%!".utf8) + shown + Array("(\(value.typeName)=".utf8)
            var plain = verb
            plain.letter = UInt8(ascii: "v")
            plain.sharp = false
            try append(value, plain)
            output.append(UInt8(ascii: ")"))
        }
    }

    private mutating func append(
        _ list: TemplateList,
        _ verb: TemplateVerb,
        _ shown: [UInt8]
    ) throws(TemplateError) {
        let isSyntax = verb.sharp && verb.letter == UInt8(ascii: "v")
        if isSyntax { output += Array("[]\(list.element.rawValue)".utf8) }
        output.append(isSyntax ? UInt8(ascii: "{") : UInt8(ascii: "["))
        for (index, element) in list.elements.enumerated() {
            if index > 0 { output += Array((isSyntax ? ", " : " ").utf8) }
            try append(element, verb, shown: shown)
        }
        output.append(isSyntax ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    }

    private mutating func append(
        _ map: TemplateMap,
        _ verb: TemplateVerb,
        _ shown: [UInt8]
    ) throws(TemplateError) {
        let isSyntax = verb.sharp && verb.letter == UInt8(ascii: "v")
        output += Array((isSyntax ? "map[string]\(map.element.rawValue){" : "map[").utf8)
        for (index, key) in map.sortedKeys.enumerated() {
            if index > 0 { output += Array((isSyntax ? ", " : " ").utf8) }
            try append(.string(key), verb, shown: shown)
            output.append(UInt8(ascii: ":"))
            try append(map[key] ?? .null, verb, shown: shown)
        }
        output.append(isSyntax ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    }

    private mutating func append(_ whole: Int64, _ verb: TemplateVerb) {
        var outer = verb
        if verb.precision != nil { outer.zero = false }
        pad(TemplateIntegerText.text(whole, verb), outer)
    }

    private mutating func append(_ number: Double, _ verb: TemplateVerb) {
        var text = TemplateFloatText.text(number, verb)
        let sign = text[0]
        if number.isFinite, verb.zero, !verb.minus, let width = verb.width, width > text.count {
            let hasSign = "+- ".utf8.contains(sign)
            text.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: width - text.count), at: hasSign ? 1 : 0)
        }
        var plain = verb
        plain.zero = false
        pad(text, plain)
    }

    private mutating func append(_ bytes: [UInt8], _ verb: TemplateVerb) {
        var text = bytes
        if let precision = verb.precision, !"xX".utf8.contains(verb.letter) {
            text = TemplateText.bytes(TemplateText.runes(bytes).prefix(precision))
        }
        switch verb.letter {
        case UInt8(ascii: "q"): pad(quoted(text, verb), verb)
        case UInt8(ascii: "v") where verb.sharp: pad(quoted(text, TemplateVerb(letter: verb.letter)), verb)
        case UInt8(ascii: "x"), UInt8(ascii: "X"): pad(hexadecimal(text, verb), verb)
        default: pad(text, verb)
        }
    }

    private func quoted(_ text: [UInt8], _ verb: TemplateVerb) -> [UInt8] {
        let canBeRaw = !text.contains { $0 == UInt8(ascii: "`") || $0 == 0x7F || ($0 < 0x20 && $0 != 9) }
        if verb.sharp, canBeRaw { return [UInt8(ascii: "`")] + text + [UInt8(ascii: "`")] }
        var quoted: [UInt8] = []
        Bytes.with(text) { GoQuoting.appendQuoted($0, to: &quoted) }
        return quoted
    }

    private func hexadecimal(_ bytes: [UInt8], _ verb: TemplateVerb) -> [UInt8] {
        let isUpper = verb.letter == UInt8(ascii: "X")
        let prefix = verb.sharp ? [UInt8(ascii: "0"), verb.letter] : []
        var text: [UInt8] = []
        for (index, byte) in bytes.prefix(verb.precision ?? .max).enumerated() {
            if index == 0 || verb.space { text += (index > 0 ? [UInt8(ascii: " ")] : []) + prefix }
            let digits = String(byte, radix: 16, uppercase: isUpper)
            text += Array((byte < 16 ? "0" + digits : digits).utf8)
        }
        return text
    }

    /// Fills up to the width, which counts runes.
    private mutating func pad(_ text: [UInt8], _ verb: TemplateVerb) {
        let missing = (verb.width ?? 0) - (verb.width == nil ? 0 : TemplateText.runes(text).count)
        if missing <= 0 {
            output += text
            return
        }
        let isZero = verb.zero && !verb.minus
        let filling = repeatElement(isZero ? UInt8(ascii: "0") : UInt8(ascii: " "), count: missing)
        if verb.minus {
            output += text
            output += filling
        } else {
            output += filling
            output += text
        }
    }
}
