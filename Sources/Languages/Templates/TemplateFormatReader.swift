/// Takes a format apart as `fmt.Sprintf` does, mistakes included (`%!d(string=x)`, `%!(EXTRA ...)`).
struct TemplateFormatReader {
    /// Go's bound for widths and precisions.
    private static let numberLimit = 1_000_000

    private let format: [UInt8]
    private let values: [TemplateValue]
    private var printer: TemplatePrinter
    private var position = 0
    private var argument = 0
    private var isReordered = false
    private var isGoodIndex = true

    init(format: [UInt8], values: [TemplateValue], printer: TemplatePrinter) {
        self.format = format
        self.values = values
        self.printer = printer
    }

    mutating func run() throws(TemplateError) -> [UInt8] {
        while position < format.count {
            let start = position
            while position < format.count, format[position] != UInt8(ascii: "%") { position += 1 }
            printer.output += format[start..<position]
            guard position < format.count else { break }
            position += 1
            isGoodIndex = true
            try directive()
        }
        if !isReordered, argument < values.count { try extra() }
        return printer.output
    }

    private mutating func directive() throws(TemplateError) {
        var verb = TemplateVerb(letter: 0)
        flags(&verb)
        var hasIndex = index()
        if position < format.count, format[position] == UInt8(ascii: "*") {
            position += 1
            let width = star()
            if width == nil { write("%!(BADWIDTH)") }
            if let width, width < 0 { verb.minus = true }
            verb.width = width?.magnitude.asInt
            if verb.minus { verb.zero = false }
            hasIndex = false
        } else if let width = number() {
            verb.width = width
            if hasIndex { isGoodIndex = false }
        }
        if position < format.count, format[position] == UInt8(ascii: ".") {
            position += 1
            if hasIndex { isGoodIndex = false }
            hasIndex = index()
            if position < format.count, format[position] == UInt8(ascii: "*") {
                position += 1
                let precision = star()
                if precision == nil { write("%!(BADPREC)") }
                verb.precision = precision.flatMap { $0 < 0 ? nil : $0 }
                hasIndex = false
            } else {
                verb.precision = number() ?? 0
            }
        }
        if !hasIndex { hasIndex = index() }
        guard position < format.count else { return write("%!(NOVERB)") }
        try apply(&verb)
    }

    private mutating func apply(_ verb: inout TemplateVerb) throws(TemplateError) {
        let (rune, width) = TemplateText.rune(format, position)
        let shown = Array(format[position..<position + width])
        position += width
        verb.letter = width == 1 ? UInt8(truncatingIfNeeded: rune) : 0
        // `%+v` is about field names of structs, of which there are none.
        if verb.letter == UInt8(ascii: "v") { verb.plus = false }
        if verb.letter == UInt8(ascii: "%") { return printer.output.append(UInt8(ascii: "%")) }
        if !isGoodIndex {
            printer.output += Array("%!".utf8) + shown + Array("(BADINDEX)".utf8)
        } else if argument >= values.count {
            printer.output += Array("%!".utf8) + shown + Array("(MISSING)".utf8)
        } else {
            argument += 1
            try printer.append(values[argument - 1], verb, shown: shown)
        }
    }

    private mutating func flags(_ verb: inout TemplateVerb) {
        while position < format.count {
            switch format[position] {
            case UInt8(ascii: "#"): verb.sharp = true
            case UInt8(ascii: "0"): verb.zero = true
            case UInt8(ascii: "+"): verb.plus = true
            case UInt8(ascii: "-"): verb.minus = true
            case UInt8(ascii: " "): verb.space = true
            default: return
            }
            position += 1
        }
    }

    private mutating func number() -> Int? {
        let start = position
        var value = 0
        while position < format.count, format[position].isDecimalDigit {
            value = value * 10 + Int(format[position] - UInt8(ascii: "0"))
            if value > Self.numberLimit { return nil }
            position += 1
        }
        return position > start ? value : nil
    }

    /// A width or precision out of the arguments.
    private mutating func star() -> Int? {
        guard argument < values.count else { return nil }
        argument += 1
        switch values[argument - 1] {
        case .int(let value) where value.magnitude <= Self.numberLimit: return value
        case .int64(let value) where value.magnitude <= Self.numberLimit: return Int(value)
        default: return nil
        }
    }

    /// `[2]`: the number of the argument that comes next.
    private mutating func index() -> Bool {
        guard position < format.count, format[position] == UInt8(ascii: "[") else { return false }
        isReordered = true
        guard let close = format[position...].firstIndex(of: UInt8(ascii: "]")) else {
            isGoodIndex = false
            position += 1
            return false
        }
        let digits = String(decoding: format[position + 1..<close], as: UTF8.self)
        position = close + 1
        guard let number = Int(digits), number >= 1, number <= values.count else {
            isGoodIndex = false
            return true
        }
        argument = number - 1
        return true
    }

    private mutating func extra() throws(TemplateError) {
        write("%!(EXTRA ")
        for (place, value) in values[argument...].enumerated() {
            if place > 0 { write(", ") }
            if case .null = value {
                write("<nil>")
            } else {
                write(value.typeName + "=")
                try printer.append(value, TemplateVerb(letter: UInt8(ascii: "v")))
            }
        }
        write(")")
    }

    private mutating func write(_ text: String) { printer.output += Array(text.utf8) }
}

extension UInt {
    fileprivate var asInt: Int { Int(clamping: self) }
}
