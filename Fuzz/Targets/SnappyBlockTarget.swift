import Entries
import Loki

/// Compression of any bytes, alone and as the pattern of a text that is longer than the fragments of a block.
///
/// Holds: what libsnappy makes of the block is the input, and no byte behind the block's room is written.
final class SnappyBlockTarget: FuzzTarget {
    static let name = "snappy-block"

    /// A fragment takes 65,536 bytes.
    private static let longLength = 70_000
    private static let sentinel: UInt8 = 0xA5
    private let arena = ByteArena()

    init() {}

    deinit { arena.deallocate() }

    func run(_ input: Bytes) throws(Finding) {
        arena.reset()
        try check(input)
        guard !input.isEmpty else { return }
        try check(pattern(of: input))
    }

    /// The input again and again, one byte of it another each time.
    private func pattern(of input: Bytes) -> Bytes {
        let text = arena.allocate(Self.longLength)
        for index in 0..<Self.longLength {
            let (round, place) = index.quotientAndRemainder(dividingBy: input.count)
            text[index] = input[place] ^ (round % input.count == place ? UInt8(truncatingIfNeeded: round) : 0)
        }
        return Bytes(text, count: Self.longLength)
    }

    private func check(_ text: Bytes) throws(Finding) {
        let capacity = SnappyBlock.maximumLength(of: text.count)
        let room = arena.allocate(capacity + 1)
        room[capacity] = Self.sentinel
        let count = SnappyBlock.compress(text, into: room, capacity: capacity)
        guard count <= capacity, room[capacity] == Self.sentinel else { throw Finding("a block left its room") }
        guard let again = SnappyBlock.decompress(Bytes(room, count: count), limit: text.count), again == text.array
        else { throw Finding("a block of \(text.count) bytes does not come back") }
    }
}
