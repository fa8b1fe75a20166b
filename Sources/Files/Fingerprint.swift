/// A hash of some bytes of a file, and how many they are: tells whether the file still holds what was read from it.
package struct Fingerprint: Hashable, Sendable {
    /// Most bytes that go into one.
    package static let maximumBytes = 1024
    package static let none = Fingerprint(count: 0, hash: fnvOffset)

    /// 64-bit FNV-1a (Fowler, Noll, Vo: draft-eastlake-fnv).
    private static let fnvOffset: UInt64 = 0xCBF2_9CE4_8422_2325
    private static let fnvPrime: UInt64 = 0x0000_0100_0000_01B3

    package let count: Int
    package let hash: UInt64

    package init(count: Int, hash: UInt64) {
        self.count = count
        self.hash = hash
    }

    init(_ start: UnsafePointer<UInt8>, count: Int) {
        self.count = count
        self.hash = Self.hash(UnsafeBufferPointer(start: start, count: count))
    }

    static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(fnvOffset) { ($0 ^ UInt64($1)) &* fnvPrime }
    }

    /// The fingerprint of the bytes just before `position`; nil when they cannot be read.
    static func before(_ position: Int64, in file: OpenFile) -> Fingerprint? {
        let count = Int(min(position, Int64(maximumBytes)))
        return of(file, at: position - Int64(count), count: count)
    }

    /// The fingerprint of the first bytes of a file that is `size` bytes long; nil when they cannot be read.
    static func head(of file: OpenFile, size: Int64) -> Fingerprint? {
        of(file, at: 0, count: Int(min(max(size, 0), Int64(maximumBytes))))
    }

    /// Whether this is the fingerprint of `bytes`.
    func matches(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.count == count && Self.hash(bytes) == hash
    }

    /// Whether `file` holds these bytes at `position`.
    func matches(_ file: OpenFile, at position: Int64) -> Bool {
        position >= 0 && Self.of(file, at: position, count: count) == self
    }

    /// The fingerprint of `count` bytes at `position`, at most ``maximumBytes``; nil when they cannot be read.
    static func of(_ file: OpenFile, at position: Int64, count: Int) -> Fingerprint? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: maximumBytes) { buffer in
            guard let start = buffer.baseAddress, count <= maximumBytes else { return nil }
            // An unreadable file is no match; why it is unreadable is told where it is read for its lines.
            guard let got = try? file.read(into: start, count: count, at: position), got == count else { return nil }
            return Fingerprint(start, count: count)
        }
    }
}
