import Entries

/// Values of templates as JSON and back, as `encoding/json` does it.
enum TemplateJSON {
    enum Style {
        case compact
        /// Two blanks for each level.
        case pretty
        /// Without escapes for HTML.
        case raw
    }

    static func value(
        _ value: JSONValue,
        _ execution: TemplateExecution,
        depth: Int = 0
    ) throws(TemplateError) -> TemplateValue {
        try execution.charge()
        guard depth <= TemplateExecution.valueDepthLimit else { throw TemplateError("JSON nested too deeply") }
        switch value {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .number(let value): return .float(value)
        case .string(let bytes): return .string(bytes)
        case .array(let elements):
            var list: [TemplateValue] = []
            list.reserveCapacity(elements.count)
            for element in elements { list.append(try Self.value(element, execution, depth: depth + 1)) }
            return .list(TemplateList(list))
        case .object(let object):
            var members: [[UInt8]: TemplateValue] = [:]
            for (key, member) in zip(object.keys, object.values) {
                members[key] = try Self.value(member, execution, depth: depth + 1)
            }
            return .map(TemplateMap(members))
        }
    }

    static func text(
        _ value: TemplateValue,
        _ style: Style,
        _ execution: TemplateExecution
    ) throws(TemplateError) -> [UInt8] {
        var output: [UInt8] = []
        try append(value, style, indent: 0, to: &output, execution)
        return output
    }

    private static func append(
        _ value: TemplateValue,
        _ style: Style,
        indent: Int,
        to output: inout [UInt8],
        _ execution: TemplateExecution
    ) throws(TemplateError) {
        try execution.charge()
        try execution.check(bytes: output.count)
        switch value {
        case .null: output += "null".utf8
        case .bool(let isTrue): output += (isTrue ? "true" : "false").utf8
        case .int(let whole): output += String(whole).utf8
        case .int64(let whole): output += String(whole).utf8
        case .float(let number): GoNumber.appendJSON(number, to: &output)
        case .string(let bytes): append(bytes, style, to: &output)
        case .time(let time): append(time.format("2006-01-02T15:04:05.999999999Z07:00"), style, to: &output)
        case .root: return
        case .list(let list):
            output.append(UInt8(ascii: "["))
            for (index, element) in list.elements.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                breakLine(style, indent + 1, &output)
                try append(element, style, indent: indent + 1, to: &output, execution)
            }
            if !list.elements.isEmpty { breakLine(style, indent, &output) }
            output.append(UInt8(ascii: "]"))
        case .map(let map):
            output.append(UInt8(ascii: "{"))
            for (index, key) in map.sortedKeys.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                breakLine(style, indent + 1, &output)
                append(key, style, to: &output)
                output += (style == .pretty ? ": " : ":").utf8
                try append(map[key] ?? .null, style, indent: indent + 1, to: &output, execution)
            }
            if map.count > 0 { breakLine(style, indent, &output) }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func breakLine(_ style: Style, _ indent: Int, _ output: inout [UInt8]) {
        if style != .pretty { return }
        output.append(0x0A)
        output += repeatElement(0x20, count: 2 * indent)
    }

    private static func append(_ bytes: [UInt8], _ style: Style, to output: inout [UInt8]) {
        if style != .raw { return Bytes.with(bytes) { JSONValue.appendQuoted($0, to: &output) } }
        // The three HTML characters never need a JSON escape, so quoting the parts between them is quoting the whole.
        output.append(UInt8(ascii: "\""))
        var plain: [UInt8] = []
        for byte in bytes {
            if "<>&".utf8.contains(byte) {
                appendInner(plain, to: &output)
                plain = []
                output.append(byte)
            } else {
                plain.append(byte)
            }
        }
        appendInner(plain, to: &output)
        output.append(UInt8(ascii: "\""))
    }

    private static func appendInner(_ bytes: [UInt8], to output: inout [UInt8]) {
        var quoted: [UInt8] = []
        Bytes.with(bytes) { JSONValue.appendQuoted($0, to: &quoted) }
        output += quoted.dropFirst().dropLast()
    }
}
