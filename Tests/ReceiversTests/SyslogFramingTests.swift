import TestSupport
import Testing

@testable import Receivers

struct SyslogFramingTests {
    /// Messages of a connection that sends `parts` one after another and ends.
    private func messages(_ parts: [[UInt8]], maximum: Int = 8_192) -> (
        texts: [String], failure: SyslogFraming.Failure?
    ) {
        var framing = SyslogFraming(maximum: maximum)
        var texts: [String] = []
        do throws(SyslogFraming.Failure) {
            for part in parts {
                framing.feed(part)
                while let message = try framing.next() { texts.append(String(decoding: message, as: UTF8.self)) }
            }
        } catch { return (texts, error) }
        if let last = framing.flush() { texts.append(String(decoding: last, as: UTF8.self)) }
        return (texts, nil)
    }

    @Test(arguments: [
        ("5 <1>ab10 <2>1234567", ["<1>ab", "<2>1234567"]), ("<1>a\n<2>b\n", ["<1>a", "<2>b"]),
        ("<1>a\nmore\n<2>b", ["<1>a\nmore", "<2>b"]), ("<1>a", ["<1>a"]), ("", []), ("5 <1>", []),
        ("<1>a\n\n<2>b", ["<1>a\n", "<2>b"]),
    ])
    func messagesAreCutHoweverTheyArrive(text: String, expected: [String]) {
        let bytes = Array(text.utf8)
        for size in 1...max(1, bytes.count) {
            let parts = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            let result = messages(parts)
            #expect(result.texts == expected && result.failure == nil, "in parts of \(size)")
        }
    }

    @Test(arguments: [
        ("x", SyslogFraming.Failure.unknown(0x78)), ("\n<1>a", .unknown(0x0A)), ("5x", .badLength), ("0 ", .badLength),
        ("12345678901 ", .badLength), ("101 ", .tooLong(101)), ("3 <1>x", .badLength),
    ])
    func aConnectionThatCannotBeReadEnds(text: String, failure: SyslogFraming.Failure) {
        #expect(messages([Array(text.utf8)], maximum: 100).failure == failure)
    }

    @Test func aLineWithoutEndIsPassedOverWithinABound() throws {
        var framing = SyslogFraming(maximum: 100)
        framing.feed(Array("<1>first\n<2>".utf8))
        #expect(try framing.next().map { Array($0) } == Array("<1>first".utf8))
        for _ in 0..<64 {
            framing.feed([UInt8](repeating: 0x61, count: 64 << 10))
            #expect(try framing.next() == nil)
        }
        #expect(framing.skippedCount == 1)
        framing.feed(Array("\n<3>last\n<4>".utf8))
        #expect(try framing.next().map { Array($0) } == Array("<3>last".utf8))
        #expect(framing.skippedCount == 1)
    }

    /// Random messages with both framings in random parts: what goes in comes out.
    @Test func whatGoesInComesOut() {
        var random = SplitMix(state: 3)
        for round in 0..<200 {
            let sent = (0..<Int.random(in: 1...20, using: &random)).map { number in
                "<1>\(number) " + String(repeating: "x\n", count: Int.random(in: 0...300, using: &random)) + "y"
            }
            let isCounted = round % 2 == 0
            let bytes = sent.flatMap { isCounted ? Array("\($0.utf8.count) \($0)".utf8) : Array("\($0)\n".utf8) }
            var parts: [[UInt8]] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + Int.random(in: 1...900, using: &random))
                parts.append(Array(bytes[start..<end]))
                start = end
            }
            #expect(messages(parts).texts == sent)
        }
    }
}
