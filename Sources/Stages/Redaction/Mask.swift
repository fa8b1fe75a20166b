import Configuration
import Entries
import Glibc
import Languages

/// What stands in for a secret: a fixed text, or a keyed hash by which equal values can still be joined.
struct Mask {
    private let text: [UInt8]
    /// `text` as it reads inside a JSON string.
    private let escaped: [UInt8]
    private let key: HMACKey?

    /// Hex digits of the HMAC that are kept: 128 bits.
    private static let hashDigits = 32
    private static let shortestKey = 16

    init(_ options: Options) throws(Diagnostic) {
        text = Array((options.string("replacement") ?? "").utf8)
        var quoted: [UInt8] = []
        Bytes.with(text) { JSONValue.appendQuoted($0, to: &quoted) }
        escaped = Array(quoted.dropFirst().dropLast())
        switch options.string("mode") {
        case "hash": key = try Self.key(options)
        case "mask", nil: key = nil
        default:
            throw options.mistake("mode", "is neither 'mask' nor 'hash'")
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

    /// The replacement for a whole value.
    func replacement(for secret: Bytes, _ arena: ByteArena) -> Bytes {
        guard let key else { return arena.copy(text) }
        return arena.copy(Self.hashed(secret, key))
    }

    /// `[hmac:` and the first hex digits of the HMAC of the value, escapes decoded.
    private static func hashed(_ secret: Bytes, _ key: HMACKey) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let decoded = JSONEscapes.decoded(secret)
        digest.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            Bytes.with(decoded) { key.authenticate($0, into: start) }
        }
        return Array("[hmac:".utf8) + Hashing.hex(digest).prefix(hashDigits) + [0x5D]
    }

    /// A copy of `text` with every range replaced.
    func apply(_ ranges: MaskRanges, to text: Bytes, _ arena: ByteArena) -> Bytes {
        clip(ranges, to: text, arena) ?? text
    }

    /// A copy of `part` with the ranges that touch it replaced; nil when none does.
    func clip(_ ranges: MaskRanges, to part: Bytes, _ arena: ByteArena) -> Bytes? {
        var extra = 0
        var touches = false
        for index in 0..<ranges.count where ranges[index].end > part.start && ranges[index].start < part.end {
            touches = true
            extra += longestReplacement
        }
        guard touches else { return nil }
        let capacity = part.count + extra
        let output = arena.allocate(capacity)
        var write = output
        var next = part.start
        for index in 0..<ranges.count {
            let range = ranges[index]
            guard range.end > part.start, range.start < part.end else { continue }
            let start = max(range.start, part.start)
            memcpy(write, next, start - next)
            write += start - next
            write = put(range, write)
            next = min(range.end, part.end)
        }
        memcpy(write, next, part.end - next)
        write += part.end - next
        arena.giveBack(capacity - (write - output))
        return Bytes(output, count: write - output)
    }

    private var longestReplacement: Int { max(escaped.count, Self.hashDigits + 8) + 2 }

    private func put(_ range: MaskRange, _ output: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        var write = output
        if range.form == .value {
            write.pointee = 0x22
            write += 1
        }
        let bytes = key.map { Self.hashed(Bytes(from: range.start, to: range.end), $0) } ?? escaped
        memcpy(write, bytes, bytes.count)
        write += bytes.count
        if range.form == .value {
            write.pointee = 0x22
            write += 1
        }
        return write
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
