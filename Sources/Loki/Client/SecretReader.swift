import Delivery

/// The present text of a secret, whether it stands in the configuration or in a file.
struct SecretReader {
    private enum State {
        case value(String)
        case file(WatchedFile)
    }

    private var state: State

    init(_ source: SecretSource) {
        state =
            switch source {
            case .value(let secret): .value(secret.revealed)
            case .file(let path): .file(WatchedFile(path: path))
            }
    }

    /// The text now; a file is read if it has changed.
    mutating func current() throws(TransportError) -> String {
        switch state {
        case .value(let text): return text
        case .file(var file):
            do throws(WatchedFile.Unreadable) { _ = try file.refresh() } catch {
                throw TransportError(.credentials, "cannot read a file of a password or header (errno \(error.code))")
            }
            state = .file(file)
            return file.trimmedText
        }
    }
}
