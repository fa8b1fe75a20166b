import Glibc

/// An `errno` value with the system's words for it.
package struct SystemError: Error, Equatable {
    package let code: Int32

    /// Nothing has this name.
    var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// The process or the system has no descriptor left.
    var isShortage: Bool { code == EMFILE || code == ENFILE }

    package var text: String {
        // glibc's strerror is thread-safe and returns constants for known codes.
        guard let text = strerror(code) else { return "error \(code)" }
        return String(cString: text)
    }
}
