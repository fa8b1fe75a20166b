import Entries
import Languages

/// The JSON scanner and redaction, with any bytes as a line.
///
/// Holds: the scanner takes what the independent parser takes and decodes strings alike; all but the values of secrets
/// stays byte for byte; JSON stays JSON, with the values of secret keys masked and no other changed; and a secret that
/// is put into the middle of the line is found, whatever stands around it.
final class JSONRedactTarget: FuzzTarget {
    static let name = "json-redact"

    private let redacting = LinePipeline("- redact: {replacement: '~R~'}")
    /// Both stages share one scan of the line.
    private let parsing = LinePipeline(
        "- json: {expressions: {v: }, drop_malformed: true}\n- redact: {replacement: '~R~'}"
    )
    private let extracting = LinePipeline(
        "- json: {expressions: {v: }, drop_malformed: true}\n- output: {source: v}"
    )

    func run(_ input: Bytes) throws(Finding) {
        guard !Bytes.with(Masking.mark, { input.contains($0) }) else { return }
        let line = input.array
        guard let masked = redacting.line(of: input) else { throw Finding("redact drops a line") }
        guard Masking.couldMake(masked, of: line) else {
            throw Finding("other bytes are changed: \(Self.text(line)) becomes \(Self.text(masked))")
        }
        try checkPlantedSecret(line)
        // Promtail takes deeper documents than the parser does, which is why they are left out.
        guard line.count(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }) <= JSONValue.depthLimit else {
            return
        }
        try checkDocument(input, masked)
    }

    private func checkDocument(_ input: Bytes, _ masked: [UInt8]) throws(Finding) {
        let document = JSONValue.parse(input)
        let after = Bytes.with(masked) { JSONValue.parse($0) }
        // Promtail takes control characters in a string behind an escape, and the escape may have been in a secret.
        let isStrict = (0..<input.count).allSatisfy { input[$0] >= 0x20 }
        if let document, isStrict || after != nil {
            guard let after else { throw Finding("JSON is none any more: \(Self.text(masked))") }
            try Self.check(document, after)
        }
        let parsed = parsing.line(of: input)
        switch document {
        case .object, .null:
            guard let parsed else { throw Finding("the scanner refuses an object: \(input.string)") }
            guard parsed == masked else { throw Finding("json and redact give \(Self.text(parsed))") }
        default:
            guard parsed == nil else { throw Finding("the scanner takes what is no object: \(input.string)") }
        }
        if case .object(let members)? = document, case .string(let text)? = members[Array("v".utf8)] {
            guard extracting.line(of: input) == text else { throw Finding("a string is decoded in two ways") }
        }
    }

    // MARK: - Documents

    /// Whether `after` is `before` with the values of secret keys masked, and pairs of key and value in its texts.
    private static func check(_ before: JSONValue, _ after: JSONValue) throws(Finding) {
        switch (before, after) {
        case (.object(let before), .object(let after)):
            // Keys that became equal are one member now.
            guard before.count == after.count else { return }
            for index in 0..<before.count {
                let key = before.keys[index]
                guard Masking.couldMake(after.keys[index], of: key) else { throw Finding("a key is changed") }
                if namesSecret(key), isValue(before.values[index]) {
                    guard after.values[index] == .string(Masking.mark) else {
                        throw Finding("the value of '\(text(key))' is not masked")
                    }
                } else {
                    try check(before.values[index], after.values[index])
                }
            }
        case (.array(let before), .array(let after)):
            guard before.count == after.count else { throw Finding("an array has other elements") }
            for (before, after) in zip(before, after) { try check(before, after) }
        case (.string(let before), .string(let after)):
            guard Masking.couldMake(after, of: before) else { throw Finding("a string is changed") }
        default:
            guard before == after else { throw Finding("a value is changed") }
        }
    }

    /// `null` and empty texts are not masked.
    private static func isValue(_ value: JSONValue) -> Bool { value != .null && value != .string([]) }

    /// Said once more, as simply as it can be: one of the words, without what may stand between its letters.
    private static func namesSecret(_ key: [UInt8]) -> Bool {
        let letters = key.filter { !"_-.+ ".utf8.contains($0) }.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return Bytes.with(letters) { letters in
            ["password", "apikey", "token", "secret", "authorization"].contains { word in
                Bytes.with(Array(word.utf8)) { letters.contains($0) }
            }
        }
    }

    // MARK: - Planted secrets

    private static let canary = Array("Q7Q9".utf8)
    private static let pairs = [
        " password=Q7Q9 ", " password=\"Q7Q9 x\" ", " token: Q7Q9 ", "&access_token=Q7Q9&", ",\"password\":\"Q7Q9 x\",",
        ",\"secret\":{\"a\":[\"Q7Q9\"]},",
    ]

    /// Puts a secret into the middle of the line, as a line of its own and as a text of a JSON document.
    private func checkPlantedSecret(_ line: [UInt8]) throws(Finding) {
        guard !Bytes.with(line, { line in Bytes.with(Self.canary) { line.contains($0) } }) else { return }
        for pair in Self.pairs {
            let text = line[..<(line.count / 2)] + Array(pair.utf8) + line[(line.count / 2)...]
            var document = Array("{\"m\":".utf8)
            Bytes.with(Array(text)) { JSONValue.appendQuoted($0, to: &document) }
            for planted in [Array(text), document + [UInt8(ascii: "}")]] {
                let masked = Bytes.with(planted) { redacting.line(of: $0) } ?? []
                guard !Bytes.with(masked, { masked in Bytes.with(Self.canary) { masked.contains($0) } }) else {
                    throw Finding("a secret is left: \(Self.text(planted)) becomes \(Self.text(masked))")
                }
            }
        }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
