public import CBytes

/// Bytes that somebody else owns: a line in a slab, a value in an arena, a label of a target.
///
/// A view, two words long, that neither copies nor counts references. **Unsafe by nature**: it is valid only as long as
/// its owner says (a slab until the next read, an arena until its batch ends), and whoever keeps bytes longer copies
/// them with ``array``. Indices start at 0. Not `Sendable`: a view never leaves the thread that owns the memory.
@frozen
public struct Bytes {
    /// Address of the first byte; valid to hold, not to read, where there are none.
    public let start: UnsafePointer<UInt8>
    /// Number of bytes, 0 or more.
    public let count: Int

    /// The `count` bytes from `start` on, which their owner keeps.
    @inlinable public init(_ start: UnsafePointer<UInt8>, count: Int) {
        self.start = start
        self.count = count
    }

    /// The bytes from `start` up to, not including, `end`.
    @inlinable public init(from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>) {
        self.start = start
        self.count = end - start
    }

    /// Address behind the last byte.
    @inlinable public var end: UnsafePointer<UInt8> { start + count }
    /// Whether there is no byte.
    @inlinable public var isEmpty: Bool { count == 0 }
    /// The byte at an index in 0 ..< ``count``, which is not checked.
    @inlinable public subscript(index: Int) -> UInt8 { start[index] }

    /// The part from index `lower` up to, not including, `upper`.
    @inlinable public subscript(range: Range<Int>) -> Bytes {
        Bytes(start + range.lowerBound, count: range.count)
    }

    /// A copy that outlives the owner.
    public var array: [UInt8] { Array(UnsafeBufferPointer(start: start, count: count)) }

    /// A copy as text; bytes that are not UTF-8 become U+FFFD.
    public var string: String { String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self) }

    /// Copies the bytes to `output`, which has room for them; gives the place behind the copy.
    @inlinable public func copy(to output: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        memcpy(output, start, count)
        return output + count
    }

    /// Whether both hold the same bytes, wherever they lie.
    @inlinable public static func == (left: Bytes, right: Bytes) -> Bool {
        left.count == right.count && memcmp(left.start, right.start, left.count) == 0
    }

    /// Whether the first bytes are `prefix`; no bytes begin everything.
    @inlinable public func starts(with prefix: Bytes) -> Bool {
        count >= prefix.count && memcmp(start, prefix.start, prefix.count) == 0
    }

    /// Whether the last bytes are `suffix`; no bytes end everything.
    @inlinable public func ends(with suffix: Bytes) -> Bool {
        count >= suffix.count && memcmp(end - suffix.count, suffix.start, suffix.count) == 0
    }

    /// Index of the first `byte` at or after `from`; nil if there is none.
    @inlinable public func firstIndex(of byte: UInt8, from: Int = 0) -> Int? {
        guard let hit = memchr(start + from, Int32(byte), count - from) else { return nil }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(start)
    }

    /// Whether these bytes are a part of `whole`, at their place in memory.
    @inlinable public func lies(in whole: Bytes) -> Bool { start >= whole.start && end <= whole.end }

    /// Whether `part` stands anywhere in the bytes; no bytes stand everywhere.
    @inlinable public func contains(_ part: Bytes) -> Bool {
        cbytes_find_text(start, end, part.start, part.count) != nil
    }

    /// Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, nothing above U+10FFFF, no overlong forms).
    @inlinable public var isUTF8: Bool { cbytes_is_utf8(start, end) != 0 }
}

extension Bytes {
    /// Lends the bytes of `array` to `body`; the view must not leave it.
    @inlinable public static func with<Result, Failure: Error>(
        _ array: [UInt8],
        _ body: (Bytes) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // A typed throw through the standard library's closure needs the detour over Swift.Result.
        let result: Swift.Result<Result, Failure> = array.withUnsafeBufferPointer { buffer in
            let start = buffer.baseAddress ?? cbytes_empty()
            do throws(Failure) { return .success(try body(Bytes(start, count: buffer.count))) } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// A view of no bytes, at a valid address.
    @inlinable public static var empty: Bytes { Bytes(cbytes_empty(), count: 0) }
}
