/// How far one file was read, and what it takes to know the file again.
package struct FileRecord: Hashable, Sendable {
    package enum Unit: String, Sendable {
        case bytes
        /// Compressed files count lines.
        case lines
    }

    /// The path under which the positions file names it.
    package var path: String
    package var identity: FileIdentity
    /// Of the first bytes that were seen.
    package var head: Fingerprint
    /// Of the bytes just before `position`.
    package var before: Fingerprint
    /// Everything before it is safe.
    package var position: Int64
    package var unit: Unit
    /// The path leads to other content now, and something of this one is not safe yet.
    package var isRotated: Bool

    package init(
        path: String,
        identity: FileIdentity,
        head: Fingerprint,
        before: Fingerprint,
        position: Int64,
        unit: Unit = .bytes,
        isRotated: Bool = false
    ) {
        self.path = path
        self.identity = identity
        self.head = head
        self.before = before
        self.position = position
        self.unit = unit
        self.isRotated = isRotated
    }

    /// Whether the content of `file` begins and goes on, up to the position, as it did when this was recorded.
    func hasContent(of file: OpenFile, size: Int64) -> Bool {
        if unit == .lines { return head.matches(file, at: 0) }
        return size >= position && head.matches(file, at: 0)
            && before.matches(file, at: position - Int64(before.count))
    }
}
