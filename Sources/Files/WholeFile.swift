import CLinux
import Glibc

/// Small files read and written as a whole.
package enum WholeFile {
    /// Larger positions files are refused: some hundred thousand files fit.
    static let maximumBytes: Int64 = 256 * 1024 * 1024

    /// Nil when there is no such file.
    package static func read(_ path: String) throws(SystemError) -> [UInt8]? {
        let file: OpenFile
        switch OpenFile.open(path) {
        case .success(let opened): file = opened
        case .failure(let error) where error.isMissing: return nil
        case .failure(let error): throw error
        }
        let status = try FileStatus.of(file).get()
        guard status.size <= maximumBytes else { throw SystemError(code: EFBIG) }
        var failure: SystemError?
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.size)) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            do throws(SystemError) {
                count = try file.read(into: start, count: buffer.count, at: 0)
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Replaces what `path` holds by `bytes`, so that a crash leaves the old or the new content.
    ///
    /// A symbolic link is followed. A file that cannot be replaced, because it is mounted on its own or its folder may
    /// not be written to, is overwritten in place: there a crash may leave a damaged file.
    static func replace(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        let target = PathName.resolved(path) ?? path
        do throws(SystemError) {
            try replaceByRename(target, with: bytes)
        } catch {
            guard [EBUSY, EXDEV, EACCES, EPERM, EROFS].contains(error.code),
                case .success = FileStatus.of(path: target)
            else { throw error }
            try overwrite(target, with: bytes)
        }
    }

    private static func replaceByRename(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        let folder = PathName.folder(of: path)
        let pattern = PathName.join(folder, "." + PathName.name(of: path) + ".XXXXXX")
        var name = pattern.utf8CString.map { $0 }
        let descriptor = clinux_make_temporary(&name)
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        var isRenamed = false
        defer { if !isRenamed { unlink(name) } }
        do {
            defer { close(descriptor) }
            var old = clinux_status()
            if clinux_status_of_path(path, &old) == 0 { try check(fchmod(descriptor, old.mode & 0o7777)) }
            try write(bytes, to: descriptor)
            try check(fsync(descriptor))
        }
        try check(rename(name, path))
        isRenamed = true
        // The folder too, or the rename may not survive a power cut.
        let code = clinux_sync_folder(folder)
        if code != 0, code != EINVAL { throw SystemError(code: code) }
    }

    private static func overwrite(_ path: String, with bytes: [UInt8]) throws(SystemError) {
        let descriptor = clinux_open_for_overwriting(path)
        guard descriptor >= 0 else { throw SystemError(code: -descriptor) }
        defer { close(descriptor) }
        try write(bytes, to: descriptor)
        try check(ftruncate(descriptor, bytes.count))
        try check(fsync(descriptor))
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count >= 0 { written += count } else if errno != EINTR { throw SystemError(code: errno) }
        }
    }

    private static func check(_ code: Int32) throws(SystemError) {
        if code != 0 { throw SystemError(code: errno) }
    }
}
