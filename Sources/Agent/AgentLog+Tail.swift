import Files

extension AgentLog {
    /// Says what is the matter with a file.
    func tail(_ warning: TailWarning) {
        var values = [("path", warning.path), ("problem", Self.sentence(warning))]
        if !warning.reason.isEmpty { values.append(("reason", warning.reason)) }
        if warning.count != 0 { values.append(("count", "\(warning.count)")) }
        warn("file", values.filter { !$0.1.isEmpty })
    }

    private static func sentence(_ warning: TailWarning) -> String {
        switch warning.kind {
        case .unreadable: "cannot be read; it is tried again"
        case .isFolder: "is a folder"
        case .notRegular: "is not a regular file"
        case .truncated: "was truncated and is read from its start"
        case .readError: "could not be read further; it is tried again"
        case .lineTooLong: "has lines beyond the limit, which were cut"
        case .positionNotANumber: "has a saved position that is no number; it is read from its start"
        case .positionBehindEnd: "is shorter than its saved position; it is read from its start"
        case .rotatedFileNotFound:
            "was rotated or removed since the last run and cannot be found; lines written to it since then are lost"
        case .damagedArchive: "is damaged; what precedes the damage was read"
        case .unknownEncoding: "has an encoding that this system does not know"
        case .badPattern: "is not a well-formed pattern; nothing is read"
        case .watchLimit: "cannot be watched (fs.inotify.max_user_watches); it is polled"
        case .watchOverflow: "changed faster than notifications could be kept; everything is looked at again"
        case .tooManyFolders: "has more folders than are watched; the others are looked at each sync period"
        }
    }
}
