/// Promtail's positions file: one mapping, `positions:`, from path or cursor name to a scalar.
///
/// Reads the part of YAML 1.1 that its writer (Go's yaml.v2) and people use for such a table, strictly: other keys,
/// keys that come twice, and values that are no scalars are mistakes.
enum PositionsYAML {
    /// A mistake and its line, counted from 1.
    struct Mistake: Error, Equatable {
        let line: Int
        let message: String
    }

    // MARK: - Reading

    static func parse(_ text: String) throws(Mistake) -> [String: String] {
        var values: [String: String] = [:]
        var hasTable = false
        var indent: Int?
        var pendingKey: String?
        var number = 0
        for raw in text[...].unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let line = raw.last == "\r" ? raw.dropLast() : raw
            let content = line.drop { $0 == " " }
            if content.isEmpty || content.first == "#" || ["---", "..."].contains(Substring(line)) { continue }
            if content.first == "\t" { throw Mistake(line: number, message: "a tab cannot indent") }
            let depth = line.count - content.count
            if depth == 0 {
                if hasTable { throw Mistake(line: number, message: "only one key, 'positions', is known") }
                hasTable = try parseTop(content, line: number)
                if !hasTable { indent = .max }
                hasTable = true
                continue
            }
            guard hasTable, indent != .max else { throw Mistake(line: number, message: "unexpected indentation") }
            guard depth == indent ?? depth || pendingKey != nil else {
                throw Mistake(line: number, message: "unexpected indentation")
            }
            indent = indent ?? depth
            try parseEntry(content, line: number, pendingKey: &pendingKey, into: &values)
        }
        if pendingKey != nil { throw Mistake(line: number, message: "a key has no value") }
        return values
    }

    /// Whether entries may follow the line at the top.
    private static func parseTop(_ content: YAMLScalarScanner.Text, line: Int) throws(Mistake) -> Bool {
        var scanner = YAMLScalarScanner(content, line: line)
        let key = try scanner.scalar(endingAtColon: true)
        guard key == "positions" else { throw Mistake(line: line, message: "only one key, 'positions', is known") }
        try scanner.expectColon()
        switch Substring(scanner.rest) {
        case "", "~", "null": return true
        case "{}", "{ }": return false
        default: throw Mistake(line: line, message: "'positions' must be a mapping")
        }
    }

    private static func parseEntry(
        _ content: YAMLScalarScanner.Text,
        line: Int,
        pendingKey: inout String?,
        into values: inout [String: String]
    ) throws(Mistake) {
        var scanner: YAMLScalarScanner
        let key: String
        if let waiting = pendingKey {
            // The second half of a key that is too long for one line with its value: "? key", then ": value".
            guard content.first == ":" else { throw Mistake(line: line, message: "expected ': ' and a value") }
            key = waiting
            pendingKey = nil
            scanner = YAMLScalarScanner(content, line: line)
        } else if content.starts(with: "? ".unicodeScalars) {
            scanner = YAMLScalarScanner(content.dropFirst(2), line: line)
            pendingKey = try scanner.scalar(endingAtColon: false)
            return try scanner.expectEnd()
        } else {
            scanner = YAMLScalarScanner(content, line: line)
            key = try scanner.scalar(endingAtColon: true)
        }
        try scanner.expectColon()
        let value = try scanner.scalar(endingAtColon: false)
        try scanner.expectEnd()
        guard values.updateValue(value, forKey: key) == nil else {
            throw Mistake(line: line, message: "a key comes twice")
        }
    }

    // MARK: - Writing

    /// The table as Promtail writes it: keys sorted, numbers quoted.
    static func text(of values: [String: String]) -> String {
        if values.isEmpty { return "positions: {}\n" }
        var text = "positions:\n"
        for (key, value) in values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            // YAML allows 1,024 characters for a key on the line of its value; Go's writer stops at 128.
            text +=
                key.utf8.count > 128
                ? "  ? \(scalar(key))\n  : \(scalar(value))\n" : "  \(scalar(key)): \(scalar(value))\n"
        }
        return text
    }

    private static func scalar(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    /// Whether every YAML reader takes the text, unquoted, for just this string.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        let isLetter = ("a"..."z").contains(first) || ("A"..."Z").contains(first)
        guard isLetter || first == "/", text.utf8.count > 5 || first == "/" else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || "/._-=;+@~%".unicodeScalars.contains(scalar)
        } && text != "false"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || (0x80..<0xA0).contains(scalar.value):
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
            case "\u{2028}": result += "\\L"
            case "\u{2029}": result += "\\P"
            case "\u{FEFF}": result += "\\uFEFF"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
