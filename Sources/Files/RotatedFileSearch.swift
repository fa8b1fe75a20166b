/// Finds a file again that has left its path: by what it is, or by what is in it.
///
/// `app.log` may have become `app.log.1` (the same inode), a copy of that name (copytruncate), or `app.log.1.gz`.
struct RotatedFileSearch {
    struct Found {
        var path: String
        var file: OpenFile
        var status: FileStatus
        /// For a compressed file: its content from the recorded position on.
        var rest: CompressedReader?
    }

    let record: FileRecord
    /// Paths that are read on their own.
    let isTaken: (String) -> Bool

    /// Candidates whose content is compared at most: the newest ones.
    private static let maximumCandidates = 64

    func find() -> Found? {
        let folder = PathName.folder(of: record.path)
        let name = PathName.name(of: record.path)
        let entries = FolderListing.entries(of: folder)
        for entry in entries where entry.inode == record.identity.inode {
            if let found = plain(PathName.join(folder, entry.name), mayBeCopy: false) { return found }
        }
        // Without the bytes before the position, the first ones have to be enough, as many as there may be.
        let isHeadWhole = record.head.count >= min(Fingerprint.maximumBytes, Int(clamping: record.position))
        guard record.head.count > 0, record.before.count > 0 || isHeadWhole else { return nil }
        let stem = name.split(separator: ".", omittingEmptySubsequences: true).first.map(String.init) ?? name
        let candidates = entries.map(\.name).filter { $0 != name && $0.hasPrefix(stem) }
            .map { PathName.join(folder, $0) }
            .compactMap { path -> (path: String, modified: Int64)? in
                guard case .success(let status) = FileStatus.of(path: path), status.kind == .regular else { return nil }
                return (path, status.modified)
            }
            .sorted { $0.modified > $1.modified }
            .prefix(Self.maximumCandidates)
        for candidate in candidates {
            let found =
                if let format = RotatedName.format(of: candidate.path) {
                    compressed(candidate.path, format)
                } else {
                    plain(candidate.path, mayBeCopy: true)
                }
            if let found { return found }
        }
        return nil
    }

    /// The file `identity` somewhere in the folder of `path`.
    static func byIdentity(_ identity: FileIdentity, near path: String) -> Found? {
        let folder = PathName.folder(of: path)
        for entry in FolderListing.entries(of: folder) where entry.inode == identity.inode {
            let path = PathName.join(folder, entry.name)
            guard case .success(let file) = OpenFile.open(path), case .success(let status) = FileStatus.of(file),
                status.identity.isSame(as: identity)
            else { continue }
            return Found(path: path, file: file, status: status)
        }
        return nil
    }

    private func plain(_ path: String, mayBeCopy: Bool) -> Found? {
        guard !isTaken(path), case .success(let file) = OpenFile.open(path),
            case .success(let status) = FileStatus.of(file), status.kind == .regular,
            mayBeCopy || status.identity.isSame(as: record.identity),
            record.hasContent(of: file, size: status.size)
        else { return nil }
        return Found(path: path, file: file, status: status)
    }

    private func compressed(_ path: String, _ format: TailTarget.Decompression.Format) -> Found? {
        guard !isTaken(path), case .success(let file) = OpenFile.open(path),
            case .success(let status) = FileStatus.of(file)
        else { return nil }
        let probe = CompressedReader(format)
        guard let head = probe.skip(Int64(record.head.count), of: file), record.head.matches(head) else { return nil }
        let reader = CompressedReader(format)
        guard let last = reader.skip(record.position, of: file), record.before.matches(last.suffix(record.before.count))
        else { return nil }
        return Found(path: path, file: file, status: status, rest: reader)
    }
}
