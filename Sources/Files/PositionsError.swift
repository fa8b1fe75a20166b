/// Why a positions file cannot be read or written.
///
/// Names the file, never what it says.
package struct PositionsError: Error, Equatable, Sendable, CustomStringConvertible {
    package let path: String
    /// Counted from 1; nil when it is not about a line.
    package let line: Int?
    package let message: String
    /// The content is at fault, not the file system: `ignore_invalid_yaml` makes it count as empty.
    package let isInvalidContent: Bool

    package init(path: String, line: Int? = nil, message: String, isInvalidContent: Bool = false) {
        self.path = path
        self.line = line
        self.message = message
        self.isInvalidContent = isInvalidContent
    }

    package var description: String {
        let place = line.map { "\(path):\($0)" } ?? path
        return isInvalidContent ? "invalid yaml positions file [\(place)]: \(message)" : "\(place): \(message)"
    }
}
