import Entries

/// `fmt.Print` and `fmt.Sprintf` for the values of templates.
enum TemplateFormat {
    /// What `%v` prints.
    static func text(_ value: TemplateValue, _ execution: TemplateExecution) throws(TemplateError) -> [UInt8] {
        var writer = TemplatePrinter(execution: execution)
        try writer.append(value, TemplateVerb(letter: UInt8(ascii: "v")))
        return writer.output
    }

    /// `fmt.Sprint`: a blank between two operands neither of which is a string.
    static func print(
        _ values: some Sequence<TemplateValue>,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> [UInt8] {
        var writer = TemplatePrinter(execution: execution)
        var previousIsText = true
        for (index, value) in values.enumerated() {
            let isText = if case .string = value { true } else { false }
            if index > 0, !isText, !previousIsText { writer.output.append(0x20) }
            try writer.append(value, TemplateVerb(letter: UInt8(ascii: "v")))
            previousIsText = isText
        }
        return writer.output
    }

    static func printLine(
        _ values: [TemplateValue],
        _ execution: TemplateExecution
    ) throws(TemplateError) -> [UInt8] {
        var line: [UInt8] = []
        for (index, value) in values.enumerated() {
            if index > 0 { line.append(0x20) }
            line += try text(value, execution)
        }
        return line + [0x0A]
    }

    static func printf(
        _ format: [UInt8],
        _ values: [TemplateValue],
        _ execution: TemplateExecution
    ) throws(TemplateError) -> [UInt8] {
        var reader = TemplateFormatReader(
            format: format,
            values: values,
            printer: TemplatePrinter(execution: execution)
        )
        return try reader.run()
    }

    /// sprig's `strval`: a text as it is, anything else as `%v` has it.
    static func string(_ value: TemplateValue, _ execution: TemplateExecution) throws(TemplateError) -> [UInt8] {
        if case .string(let bytes) = value { return bytes }
        return try text(value, execution)
    }
}

/// One directive of a format: flags, width, precision and letter.
struct TemplateVerb {
    var letter: UInt8
    var plus = false
    var minus = false
    var sharp = false
    var space = false
    var zero = false
    var width: Int?
    var precision: Int?
}
