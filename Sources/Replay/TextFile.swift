import Glibc

/// Small files that are read and written whole: pipelines, fixtures.
enum TextFile {
    /// Larger files are refused.
    static let limitBytes = 256 * 1024 * 1024

    static func read(_ path: String) throws(InputError) -> [UInt8] {
        if isFolder(path) { throw InputError("\(path): is a folder; name a file in it") }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputError(path, "cannot be opened", errno: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while bytes.count <= limitBytes {
            let count = Glibc.read(descriptor, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw InputError(path, "cannot be read", errno: errno) }
            if count == 0 { return bytes }
            bytes += block[..<count]
        }
        throw InputError("\(path): larger than \(limitBytes >> 20) MiB")
    }

    /// The text of a UTF-8 file, without a byte order mark.
    static func text(_ path: String) throws(InputError) -> String {
        let bytes = try read(path)
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else { throw InputError("\(path): not UTF-8") }
        return text
    }

    /// Puts `bytes` in place of what the file holds.
    static func write(_ bytes: [UInt8], to path: String) throws(InputError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw InputError(path, "cannot be written", errno: errno) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw InputError(path, "cannot be written", errno: errno) }
            written += count
        }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder in byte order, without those that begin with a dot.
    static func names(in folder: String) throws(InputError) -> [String] {
        guard let stream = opendir(folder) else { throw InputError(folder, "cannot be listed", errno: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
