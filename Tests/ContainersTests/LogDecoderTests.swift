import Entries
import TestSupport
import Testing

@testable import Containers

/// Frames of the engine's API, cut anywhere.
struct LogDecoderTests {
    private static func frame(_ stream: UInt8, _ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return [stream, 0, 0, 0] + withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) } + bytes
    }

    private static func decode(
        _ bytes: [UInt8],
        limit: Int = 100_000,
        pieces: Int = .max,
        finishes: Bool = false
    ) throws -> (lines: [LogDecoder.Line], errors: Int, open: Timestamp?) {
        var decoder = LogDecoder(limit: limit)
        var lines: [LogDecoder.Line] = []
        var start = 0
        while start < bytes.count {
            let end = min(start + min(pieces, bytes.count), bytes.count)
            try Bytes.with(Array(bytes[start..<end])) { try decoder.take($0, into: &lines) }
            start = end
        }
        let open = decoder.openSince
        if finishes { decoder.finish(into: &lines) }
        return (lines, decoder.errors, open)
    }

    private static func texts(_ lines: [LogDecoder.Line]) -> [String] {
        lines.map { "\($0.stream.name) \($0.timestamp.nanoseconds) \(String(decoding: $0.text, as: UTF8.self))" }
    }

    private static let time = "2026-01-01T00:00:00.00000000"

    @Test(arguments: [1, 2, 7, 30, 1_000])
    func framesBecomeLinesWhereverTheyAreCut(pieces: Int) throws {
        let bytes =
            Self.frame(1, "\(Self.time)1Z out\n") + Self.frame(2, "\(Self.time)2Z err\r\n")
            + Self.frame(1, "\(Self.time)3Z \n")
            + Self.frame(0, "\(Self.time)4Z stdin counts as stdout\n") + Self.frame(1, "")
        let (lines, errors, open) = try Self.decode(bytes, pieces: pieces)
        #expect(Self.texts(lines) == ["stdout 1 out", "stderr 2 err", "stdout 3 ", "stdout 4 stdin counts as stdout"])
        #expect(errors == 0 && open == nil)
    }

    /// Pieces of a long line have the same time; those of the other stream may stand between them.
    @Test func piecesAreJoinedPerStream() throws {
        let bytes =
            Self.frame(1, "\(Self.time)1Z one ") + Self.frame(2, "\(Self.time)2Z other\n")
            + Self.frame(1, "\(Self.time)1Z line\n")
            + Self.frame(1, "\(Self.time)5Z open") + Self.frame(1, "\(Self.time)6Z next\n")
            + Self.frame(2, "\(Self.time)7Z last")
        let (lines, _, open) = try Self.decode(bytes)
        #expect(Self.texts(lines) == ["stderr 2 other", "stdout 1 one line", "stdout 5 open", "stdout 6 next"])
        #expect(open?.nanoseconds == 7)
        #expect(Self.texts(try Self.decode(bytes, finishes: true).lines).last == "stderr 7 last")
    }

    /// Podman's times are whole seconds, those of the pieces' own.
    @Test(arguments: [
        ("05", ["stdout 0 no newline"]), ("14", ["stdout 0 no newline"]), ("16", ["stdout 0 no ", "stdout 0 newline"]),
    ])
    func podmansPiecesAreJoinedWithinSeconds(second: String, expected: [String]) throws {
        let bytes = Self.frame(1, "2026-01-01T00:00:04Z no ") + Self.frame(1, "2026-01-01T00:00:\(second)Z newline\n")
        #expect(Self.texts(try Self.decode(bytes).lines) == expected)
    }

    @Test func aTerminalHasLinesWithoutFrames() throws {
        let long = String(repeating: "x", count: 16_384)
        let text = "\(Self.time)1Z a\r\n\(Self.time)2Z \(long)\(Self.time)2Z rest\r\n\(Self.time)3Z open"
        for pieces in [1, 5, 50_000] {
            let (lines, errors, open) = try Self.decode(Array(text.utf8), pieces: pieces)
            #expect(Self.texts(lines) == ["stdout 1 a", "stdout 2 \(long)rest"])
            #expect(errors == 0 && open?.nanoseconds == 3)
        }
    }

    @Test func longLinesAreCut() throws {
        let bytes = Self.frame(1, "\(Self.time)1Z 0123456789\n") + Self.frame(1, "\(Self.time)2Z 01234\n")
        let (lines, _, _) = try Self.decode(bytes, limit: 5)
        #expect(Self.texts(lines) == ["stdout 1 01234", "stdout 2 01234"])
        #expect(lines[0].cut > 0 && lines[1].cut == 0)
    }

    @Test(arguments: [
        "no time at all\n", "2026-01-01 x\n", "\n", "2026-13-01T00:00:00Z x\n", String(repeating: "9", count: 900),
    ])
    func framesWithoutATimeAreCountedAndLeftOut(text: String) throws {
        let bytes = Self.frame(1, text) + Self.frame(1, "\(Self.time)1Z good\n")
        let (lines, errors, _) = try Self.decode(bytes)
        #expect(Self.texts(lines) == ["stdout 1 good"])
        #expect(errors <= 1)
    }

    /// A time longer than any engine writes is none, also where its end comes by itself (found by the fuzzer).
    @Test(arguments: [1, 7, 1_000])
    func timesAreBounded(pieces: Int) throws {
        let text = "2026-01-01T00:00:00.\(String(repeating: "9", count: 47))Z x\n\(Self.time)1Z y\n"
        let (lines, errors, _) = try Self.decode(Array(text.utf8), pieces: pieces)
        #expect(Self.texts(lines) == ["stdout 1 y"])
        #expect(errors == 1)
    }

    @Test(arguments: [[3, 0, 0, 0, 0, 0, 0, 1], [1, 1, 0, 0, 0, 0, 0, 1], [1, 0, 0, 0, 255, 0, 0, 0]] as [[UInt8]])
    func whatIsNoFrameIsRefused(header: [UInt8]) {
        #expect(throws: LogDecoder.Malformed.self) { try Self.decode(header + [65, 66]) }
    }

    /// Whatever comes, in whatever pieces: no crash, and the same result however it is cut.
    @Test func randomBytesNeverTrap() throws {
        var random = SplitMix(state: 17)
        for _ in 0..<2_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0..<6, using: &random) {
                let text =
                    ["\(Self.time)1Z a\n", "\(Self.time)1Z b", "x", "", "\(Self.time)2Z \r\n"].randomElement(
                        using: &random
                    ) ?? ""
                bytes += Self.frame(UInt8.random(in: 0...2, using: &random), text)
            }
            if Bool.random(using: &random), !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { bytes = Array(bytes.dropFirst(8)) }
            let whole = try? Self.decode(bytes, finishes: true)
            let cut = try? Self.decode(bytes, pieces: 3, finishes: true)
            #expect(whole?.lines == cut?.lines)
        }
    }

    // MARK: - Positions

    @Test func positionsAreWrittenAndRead() {
        for text in ["1714000000.123456789/3", "0.000000001/1", "1714000000.000000000/0"] {
            #expect(LogPosition(text)?.text == text)
        }
        #expect(LogPosition("1714000000") == LogPosition(timestamp: Timestamp(seconds: 1_714_000_000), count: 0))
        for text in ["", "x", "1.5/2", "1.123456789/x", "1/2/3", "-1", "1.123456789/-1", "1..2"] {
            #expect(LogPosition(text) == nil)
        }
        #expect(LogPosition("1714000000.123456789/3")?.since == "1714000000.123456789")
    }

    @Test func linesOfThePositionsTimeAreLeftOutOnce() {
        let (first, second) = (Timestamp(seconds: 5), Timestamp(seconds: 6))
        var resumption = Resumption(LogPosition(timestamp: first, count: 2))
        let found = [first, first, first, second, first].map { resumption.isNew($0) }
        #expect(found == [false, false, true, true, true])
        var none = Resumption(nil)
        let isNew = none.isNew(first)
        #expect(isNew)
        var other = Resumption(LogPosition(timestamp: first, count: 2))
        let rest = [first, second, first].map { other.isNew($0) }
        #expect(rest == [false, true, true])
    }
}
