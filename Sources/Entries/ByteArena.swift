public import Glibc

/// Memory for bytes that stages make for one entry: a decoded string, a redacted line, a template's result.
///
/// Blocks are handed out front to back and taken back all at once by ``reset()``, which the pipeline calls before each
/// entry, so that a steady state allocates nothing. A handle, copied freely; the owner calls ``deallocate()`` once.
/// Not `Sendable`: it belongs to the thread of its pipeline.
@frozen
public struct ByteArena {
    @usableFromInline struct Block {
        @usableFromInline var start: UnsafeMutablePointer<UInt8>
        @usableFromInline var capacity: Int
    }

    @usableFromInline struct State {
        @usableFromInline var next: UnsafeMutablePointer<UInt8>
        @usableFromInline var end: UnsafeMutablePointer<UInt8>
        /// The first block stays for ever, larger ones only until the next reset.
        @usableFromInline var first: Block
        @usableFromInline var extra: [Block]
    }

    /// Readable bytes behind every allocation, so that 16 bytes a step may look past its end.
    @usableFromInline static let slack = 64

    @usableFromInline let state: UnsafeMutablePointer<State>

    /// An arena whose first block holds `capacity` bytes.
    public init(capacity: Int = 64 * 1024) {
        let start = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.slack)
        state = .allocate(capacity: 1)
        state.initialize(
            to: State(next: start, end: start + capacity, first: Block(start: start, capacity: capacity), extra: [])
        )
    }

    /// Frees everything; no copy of this handle may be used afterwards.
    public func deallocate() {
        reset()
        state.pointee.first.start.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Takes back all bytes that were handed out.
    @inlinable public func reset() {
        // Where nothing was handed out there are no further blocks either.
        if state.pointee.next == state.pointee.first.start { return }
        if !state.pointee.extra.isEmpty { releaseExtraBlocks() }
        state.pointee.next = state.pointee.first.start
        state.pointee.end = state.pointee.first.start + state.pointee.first.capacity
    }

    @usableFromInline func releaseExtraBlocks() {
        for block in state.pointee.extra { block.start.deallocate() }
        state.pointee.extra.removeAll()
    }

    /// Room for `count` bytes, uninitialised, valid until the next reset.
    @inlinable public func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        let start = state.pointee.next
        if count <= state.pointee.end - start {
            state.pointee.next = start + count
            return start
        }
        return allocateBlock(count)
    }

    @usableFromInline func allocateBlock(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        let capacity = max(count, 256 * 1024)
        let start = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.slack)
        state.pointee.extra.append(Block(start: start, capacity: capacity))
        state.pointee.next = start + count
        state.pointee.end = start + capacity
        return start
    }

    /// Gives back the last `unused` bytes of the latest allocation.
    @inlinable public func giveBack(_ unused: Int) { state.pointee.next -= unused }

    /// A copy of `bytes` that lives until the next reset.
    @inlinable public func copy(_ bytes: Bytes) -> Bytes {
        let start = allocate(bytes.count)
        memcpy(start, bytes.start, bytes.count)
        return Bytes(start, count: bytes.count)
    }

    /// A copy of `array` that lives until the next reset.
    public func copy(_ array: [UInt8]) -> Bytes { Bytes.with(array) { copy($0) } }
}
