import TestSupport
import Testing

@testable import Receivers

struct GELFTests {
    private func chunk(_ id: UInt64, _ number: Int, of count: Int, _ text: String) -> [UInt8] {
        [0x1E, 0x0F] + (0..<8).map { UInt8(truncatingIfNeeded: id >> (56 - 8 * $0)) }
            + [UInt8(number), UInt8(count)] + Array(text.utf8)
    }

    @Test func chunksInAnyOrderBecomeOneMessage() {
        var assembly = GELFAssembly()
        #expect(assembly.take(chunk(1, 2, of: 3, "c"), now: 0) == nil)
        #expect(assembly.take(chunk(2, 0, of: 1, "single"), now: 0) == Array("single".utf8))
        #expect(assembly.take(chunk(1, 0, of: 3, "a"), now: 1) == nil)
        #expect(assembly.take(chunk(1, 0, of: 3, "twice"), now: 1) == nil)
        #expect(assembly.take(chunk(1, 1, of: 3, "b"), now: 2) == Array("abc".utf8))
        #expect(assembly.waitingCount == 0 && assembly.lost == 0)
        #expect(assembly.take(Array("{}".utf8), now: 3) == Array("{}".utf8))
    }

    @Test func whatIsNotCompleteInTimeIsLost() {
        var assembly = GELFAssembly()
        #expect(assembly.take(chunk(1, 0, of: 2, "a"), now: 0) == nil)
        assembly.expire(now: GELFAssembly.patience)
        #expect(assembly.waitingCount == 1)
        assembly.expire(now: GELFAssembly.patience + 1)
        #expect(assembly.waitingCount == 0 && assembly.lost == 1)
        #expect(assembly.take(chunk(1, 1, of: 2, "b"), now: GELFAssembly.patience + 2) == nil)
    }

    @Test func badChunksAreLost() {
        var assembly = GELFAssembly()
        for bad in [
            [0x1E, 0x0F], chunk(1, 0, of: 0, "x"), chunk(1, 3, of: 3, "x"), chunk(1, 0, of: 129, "x"),
            chunk(1, 0, of: 1, ""),
        ] { #expect(assembly.take(bad, now: 0) == nil) }
        #expect(assembly.takeLost() == 5)
        #expect(assembly.take(chunk(7, 0, of: 2, "a"), now: 0) == nil)
        #expect(assembly.take(chunk(7, 1, of: 3, "b"), now: 0) == nil)
        #expect(assembly.takeLost() == 1)
    }

    @Test func aFloodOfFirstChunksStaysWithinBounds() {
        var assembly = GELFAssembly()
        for id in 0..<20_000 as Range<UInt64> { #expect(assembly.take(chunk(id, 0, of: 2, "x"), now: 0) == nil) }
        #expect(assembly.waitingCount == 1_024)
        let large = String(repeating: "x", count: 60_000)
        for id in 0..<2_000 as Range<UInt64> { _ = assembly.take(chunk(id + 50_000, 0, of: 2, large), now: 0) }
        #expect(assembly.waitingCount <= 8 * 1024 * 1024 / 60_000 + 1)
    }

    private func line(_ text: String) -> String? {
        GELFMessage(Array(text.utf8)).map { String(decoding: $0.line, as: UTF8.self) }
    }

    @Test func aMessageBecomesALineOfJSON() {
        let text =
            #"{"_b":1,"version":"1.1","host":"h","short_message":"s","level":3,"timestamp":12.5,"_a":"x","other":1}"#
        #expect(
            line(text)
                == #"{"version":"1.1","host":"h","short_message":"s","timestamp":12.5,"level":3,"_a":"x","_b":1}"#
        )
        #expect(line("{}") == #"{"version":"","host":"","short_message":"","timestamp":0}"#)
        let full = #"{"version":"1.1","host":"h","short_message":"s","full_message":"f","facility":"x","timestamp":1}"#
        #expect(line(full)?.contains(#""full_message":"f","timestamp":1,"facility":"x""#) ?? false)
    }

    @Test(arguments: ["", "x", "[]", "{", #"{"host":1}"#, #"{"timestamp":"x"}"#, #"{"level":[]}"#])
    func whatIsNoMessageIsRefused(text: String) { #expect(line(text) == nil) }
}
