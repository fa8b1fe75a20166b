import Entries
import Languages
import Testing

@testable import Stages

struct DecolorizeStageTests {
    private static let escape = "\u{1B}"

    @Test(arguments: [
        StageCase("colors", "- decolorize:", "\(escape)[31mred\(escape)[0m plain", expect: "red plain"),
        StageCase("several parameters", "- decolorize: {}", "\(escape)[1;38;5;208mx\(escape)[m", expect: "x"),
        StageCase("moves", "- decolorize:", "\(escape)[2K\(escape)[1G50%", expect: "50%"),
        StageCase("a title", "- decolorize:", "\(escape)]0;host\u{07}$", expect: "$"),
        StageCase("the single character", "- decolorize:", "\u{9B}1mé\u{9B}m", expect: "é"),
        StageCase("no escape", "- decolorize:", "[31m é", expect: "[31m é"),
        StageCase(
            "an escape that begins nothing",
            "- decolorize:",
            "\(escape)\(escape)[31m\(escape)",
            expect: "\(escape)\(escape)"
        ),
        StageCase("a digit as the end", "- decolorize:", "\(escape)[12345;z", expect: ";z"),
        StageCase("the whole line", "- decolorize:", "\(escape)[0m", expect: ""),
    ])
    func line(_ row: StageCase<String>) throws { #expect(try row.outputs().map(\.text) == [row.expected]) }

    /// Promtail's expression itself, run by RE2's rules, on what such sequences are made of.
    @Test func findsWhatTheExpressionFinds() throws {
        let pattern = try Pattern(
            #"[\x1B\x{9B}][[\]()#;?]*(?:(?:(?:[a-zA-Z\d]*(?:;[a-zA-Z\d]*)*)?\x07)|(?:(?:\d{1,4}(?:;\d{0,4})*)?[\dA-PRZcf-ntqry=><~]))"#
        )
        let parts = [
            "\u{1B}", "\u{9B}", "[", "]", "(", "?", ";", "0", "1", "23", "4567", "m", "Q", "z", "a", "\u{07}", "~", " ",
            "é",
        ]
        let run = try StageRun("- decolorize:")
        var random = RandomNumbers(seed: 11)
        for _ in 0..<20_000 {
            let text = (0..<(1 + random.next() % 14)).map { _ in parts[Int(random.next() % UInt64(parts.count))] }
                .joined()
            let bytes = Array(text.utf8)
            let expected = Bytes.with(bytes) { Self.removing(pattern, from: $0) }
            run.feed(bytes)
            #expect(run.outputs.last?.line == expected, "\(bytes)")
        }
    }

    /// The text without what the pattern matches.
    private static func removing(_ pattern: Pattern, from text: Bytes) -> [UInt8] {
        var rest: [UInt8] = []
        var place = 0
        while pattern.firstMatch(in: text, from: place), let found = pattern.captureRange(0) {
            rest += text[place..<found.lowerBound].array
            place = found.upperBound
        }
        return rest + text[place..<text.count].array
    }
}
