import Entries
import TestSupport
import Testing

@testable import Languages

/// The fast engine and the linear one, side by side on random input.
@Suite struct PatternAgreementTests {
    static let expressions = [
        #"^(?P<addr>\S+) (\S+) (\S+) \[([^\]]+)\] "(\S+) (\S+)[^"]*" (\d{3}) (\d+|-)"#,
        "(ERROR|WARN|FATAL).*(timeout|refused)",
        #"level=(\w+)"#, #"(\w+)=("[^"]*"|\S+)"#, #"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}"#, "(?i)error|warn",
        "(?i)k[s-t]+", "(?i)[^k]+s",
        "a*", "a+?b", "(?U)a+b?", "(a|ab)(c|bcd)(d*)", "(?m)^a.*$", "(?m)(?:^|,)([^,\n]*)", "(?m)$", #"\bfoo\b"#,
        #"\Bo"#, ".", "(?s).",
        "(?s)a.*b", ".*b", #"\s+"#, #"[\s\S]b"#, #"[^\s,]+"#, #"\S+$"#, #"[[:space:]]+"#, #"[^[:alpha:]]+"#, #"\W+"#,
        "é+", "[é-ü]x*", "[^é]+",
        #"a\.b"#, "(?:a|(b))+", "((a)|b)+c", "(a+)(b+)?", "x{2,3}", "(?:ab){2}", "[^a]", "[]a]+", "(a+)+$",
        "(?:a|b|ab)*c", "(x+x+)+y",
        #"password["']?\s*[:=]\s*["']?([^"'\s]+)"#, #"^\s*at "#, #"^(?:\[|\{)"#, #"(\d+)\.(\d+)ms"#, #"\{[^}]*\}"#,
        "日|é", "k$", "(?i)ſ?k",
    ]
    static let pieces =
        [
            "a", "b", "c", "d", "ab", "abcd", "x", "xx", "y", "k", "K", "\u{212A}", "s", "S", "\u{17F}", "é", "ü", "日",
            "\u{85}", " ", "\t", "\n", "\r",
            "\u{B}", ",", ".", "=", "\"", "'", "-", "foo", "o", "level=", "ERROR", "error", "timeout",
            "2026-01-02T03:04", "[", "]", "{", "}", "12.5ms", "password: ",
            " at ", "\0",
        ].map { Array($0.utf8) } + [[0x80], [0xC3], [0xE2, 0x82], [0xFF], [0xED, 0xA0, 0x80]]

    @Test(arguments: expressions)
    func bothEnginesFindTheSame(_ expression: String) throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix(state: seed)
        let pattern = try Pattern(expression)
        let linear = try Pattern(expression, isLinear: true)
        for _ in 0..<2_000 {
            var input: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                input += Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
            }
            let agree = Bytes.with(input) { pattern.allCaptures(in: $0) == linear.allCaptures(in: $0) }
            #expect(agree, "seed \(seed), \(expression) on \(input)")
            if !agree { return }
        }
    }
}
