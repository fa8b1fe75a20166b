import CLinux
import Glibc

/// A file open for reading; closed when the last reference goes.
final class OpenFile {
    let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    static func open(_ path: String) -> Result<OpenFile, SystemError> {
        let descriptor = clinux_open_for_reading(path)
        return descriptor >= 0
            ? .success(OpenFile(descriptor: descriptor)) : .failure(SystemError(code: -descriptor))
    }

    /// Files this process may have open.
    static var descriptorLimit: Int {
        let limit = sysconf(Int32(_SC_OPEN_MAX))
        return limit > 0 ? limit : 1024
    }

    /// Reads up to `count` bytes at `position` into `target`; less than `count` only at the end of the file.
    func read(
        into target: UnsafeMutablePointer<UInt8>,
        count: Int,
        at position: Int64
    ) throws(SystemError) -> Int {
        var filled = 0
        while filled < count {
            let got = pread(descriptor, target + filled, count - filled, off_t(position) + filled)
            if got > 0 {
                filled += got
            } else if got == 0 {
                break
            } else if errno != EINTR {
                throw SystemError(code: errno)
            }
        }
        return filled
    }

    /// The first bytes, at most `count`; none when they cannot be read, which reading for lines will tell.
    func firstBytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            guard let start = buffer.baseAddress else { return }
            filled = (try? read(into: start, count: count, at: 0)) ?? 0
        }
    }
}
