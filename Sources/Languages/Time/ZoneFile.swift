/// Reads a zone file in TZif format, versions 1 to 4 (RFC 9636).
struct ZoneFile {
    private struct Counts {
        let utcIndicators: Int
        let standardIndicators: Int
        let leapSeconds: Int
        let transitions: Int
        let kinds: Int
        let abbreviationBytes: Int

        /// Bytes of a data block whose instants take `size` bytes.
        func bytes(instantSize size: Int) -> Int {
            transitions * (size + 1) + kinds * 6 + abbreviationBytes + leapSeconds * (size + 4) + standardIndicators
                + utcIndicators
        }
    }

    private let bytes: [UInt8]
    private var position = 0

    /// The zone in `bytes`; nil when they are malformed.
    static func zone(named name: String, bytes: [UInt8]) -> ZoneInfo? {
        var file = ZoneFile(bytes: bytes)
        return file.read(name: name)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func read(name: String) -> ZoneInfo? {
        guard let version = bytes.count > 4 ? bytes[4] : nil, var counts = readHeader() else { return nil }
        var instantSize = 4
        if version >= UInt8(ascii: "2") {
            // The first block is for readers of 32-bit instants only.
            guard skip(counts.bytes(instantSize: 4)), let wide = readHeader() else { return nil }
            counts = wide
            instantSize = 8
        }
        guard counts.kinds > 0, counts.bytes(instantSize: instantSize) <= bytes.count - position else { return nil }
        var transitions: [Int64] = []
        transitions.reserveCapacity(counts.transitions)
        for _ in 0..<counts.transitions {
            let instant = instant(size: instantSize)
            // The search for a period relies on the order.
            if let last = transitions.last, last >= instant { return nil }
            transitions.append(instant)
        }
        let transitionKinds = Array(bytes[position..<(position + counts.transitions)])
        position += counts.transitions
        guard transitionKinds.allSatisfy({ Int($0) < counts.kinds }), let kinds = readKinds(counts) else { return nil }
        _ = skip(counts.leapSeconds * (instantSize + 4) + counts.standardIndicators + counts.utcIndicators)
        return ZoneInfo(
            name: name,
            kinds: kinds,
            transitions: transitions,
            transitionKinds: transitionKinds,
            future: readFuture()
        )
    }

    private mutating func readHeader() -> Counts? {
        guard bytes.count - position >= 44, Array(bytes[position..<(position + 4)]) == Array("TZif".utf8) else {
            return nil
        }
        position += 20
        return Counts(
            utcIndicators: integer(),
            standardIndicators: integer(),
            leapSeconds: integer(),
            transitions: integer(),
            kinds: integer(),
            abbreviationBytes: integer()
        )
    }

    private mutating func readKinds(_ counts: Counts) -> [ZoneInfo.Kind]? {
        let names = position + counts.kinds * 6
        let end = names + counts.abbreviationBytes
        var kinds: [ZoneInfo.Kind] = []
        for _ in 0..<counts.kinds {
            let offset = Int(Int32(truncatingIfNeeded: integer()))
            let start = names + Int(bytes[position + 1])
            guard start < end else { return nil }
            let abbreviation = Array(bytes[start..<end].prefix { $0 != 0 })
            kinds.append(
                ZoneInfo.Kind(offset: offset, isDaylight: bytes[position] != 0, abbreviation: abbreviation)
            )
            position += 2
        }
        position = end
        return kinds
    }

    /// The line at the end of versions 2 and later.
    private func readFuture() -> DaylightRule? {
        let rest = bytes[position...]
        guard rest.count > 2, rest.first == UInt8(ascii: "\n"), rest.last == UInt8(ascii: "\n") else { return nil }
        return DaylightRule(Array(rest.dropFirst().dropLast()))
    }

    private mutating func skip(_ count: Int) -> Bool {
        guard count <= bytes.count - position else { return false }
        position += count
        return true
    }

    private mutating func integer() -> Int { Int(bigEndian(size: 4)) }

    private mutating func instant(size: Int) -> Int64 {
        let bits = bigEndian(size: size)
        return size == 4 ? Int64(Int32(truncatingIfNeeded: bits)) : Int64(bitPattern: bits)
    }

    private mutating func bigEndian(size: Int) -> UInt64 {
        defer { position += size }
        return bytes[position..<(position + size)].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
