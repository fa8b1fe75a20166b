import Entries
import Languages

/// The stage `logfmt`, with any bytes as the line, against a reader that is as plain as can be.
final class LogfmtTarget: FuzzTarget {
    static let name = "logfmt"

    private let reading = LinePipeline("- logfmt: {mapping: {a: , b: , level: , msg: , other: a}}")
    private let redacting = LinePipeline("- redact: {replacement: '~R~'}")

    func run(_ input: Bytes) throws(Finding) {
        guard let output = reading.outputs(of: [input]).first else { throw Finding("logfmt drops a line") }
        guard output.line == input.array else { throw Finding("logfmt changes the line") }
        var reader = PlainLogfmt(input.array)
        let found = reader.values
        for (name, key) in [("a", "a"), ("b", "b"), ("level", "level"), ("msg", "msg"), ("other", "a")] {
            guard output.extracted[name] == found[Array(key.utf8)] else {
                throw Finding("logfmt and the plain reader differ in '\(name)'")
            }
        }
        guard !Bytes.with(Masking.mark, { input.contains($0) }) else { return }
        guard let masked = redacting.line(of: input), Masking.couldMake(masked, of: input.array) else {
            throw Finding("redact changes other bytes")
        }
    }
}

/// Reads logfmt as Promtail's decoder does, byte by byte into arrays.
private struct PlainLogfmt {
    private let text: [UInt8]
    private var index = 0

    init(_ text: [UInt8]) { self.text = text }

    /// The values up to the first mistake; of a key that occurs more than once the last one.
    var values: [[UInt8]: [UInt8]] {
        mutating get {
            var values: [[UInt8]: [UInt8]] = [:]
            for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
                guard line.count < 65_536 else { break }
                var reader = PlainLogfmt(Array(line))
                guard reader.read(into: &values) else { break }
            }
            return values
        }
    }

    /// Reads one line; false when there is a mistake in it.
    private mutating func read(into values: inout [[UInt8]: [UInt8]]) -> Bool {
        while true {
            _ = take { $0 <= 0x20 }
            if index == text.count { return true }
            let key = take { $0 > 0x20 && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"") }
            guard !key.isEmpty, next != UInt8(ascii: "\""), isSound(key) else { return false }
            guard next == UInt8(ascii: "=") else {
                values[key] = []
                continue
            }
            index += 1
            guard let value = next == UInt8(ascii: "\"") ? quoted() : bare() else { return false }
            values[key] = value
        }
    }

    private var next: UInt8? { index < text.count ? text[index] : nil }

    private mutating func take(while condition: (UInt8) -> Bool) -> [UInt8] {
        let start = index
        while let byte = next, condition(byte) { index += 1 }
        return Array(text[start..<index])
    }

    /// Go cannot tell U+FFFD from bytes that are not UTF-8.
    private func isSound(_ key: [UInt8]) -> Bool {
        guard let text = String(validating: key, as: UTF8.self) else { return false }
        return !text.unicodeScalars.contains("\u{FFFD}")
    }

    private mutating func bare() -> [UInt8]? {
        let value = take { $0 > 0x20 && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\"") }
        return next.map { $0 <= 0x20 } ?? true ? value : nil
    }

    private mutating func quoted() -> [UInt8]? {
        index += 1
        let start = index
        while let byte = next, byte != UInt8(ascii: "\"") { index += byte == UInt8(ascii: "\\") ? 2 : 1 }
        guard index < text.count else { return nil }
        let raw = Array(text[start..<index])
        index += 1
        guard raw.contains(UInt8(ascii: "\\")) else { return raw }
        return raw.contains { $0 < 0x20 } ? nil : Self.decoded(raw)
    }

    private static func decoded(_ raw: [UInt8]) -> [UInt8]? {
        var output = String.UnicodeScalarView()
        var index = 0
        while index < raw.count {
            guard raw[index] == UInt8(ascii: "\\") else {
                let (scalar, width) = Bytes.with(raw) { $0.scalar(at: index) } ?? ("\u{FFFD}", 1)
                output.append(scalar)
                index += width
                continue
            }
            guard index + 1 < raw.count else { return nil }
            if raw[index + 1] == UInt8(ascii: "u") {
                guard let first = unit(raw, at: index) else { return nil }
                let second = unit(raw, at: index + 6)
                index += 6
                if let second, first & 0xFC00 == 0xD800, second & 0xFC00 == 0xDC00 {
                    output.append(Unicode.Scalar((first & 0x3FF) << 10 + second & 0x3FF + 0x10000) ?? "\u{FFFD}")
                    index += 6
                } else {
                    output.append(Unicode.Scalar(first) ?? "\u{FFFD}")
                }
                continue
            }
            let letters: [UInt8: Unicode.Scalar] = [
                0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x27: "'", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r",
                0x74: "\t",
            ]
            guard let scalar = letters[raw[index + 1]] else { return nil }
            output.append(scalar)
            index += 2
        }
        return Array(String(output).utf8)
    }

    /// The number of the escape `\uXXXX` that begins at `start`.
    private static func unit(_ raw: [UInt8], at start: Int) -> UInt32? {
        guard start + 6 <= raw.count, raw[start] == UInt8(ascii: "\\"), raw[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        let digits = raw[(start + 2)..<(start + 6)]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
