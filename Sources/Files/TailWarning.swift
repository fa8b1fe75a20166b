/// Something about a file that somebody should know; told once per file and kind until it is over.
package struct TailWarning: Equatable, Sendable {
    package enum Kind: String, Sendable {
        /// The path cannot be looked at or opened; it is tried again at each look.
        case unreadable
        /// The pattern matches a folder, which has no lines.
        case isFolder
        /// The pattern matches a device, socket or FIFO, which cannot be tailed.
        case notRegular
        /// The file was cut (copytruncate) and is read again from its start.
        case truncated
        /// read(2) failed; it is tried again at the next look.
        case readError
        /// Lines were longer than the bound; `count` bytes of them were left out.
        case lineTooLong
        /// A saved position is not a number; the file is read from its start.
        case positionNotANumber
        /// A saved position lies behind the end; the file is read from its start.
        case positionBehindEnd
        /// A file that was rotated with unread lines cannot be found again.
        case rotatedFileNotFound
        /// The compressed data is damaged; what precedes the damage was read.
        case damagedArchive
        /// The character set is not known to this system; the file is not read.
        case unknownEncoding
        /// `__path__` or `__path_exclude__` is not a well-formed pattern; the target reads nothing.
        case badPattern
        /// A folder cannot be watched (`fs.inotify.max_user_watches`); its files are polled.
        case watchLimit
        /// The kernel dropped notifications; everything is looked at again.
        case watchOverflow
        /// More folders lie below the pattern than are watched; the others are looked at each sync period.
        case tooManyFolders
    }

    package let kind: Kind
    /// The file, folder or pattern it is about.
    package let path: String
    /// What the system said, such as "Permission denied"; empty when `kind` says it all.
    package let reason: String
    /// Bytes or times, where `kind` counts something; otherwise 0.
    package let count: Int

    package init(_ kind: Kind, path: String, reason: String = "", count: Int = 0) {
        self.kind = kind
        self.path = path
        self.reason = reason
        self.count = count
    }
}
