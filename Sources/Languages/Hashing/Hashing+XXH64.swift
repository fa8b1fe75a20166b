import CBytes
package import Entries

extension Hashing {
    /// XXH64 of the xxHash specification (doc/xxhash_spec.md, version 0.1.1): fast, evenly spread, the same everywhere.
    ///
    /// Not for adversaries.
    package static func xxh64(_ message: Bytes, seed: UInt64 = 0) -> UInt64 {
        var next = message.start
        let end = message.end
        var hash: UInt64
        if message.count >= 32 {
            hash = stripes(&next, end, seed)
        } else {
            hash = seed &+ prime5
        }
        hash &+= UInt64(message.count)
        while end - next >= 8 {
            hash ^= round(0, cbytes_load64(next))
            hash = rotated(hash, 27) &* prime1 &+ prime4
            next += 8
        }
        if end - next >= 4 {
            hash ^= UInt64(cbytes_load32(next)) &* prime1
            hash = rotated(hash, 23) &* prime2 &+ prime3
            next += 4
        }
        while next < end {
            hash ^= UInt64(next.pointee) &* prime5
            hash = rotated(hash, 11) &* prime1
            next += 1
        }
        hash = (hash ^ (hash >> 33)) &* prime2
        hash = (hash ^ (hash >> 29)) &* prime3
        return hash ^ (hash >> 32)
    }

    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    /// Takes whole stripes of 32 bytes in four lanes.
    private static func stripes(
        _ next: inout UnsafePointer<UInt8>,
        _ end: UnsafePointer<UInt8>,
        _ seed: UInt64
    ) -> UInt64 {
        var (first, second) = (seed &+ prime1 &+ prime2, seed &+ prime2)
        var (third, fourth) = (seed, seed &- prime1)
        while end - next >= 32 {
            first = round(first, cbytes_load64(next))
            second = round(second, cbytes_load64(next + 8))
            third = round(third, cbytes_load64(next + 16))
            fourth = round(fourth, cbytes_load64(next + 24))
            next += 32
        }
        var hash = rotated(first, 1) &+ rotated(second, 7) &+ rotated(third, 12) &+ rotated(fourth, 18)
        hash = merged(hash, first)
        hash = merged(hash, second)
        hash = merged(hash, third)
        return merged(hash, fourth)
    }

    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        rotated(lane &+ input &* prime2, 31) &* prime1
    }

    private static func merged(_ hash: UInt64, _ lane: UInt64) -> UInt64 {
        (hash ^ round(0, lane)) &* prime1 &+ prime4
    }

    private static func rotated(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value << count | value >> (64 - count)
    }
}
