import Entries
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
