import Glibc

/// Reads a configuration file whole; what goes wrong becomes a diagnostic.
struct ConfigurationFile {
    /// Bytes of the largest file that is read.
    static let sizeLimit = 16 << 20

    let path: String
    let text: String

    /// The first of the comma separated `paths` that exists.
    init(firstOf paths: String) throws(Diagnostic) {
        let candidates = paths.split(separator: ",").map(String.init)
        guard let path = candidates.first(where: { access($0, F_OK) == 0 }) else {
            throw Diagnostic(
                file: paths,
                position: nil,
                message: "the file does not exist",
                help: "look at the spelling; a path without '/' in front begins at the folder sluice is started in"
            )
        }
        self.path = path
        let bytes = try Self.read(path)
        text = try Self.decode(bytes, path)
    }

    private static func read(_ path: String) throws(Diagnostic) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, "cannot be opened", errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= sizeLimit {
            let count = Glibc.read(descriptor, &block, block.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EISDIR {
                throw Diagnostic(
                    file: path,
                    position: nil,
                    message: "is a folder, not a configuration file",
                    help: "name a file in it"
                )
            }
            guard count >= 0 else { throw failure(path, "cannot be read", errno) }
            if count == 0 { return bytes }
            bytes += block[..<count]
        }
        throw Diagnostic(
            file: path,
            position: nil,
            message: "larger than \(sizeLimit >> 20) MiB; no configuration file"
        )
    }

    private static func failure(_ path: String, _ what: String, _ code: Int32) -> Diagnostic {
        let reason = strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return Diagnostic(file: path, position: nil, message: "\(what): \(reason)")
    }

    /// The text without a byte order mark.
    private static func decode(_ bytes: [UInt8], _ path: String) throws(Diagnostic) -> String {
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        if let text = String(validating: body, as: UTF8.self) { return text }
        // Up to the first replacement the text is what the file holds, so that its end is the place of the mistake.
        let before = String(decoding: body, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }
        let starts = SourceLines.starts(of: before)
        let position = YAMLPosition(line: starts.count, column: before.count - (starts.last ?? 0) + 1)
        throw Diagnostic(file: path, position: position, message: "not UTF-8", help: "save the file as UTF-8")
    }
}
