package import Entries

extension Bytes {
    /// The Unicode scalar that begins at `index` and how many bytes it takes; nil where the bytes are not UTF-8.
    ///
    /// As strict as RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF.
    package func scalar(at index: Int) -> (scalar: Unicode.Scalar, width: Int)? {
        let first = UInt32(self[index])
        if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
        let width: Int
        let least: UInt32
        var value: UInt32
        switch first {
        case 0xC2...0xDF: (width, least, value) = (2, 0x80, first & 0x1F)
        case 0xE0...0xEF: (width, least, value) = (3, 0x800, first & 0x0F)
        case 0xF0...0xF4: (width, least, value) = (4, 0x1_0000, first & 0x07)
        default: return nil
        }
        guard width <= count - index else { return nil }
        for next in (index + 1)..<(index + width) {
            guard self[next] & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(self[next] & 0x3F)
        }
        guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, width)
    }
}
