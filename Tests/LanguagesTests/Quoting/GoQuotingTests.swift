import Entries
import Testing

@testable import Languages

struct GoQuotingTests {
    private func quoted(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        Bytes.with(bytes) { GoQuoting.appendQuoted($0, to: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    @Test(arguments: [
        ("", #""""#),
        ("plain text ~", #""plain text ~""#),
        ("a\"b\\c", #""a\"b\\c""#),
        ("\u{7}\u{8}\u{C}\n\r\t\u{B}", #""\a\b\f\n\r\t\v""#),
        ("\u{0}\u{1F}\u{7F}", #""\x00\x1f\x7f""#),
        ("é日🙂", "\"é日🙂\""),
        (
            "\u{80}\u{A0}\u{AD}\u{2028}\u{FEFF}\u{E000}\u{FFFD}",
            #""\u0080\u00a0\u00ad\u2028\ufeff\ue000"# + "\u{FFFD}\""
        ),
        ("\u{10FFFF}\u{E0001}", #""\U0010ffff\U000e0001""#),
        ("\u{1C89}", #""\u1c89""#),
    ])
    func quotesAsGoDoes(text: String, expected: String) {
        #expect(quoted(Array(text.utf8)) == expected)
    }

    @Test(arguments: [
        ([0xFF, 0x41], #""\xffA""#),
        ([0xC3], #""\xc3""#),
        ([0xC0, 0x80], #""\xc0\x80""#),
        ([0xE2, 0x82], #""\xe2\x82""#),
        ([0xED, 0xA0, 0x80], #""\xed\xa0\x80""#),
        ([0xF4, 0x90, 0x80, 0x80], #""\xf4\x90\x80\x80""#),
        ([0xE0, 0x80, 0x80, 0x62], #""\xe0\x80\x80b""#),
    ])
    func bytesThatAreNotUTF8BecomeHex(bytes: [UInt8], expected: String) {
        #expect(quoted(bytes) == expected)
    }

    @Test(arguments: [
        (#""""#, []),
        (#""a\\\"\a\b\f\n\r\t\v""#, [0x61, 0x5C, 0x22, 7, 8, 0xC, 0xA, 0xD, 9, 0xB]),
        (#""\x41\xff\101\377""#, [0x41, 0xFF, 0x41, 0xFF]),
        (#""\u00e9\U0001F642""#, [0xC3, 0xA9, 0xF0, 0x9F, 0x99, 0x82]),
        ("\"é\t\"", [0xC3, 0xA9, 9]),
    ])
    func unquotesEveryEscape(text: String, expected: [UInt8]) throws {
        #expect(try GoQuoting.unquote(text) == expected)
    }

    @Test(arguments: [
        ("", 0), ("\"", 1), ("a", 0), (#""a"#, 2), (#""a"b"#, 3), (#""\d""#, 1), (#""\'""#, 1), (#""\x4""#, 1),
        (#""\400""#, 1), (#""\08""#, 1), (#""\ud800""#, 1), (#""\U00110000""#, 1), ("\"a\nb\"", 2), (#""a\"#, 2),
        ("`a`", 0), ("'a'", 0),
    ])
    func brokenLiteralsAreRefused(text: String, offset: Int) {
        #expect(throws: LanguageError("invalid syntax", at: offset)) { try GoQuoting.unquote(text) }
    }

    @Test func whatIsQuotedComesBack() throws {
        var bytes: [UInt8] = []
        for byte in UInt8.min...UInt8.max { bytes += [byte, byte &* 7, byte ^ 0x80] }
        #expect(try GoQuoting.unquote(quoted(bytes)) == bytes)
    }
}
