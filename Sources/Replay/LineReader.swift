import Entries
import Glibc

/// The lines of an input, as a file source delivers them: split at `\n` only, the last one also without it.
///
/// Keeps `\r` and whatever bytes there are. A line of more than ``longestLineBytes`` is an error.
final class LineReader {
    static let longestLineBytes = 64 * 1024 * 1024
    /// Readable bytes that scanners want behind a line.
    private static let slack = 64

    private let name: String
    private let descriptor: Int32
    private let isOwner: Bool
    private var buffer: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var start = 0
    private var end = 0
    /// Up to here there is no newline.
    private var searched = 0
    private var isAtEnd = false

    /// Reads an open descriptor that stays the caller's.
    init(descriptor: Int32, name: String) {
        self.name = name
        self.descriptor = descriptor
        isOwner = false
        capacity = 256 * 1024
        buffer = .allocate(capacity: capacity + Self.slack)
    }

    /// Opens a file.
    init(path: String) throws(InputError) {
        if TextFile.isFolder(path) { throw InputError("\(path): is a folder; name a file in it") }
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw InputError(path, "cannot be opened", errno: errno) }
        name = path
        descriptor = opened
        isOwner = true
        capacity = 256 * 1024
        buffer = .allocate(capacity: capacity + Self.slack)
    }

    /// Lines of a text in memory.
    init(_ text: [UInt8]) {
        name = "text"
        descriptor = -1
        isOwner = false
        capacity = text.count
        buffer = .allocate(capacity: capacity + Self.slack)
        buffer.initialize(from: text, count: text.count)
        end = text.count
        isAtEnd = true
    }

    /// Everything that is in memory, newlines included; valid as long as the reader lives.
    var whole: Bytes { Bytes(buffer + start, count: end - start) }

    deinit {
        buffer.deallocate()
        if isOwner { close(descriptor) }
    }

    /// The next line, valid until the call after; nil at the end.
    func next() throws(InputError) -> Bytes? {
        while true {
            let unread = Bytes(buffer + start, count: end - start)
            if let newline = unread.firstIndex(of: UInt8(ascii: "\n"), from: searched) {
                start += newline + 1
                searched = 0
                return unread[0..<newline]
            }
            searched = unread.count
            if isAtEnd {
                start = end
                searched = 0
                return unread.isEmpty ? nil : unread
            }
            try fill()
        }
    }

    private func fill() throws(InputError) {
        if start > 0 {
            memmove(buffer, buffer + start, end - start)
            end -= start
            start = 0
        }
        if end == capacity {
            guard capacity < Self.longestLineBytes else {
                throw InputError("\(name): a line is longer than \(Self.longestLineBytes >> 20) MiB")
            }
            let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2 + Self.slack)
            larger.moveInitialize(from: buffer, count: end)
            buffer.deallocate()
            buffer = larger
            capacity *= 2
        }
        while true {
            let count = read(descriptor, buffer + end, capacity - end)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw InputError(name, "cannot be read", errno: errno) }
            end += count
            isAtEnd = count == 0
            return
        }
    }
}
