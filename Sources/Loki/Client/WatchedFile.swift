import Glibc

/// A small file that is read again when it changes: a password, a token, a certificate.
struct WatchedFile {
    /// A call that failed on the file.
    struct Unreadable: Error {
        let code: Int32
    }

    /// Enough for the certificates of a whole system several times over; a longer file is refused (EFBIG).
    static let bytesLimit = 4 * 1_024 * 1_024

    let path: String
    private(set) var contents: [UInt8] = []
    private var seen: Identity?

    init(path: String) { self.path = path }

    /// Reads the file unless it is the one that was read last; whether it was read.
    ///
    /// Looks at device, inode, size and times, so that a replaced file, a moved symbolic link and a write in place all
    /// count.
    mutating func refresh() throws(Unreadable) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Unreadable(code: errno) }
        if seen == Identity(status) { return false }

        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw Unreadable(code: errno) }
        defer { close(file) }
        // The opened file may be a newer one than the one looked at.
        guard fstat(file, &status) == 0 else { throw Unreadable(code: errno) }
        contents = try Self.readAll(file)
        seen = Identity(status)
        return true
    }

    /// The contents as text, without white space around it.
    var trimmedText: String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let first = contents.firstIndex(where: { !isSpace($0) }),
            let last = contents.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(decoding: contents[first...last], as: UTF8.self)
    }

    private static func readAll(_ file: Int32) throws(Unreadable) -> [UInt8] {
        var whole: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = read(file, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Unreadable(code: errno) }
            if count == 0 { return whole }
            guard whole.count + count <= bytesLimit else { throw Unreadable(code: EFBIG) }
            whole += piece[..<count]
        }
    }

    private struct Identity: Equatable {
        let device: UInt
        let inode: UInt
        let size: Int
        let modified: [Int]

        init(_ status: stat) {
            device = status.st_dev
            inode = status.st_ino
            size = status.st_size
            modified = [
                status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
            ]
        }
    }
}
