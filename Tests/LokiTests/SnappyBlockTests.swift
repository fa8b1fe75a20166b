import Entries
import TestSupport
import Testing

@testable import Loki

struct SnappyBlockTests {
    static func compressed(_ input: [UInt8]) -> [UInt8] {
        let capacity = SnappyBlock.maximumLength(of: input.count)
        return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            count = Bytes.with(input) { SnappyBlock.compress($0, into: start, capacity: capacity) }
        }
    }

    private func decompressed(_ block: [UInt8], limit: Int) -> [UInt8]? {
        Bytes.with(block) { SnappyBlock.decompress($0, limit: limit) }
    }

    @Test(arguments: [0, 1, 59, 60, 61, 1_000, 65_536, 300_000])
    func comesBackAsItWas(_ count: Int) {
        let input = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let block = Self.compressed(input)
        #expect(decompressed(block, limit: count) == input)
        #expect(Bytes.with(block) { SnappyBlock.uncompressedLength($0) } == count)
    }

    /// Noise, one byte, periods and a mixture, at every length where something else begins in the encoder.
    @Test func everyKindOfTextComesBack() {
        var random = SplitMix(state: 7)
        let noise = (0..<200_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let kinds: [(String, (Int) -> UInt8)] = [
            ("noise", { noise[$0] }),
            ("one byte", { _ in 0x61 }),
            ("period of 7", { UInt8($0 % 7) }),
            ("period of 8", { UInt8($0 % 8) }),
            ("period of 300, noise in between", { $0 % 300 < 40 ? noise[$0] : noise[$0 % 300] }),
            ("period of 40,000", { noise[$0 % 40_000] }),
        ]
        let lengths = Array(0...130) + [255, 256, 257, 4_096, 65_535, 65_536, 65_537, 65_583, 65_584, 131_072, 199_999]
        for (name, byte) in kinds {
            for length in lengths {
                let text = (0..<length).map(byte)
                #expect(decompressed(Self.compressed(text), limit: length) == text, "\(length) bytes of \(name)")
            }
        }
    }

    /// A copy element stands for at most 64 bytes and no element for fewer than four at three bytes each, so both sides of
    /// every multiple matter.
    @Test func repetitionsOfEveryLengthComeBack() {
        var random = SplitMix(state: 8)
        let noise = (0..<400).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        for length in 4...210 {
            let text = noise[..<210] + noise[..<length] + noise[250...]
            #expect(decompressed(Self.compressed(Array(text)), limit: 1_000) == Array(text), "\(length) bytes again")
        }
    }

    /// Whole words are read and written, but never beyond the text and the room that was asked for.
    @Test func nothingOutsideIsTouched() {
        var random = SplitMix(state: 9)
        for length in Array(0...200) + [65_536 + 47, 65_536 + 48, 65_536 + 90] {
            let text = (0..<length).map { $0 % 50 < 8 ? UInt8(truncatingIfNeeded: random.next()) : UInt8($0 % 50) }
            let input = GuardedMemory(text)
            let capacity = SnappyBlock.maximumLength(of: length)
            let output = GuardedMemory([UInt8](repeating: 0, count: capacity))
            let room = UnsafeMutablePointer(mutating: output.bytes.start)
            let count = SnappyBlock.compress(input.bytes, into: room, capacity: capacity)
            #expect(decompressed(Array(output.bytes.array[..<count]), limit: length) == text)
            input.deallocate()
            output.deallocate()
        }
    }

    /// Noise is the worst there is: it must fit, and the block be hardly larger than the text.
    @Test func noiseGrowsByNextToNothing() {
        var random = SplitMix(state: 10)
        let noise = (0..<1_000_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        #expect(Self.compressed(noise).count < 1_000_100)
    }

    @Test func linesThatAreAlikeBecomeSmall() {
        let lines = (0..<2_000).map {
            #"{"level":"info","message":"request \#($0) took \#($0 * 7 % 900) ms","service":"web"}"#
        }
        let text = Array(lines.joined(separator: "\n").utf8)
        #expect(Self.compressed(text).count * 4 < text.count)
    }

    @Test func aBlockOfTheFormatDescriptionIsRead() {
        // Length 4, a literal of 1 byte "a", a copy of 3 bytes from 1 byte back (format_description.txt, 2.1 and 2.2.2).
        #expect(decompressed([4, 0x00, 0x61, 0x0A, 0x01, 0x00], limit: 4) == Array("aaaa".utf8))
    }

    @Test func moreThanTheLimitIsRefused() {
        #expect(decompressed(Self.compressed([1, 2, 3]), limit: 2) == nil)
    }

    @Test func aHugeClaimCostsNoMemory() {
        #expect(decompressed([0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0x00], limit: 1_000) == nil)
    }

    /// Below any limit, or a few bytes could ask for 64 MB.
    @Test func moreThanABlockCanHoldIsRefused() {
        #expect(Bytes.with([0x80, 0x80, 0x80, 0x20, 0x00, 0x61]) { SnappyBlock.uncompressedLength($0) } == nil)
        let densest = Self.compressed([UInt8](repeating: 0x61, count: 10_000_000))
        #expect(decompressed(densest, limit: 1 << 30)?.count == 10_000_000)
    }

    @Test func everyCutBlockIsRefused() {
        let block = Self.compressed(Array("a line of text, a line of text, a line of text".utf8))
        for end in 0..<block.count {
            #expect(decompressed(Array(block[..<end]), limit: 1_000) == nil, "cut at \(end)")
        }
    }

    @Test func damageNeverCrashes() {
        let block = Self.compressed(Array("a line of text, a line of text, a line of text".utf8))
        for index in block.indices {
            for byte in UInt8.min...UInt8.max {
                var damaged = block
                damaged[index] = byte
                #expect((decompressed(damaged, limit: 1_000)?.count ?? 0) <= 1_000)
            }
        }
    }

    @Test func nothingAtAllIsRefused() {
        #expect(decompressed([], limit: 10) == nil)
        #expect(decompressed([0x80], limit: 10) == nil)
    }
}
