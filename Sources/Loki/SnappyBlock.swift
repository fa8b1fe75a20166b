import CSnappy
import CSnappyBlock
package import Entries

/// Snappy's block format: a length and the compressed bytes, without framing or checksum.
package enum SnappyBlock {
    /// Room that ``compress(_:into:capacity:)`` needs for `count` bytes.
    package static func maximumLength(of count: Int) -> Int { csnappyblock_capacity(max(0, count)) }

    /// Compresses `input`, of less than 4 GiB; the bytes written.
    ///
    /// Needs no memory but 40 KiB of stack.
    /// - Precondition: `capacity` is at least `maximumLength(of: input.count)`.
    package static func compress(_ input: Bytes, into output: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
        precondition(capacity >= maximumLength(of: input.count), "snappy: room for \(capacity) bytes of \(input.count)")
        precondition(input.count <= UInt32.max, "snappy: \(input.count) bytes in a block")
        return csnappyblock_compress(input.start, input.count, output)
    }

    /// The most bytes that one byte of a block can stand for.
    ///
    /// A copy of 64 bytes takes three (format_description.txt, 2.2.2), which is 21 and a third.
    private static let expansionLimit = 22

    /// The length that `block` claims for its contents; nil if it does not start with one.
    ///
    /// Unchecked but for this: nil, too, if it is more than a block of this size can hold.
    package static func uncompressedLength(_ block: Bytes) -> Int? {
        var length = 0
        let status = UnsafeRawPointer(block.start).withMemoryRebound(to: CChar.self, capacity: block.count) {
            snappy_uncompressed_length($0, block.count, &length)
        }
        return status == SNAPPY_OK && length <= expansionLimit * block.count ? length : nil
    }

    /// The contents of `block`; nil if it is damaged or claims more than `limit` bytes, which costs no memory.
    package static func decompress(_ block: Bytes, limit: Int) -> [UInt8]? {
        guard let claimed = uncompressedLength(block), claimed <= limit else { return nil }
        let contents = [UInt8](unsafeUninitializedCapacity: claimed) { buffer, count in
            var written = claimed
            let status = UnsafeRawPointer(block.start).withMemoryRebound(to: CChar.self, capacity: block.count) {
                source in
                guard let start = buffer.baseAddress else {
                    // No contents, no memory: snappy still has to find the block sound.
                    return snappy_validate_compressed_buffer(source, block.count)
                }
                return UnsafeMutableRawPointer(start).withMemoryRebound(to: CChar.self, capacity: claimed) {
                    snappy_uncompress(source, block.count, $0, &written)
                }
            }
            count = status == SNAPPY_OK ? written : 0
        }
        if contents.isEmpty {
            // Told apart from a damaged block, whose contents are dropped above.
            let sound = UnsafeRawPointer(block.start).withMemoryRebound(to: CChar.self, capacity: block.count) {
                snappy_validate_compressed_buffer($0, block.count) == SNAPPY_OK
            }
            return sound ? contents : nil
        }
        return contents
    }
}
