/// The parts of a URL as Go's `net/url` tells them apart.
struct TemplateURL {
    private(set) var scheme: [UInt8] = []
    private(set) var opaque: [UInt8] = []
    private(set) var userinfo: [UInt8] = []
    private(set) var host: [UInt8] = []
    private(set) var path: [UInt8] = []
    private(set) var query: [UInt8] = []
    private(set) var fragment: [UInt8] = []

    /// The host without port and without the brackets of an IPv6 address.
    var hostname: [UInt8] {
        if host.first == UInt8(ascii: "["), let close = host.firstIndex(of: UInt8(ascii: "]")) {
            return Array(host[1..<close])
        }
        return host.firstIndex(of: UInt8(ascii: ":")).map { Array(host[..<$0]) } ?? host
    }

    /// Nil where Go refuses the text: control characters, a bad escape, a bad port, a colon in the first path segment.
    init?(_ text: [UInt8]) {
        guard !text.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return nil }
        var rest = text[...]
        if let mark = rest.firstIndex(of: UInt8(ascii: "#")) {
            guard let decoded = Self.decoded(rest[(mark + 1)...]) else { return nil }
            fragment = decoded
            rest = rest[..<mark]
        }
        guard let colon = Self.schemeEnd(rest) else { return nil }
        scheme = TemplateText.lower(Array(rest[..<colon]))
        if colon > rest.startIndex { rest = rest[(colon + 1)...] }
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            query = Array(rest[(mark + 1)...])
            rest = rest[..<mark]
        }
        let slash = UInt8(ascii: "/")
        if rest.first != slash {
            if !scheme.isEmpty {
                opaque = Array(rest)
                return
            }
            guard !rest.prefix(while: { $0 != slash }).contains(UInt8(ascii: ":")) else { return nil }
        }
        if rest.starts(with: [slash, slash]), !scheme.isEmpty || !rest.starts(with: [slash, slash, slash]) {
            rest = rest.dropFirst(2)
            let end = rest.firstIndex(of: slash) ?? rest.endIndex
            guard readAuthority(rest[..<end]) else { return nil }
            rest = rest[end...]
        }
        guard let decoded = Self.decoded(rest) else { return nil }
        path = decoded
    }

    private mutating func readAuthority(_ authority: ArraySlice<UInt8>) -> Bool {
        var rest = authority
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            guard let written = Self.userinfo(rest[..<at]) else { return false }
            userinfo = written
            rest = rest[(at + 1)...]
        }
        let afterAddress = rest.firstIndex(of: UInt8(ascii: "]")) ?? rest.startIndex
        if rest.first == UInt8(ascii: "["), afterAddress == rest.startIndex { return false }
        if let colon = rest[afterAddress...].lastIndex(of: UInt8(ascii: ":")) {
            guard rest[(colon + 1)...].allSatisfy(\.isDecimalDigit) else { return false }
        }
        guard !rest.contains(0x20), let decoded = Self.decoded(rest) else { return false }
        host = decoded
        return true
    }

    /// User and password as Go writes them again: decoded and escaped anew.
    private static func userinfo(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.allSatisfy({ isPlain($0) || ":!'()*%@".utf8.contains($0) }) else { return nil }
        var output: [UInt8] = []
        for (index, part) in text.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            .enumerated()
        {
            guard let plain = decoded(part) else { return nil }
            if index > 0 { output.append(UInt8(ascii: ":")) }
            for byte in plain {
                output += isPlain(byte) ? [byte] : [UInt8(ascii: "%")] + TemplateText.upper(Hashing.hex([byte]))
            }
        }
        return output
    }

    /// What stands for itself in user and password.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-_.~$&+,;=".utf8.contains(byte)
        }
    }

    /// Where the scheme's colon stands; the start where there is no scheme; nil where a colon comes first.
    private static func schemeEnd(_ text: ArraySlice<UInt8>) -> Int? {
        for (index, byte) in zip(text.indices, text) {
            switch byte | 0x20 {
            case UInt8(ascii: "a")...UInt8(ascii: "z") where byte >= 0x41: continue
            default: break
            }
            let isInner = byte.isDecimalDigit || "+-.".utf8.contains(byte)
            if isInner, index > text.startIndex { continue }
            if byte == UInt8(ascii: ":") { return index > text.startIndex ? index : nil }
            return text.startIndex
        }
        return text.startIndex
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var output: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] != UInt8(ascii: "%") {
                output.append(text[index])
                index += 1
                continue
            }
            guard index + 2 < text.endIndex, text[index + 1].isHexDigit, text[index + 2].isHexDigit,
                let byte = UInt8(String(decoding: text[index + 1...index + 2], as: UTF8.self), radix: 16)
            else { return nil }
            output.append(byte)
            index += 3
        }
        return output
    }
}
