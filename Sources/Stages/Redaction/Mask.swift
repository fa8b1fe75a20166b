import Configuration
import Entries
import Glibc
import Languages

/// What stands in for a secret: a fixed text, or a keyed hash by which equal values can still be joined.
struct Mask {
    private let text: StageText
    private let key: HMACKey?

    /// Hex digits of the HMAC that are kept: 128 bits.
    private static let hashDigits = 32
    private static let hashStart = Array("[hmac:".utf8)
    private static let shortestKey = 16

    init(_ options: Options) throws(Diagnostic) {
        let replacement = options.string("replacement") ?? ""
        // The text goes into JSON strings at any depth of escaping; there these would need to be written differently.
        let isPlain = replacement.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        guard isPlain else {
            throw options.mistake(
                "replacement",
                "has a quote, a backslash or a control character",
                help: "it must fit into JSON as it is"
            )
        }
        text = StageText(replacement)
        switch options.string("mode") {
        case "hash": key = try Self.key(options)
        case "mask", nil: key = nil
        default: throw options.mistake("mode", "is neither 'mask' nor 'hash'")
        }
    }

    private static func key(_ options: Options) throws(Diagnostic) -> HMACKey {
        var bytes: [UInt8] = []
        if let path = options.string("hash_key_file") {
            guard let content = KeyFile.read(path) else {
                throw options.mistake("hash_key_file", "cannot be read", help: "give a file of at most 4 KiB")
            }
            bytes = content
        } else if let name = options.string("hash_key_env") {
            guard let value = getenv(name) else {
                throw options.mistake("hash_key_env", "names a variable that is not set")
            }
            bytes = Array(String(cString: value).utf8)
        } else {
            throw options.mistake("mode", "'hash' needs a key", help: "set 'hash_key_file' or 'hash_key_env'")
        }
        guard bytes.count >= shortestKey else {
            throw options.mistake("mode", "'hash' needs a key of at least \(shortestKey) bytes")
        }
        return Bytes.with(bytes) { HMACKey($0) }
    }

    // MARK: - Masking

    /// What becomes of a part of a text.
    enum Masked {
        /// No range touches it.
        case untouched
        /// All of it is secret: this stands in for it.
        case replaced(Bytes)
        /// A copy with the secrets in it replaced.
        case partly(Bytes)
    }

    /// The replacement for a whole value.
    func replacement(for secret: Bytes, _ arena: ByteArena) -> Bytes { replacement(for: secret, .plain, arena) }

    private func replacement(for secret: Bytes, _ form: MaskRange.Form, _ arena: ByteArena) -> Bytes {
        let output = arena.allocate(longestReplacement)
        let end = put(secret, form, output)
        arena.giveBack(longestReplacement - (end - output))
        return Bytes(from: output, to: end)
    }

    /// A copy of `text` with every range replaced.
    func apply(_ ranges: MaskRanges, to text: Bytes, _ arena: ByteArena) -> Bytes {
        copy(of: text, ranges, 0..<ranges.count, arena)
    }

    /// What the ranges of a text make of a part of it.
    func clip(_ ranges: MaskRanges, to part: Bytes, _ arena: ByteArena) -> Masked {
        var first = 0
        while first < ranges.count, ranges[first].end <= part.start { first += 1 }
        var end = first
        while end < ranges.count, ranges[end].start < part.end { end += 1 }
        guard first < end else { return .untouched }
        let range = ranges[first]
        if range.start <= part.start, range.end >= part.end {
            return .replaced(replacement(for: part, range.form, arena))
        }
        return .partly(copy(of: part, ranges, first..<end, arena))
    }

    private func copy(of part: Bytes, _ ranges: MaskRanges, _ touching: Range<Int>, _ arena: ByteArena) -> Bytes {
        var capacity = part.count
        for index in touching { capacity += longestReplacement + 2 * ranges[index].quote.count }
        let output = arena.allocate(capacity)
        var write = output
        var next = part.start
        for index in touching {
            let range = ranges[index]
            let start = max(range.start, part.start)
            write = Bytes(from: next, to: start).copy(to: write)
            write = range.quote.copy(to: write)
            write = put(Bytes(from: range.start, to: range.end), range.form, write)
            write = range.quote.copy(to: write)
            next = min(range.end, part.end)
        }
        write = Bytes(from: next, to: part.end).copy(to: write)
        arena.giveBack(capacity - (write - output))
        return Bytes(from: output, to: write)
    }

    private var longestReplacement: Int { max(text.bytes.count, Self.hashStart.count + Self.hashDigits + 1) }

    /// Writes what stands in for `secret`; gives the place behind it.
    private func put(
        _ secret: Bytes,
        _ form: MaskRange.Form,
        _ output: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        guard let key else { return text.bytes.copy(to: output) }
        let hash = Self.hashed(secret, form, key)
        return Bytes.with(hash) { $0.copy(to: output) }
    }

    /// `[hmac:` and the first hex digits of the HMAC of the value, escapes decoded where they are some.
    private static func hashed(_ secret: Bytes, _ form: MaskRange.Form, _ key: HMACKey) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: HMACKey.digestLength)
        digest.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            switch form {
            case .plain: key.authenticate(secret, into: start)
            case .string: Bytes.with(JSONEscapes.decoded(secret)) { key.authenticate($0, into: start) }
            }
        }
        return hashStart + Hashing.hex(digest).prefix(hashDigits) + [UInt8(ascii: "]")]
    }
}

/// How many values were masked; added up by the stage, read by whoever reports.
package final class RedactionCounter {
    package private(set) var count: UInt64 = 0
    func add(_ more: Int) { count += UInt64(more) }
}

/// Reading of small key files.
enum KeyFile {
    /// The content without trailing line breaks, at most 4 KiB; nil when it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4097)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
        guard count >= 0, count <= 4096 else { return nil }
        var content = bytes.prefix(count)
        while let last = content.last, last == 0x0A || last == 0x0D { content.removeLast() }
        return Array(content)
    }
}
