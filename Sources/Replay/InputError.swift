import Glibc

/// Why a file could not be used: one sentence, never its content.
struct InputError: Error, Equatable {
    let message: String

    init(_ message: String) { self.message = message }

    /// A call on `path` that failed with `code`.
    init(_ path: String, _ what: String, errno code: Int32) {
        let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        message = "\(path): \(what): \(reason)"
    }
}
