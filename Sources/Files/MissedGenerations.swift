/// Finds files that had the path of a log, or what stood in it, while nobody looked: rotated after what was seen last,
/// and before what stands there now.
///
/// They are known by two things that have to agree, the order of rotated names and the order of times, since a file
/// that is taken for a missed one by mistake is sent again as a whole.
struct MissedGenerations {
    /// What is known not to have been missed.
    enum Start {
        /// The file that was read last, under the name that rotation gave it, and all before it.
        case after(RotatedFileSearch.Found)
        /// Everything before the log was seen to be empty; nanoseconds since 1970.
        ///
        /// Only copies come after that, and only the time when they were made tells them from older files.
        case empty(at: Int64)
    }

    /// The log's path.
    let path: String
    let start: Start
    /// Files that are read on their own, or were.
    let isKnown: (String, FileIdentity) -> Bool

    /// More than this many rotations between two looks are not made up for.
    private static let maximum = 64

    /// The oldest first.
    func find() -> [(found: RotatedFileSearch.Found, record: FileRecord)] {
        let folder = PathName.folder(of: path)
        let name = PathName.name(of: path)
        var lastName: RotatedName?
        if case .after(let last) = start {
            lastName = RotatedName(PathName.name(of: last.path), of: name)
            guard PathName.folder(of: last.path) == folder, lastName != nil else { return [] }
        }
        var missed: [(name: RotatedName, found: RotatedFileSearch.Found)] = []
        for entry in FolderListing.entries(of: folder) {
            guard let rotated = RotatedName(entry.name, of: name), lastName.map(rotated.isNewer) ?? true,
                let found = candidate(PathName.join(folder, entry.name), rotated)
            else { continue }
            missed.append((rotated, found))
        }
        return missed.sorted { $1.name.isNewer(than: $0.name) }.prefix(Self.maximum).map {
            ($0.found, record(of: $0.found))
        }
    }

    /// A record of nothing read yet, by which the file is found again after a kill.
    private func record(of found: RotatedFileSearch.Found) -> FileRecord {
        let head =
            found.rest.map { CompressedReader($0.format).head(of: found.file) }
            ?? Fingerprint.head(of: found.file, size: found.status.size)
        return FileRecord(
            path: path,
            identity: found.status.identity,
            head: head ?? .none,
            before: .none,
            position: 0,
            isRotated: true
        )
    }

    /// Whether `file` holds what the log holds too: copytruncate has copied it and not cut it yet.
    private func isCopy(_ file: OpenFile, size: Int64) -> Bool {
        guard case .success(let log) = OpenFile.open(path), case .success(let status) = FileStatus.of(log),
            status.size >= size
        else { return false }
        var position: Int64 = 0
        while position < size {
            let count = Int(min(size - position, Int64(Fingerprint.maximumBytes)))
            guard let part = Fingerprint.of(file, at: position, count: count), part.matches(log, at: position) else {
                return false
            }
            position += Int64(count)
        }
        return true
    }

    private func isLater(_ status: FileStatus, _ name: RotatedName) -> Bool {
        switch start {
        case .after(let last):
            // A compressed file was made when its time came; a plain one has existed since it was the log.
            let born = last.status.identity.born
            if name.format == nil, born > 0, status.identity.born > 0, status.identity.born < born { return false }
            return status.modified >= last.status.modified
        case .empty(let moment):
            return name.format == nil && status.identity.born > moment
        }
    }

    private func candidate(_ path: String, _ name: RotatedName) -> RotatedFileSearch.Found? {
        guard case .success(let file) = OpenFile.open(path), case .success(let status) = FileStatus.of(file),
            status.kind == .regular, status.size > 0, !isKnown(path, status.identity), isLater(status, name)
        else { return nil }
        if name.format == nil, isCopy(file, size: status.size) { return nil }
        return RotatedFileSearch.Found(
            path: path,
            file: file,
            status: status,
            rest: name.format.map { CompressedReader($0) }
        )
    }
}
