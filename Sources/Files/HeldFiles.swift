/// Open files that go over from one ``TailSet`` to the next, so that what was removed in between can still be read.
///
/// Used by one thread at a time.
package struct HeldFiles {
    private var files: [(identity: FileIdentity, file: OpenFile)] = []

    package init() {}

    init(_ tails: [Tail]) {
        for tail in tails {
            // The content of a compressed file can be read again only from its start, by its name.
            guard !tail.isCompressed, let file = tail.file else { continue }
            files.append((tail.identity, file))
        }
    }

    package mutating func add(_ others: HeldFiles) { files += others.files }

    /// The file that `record` is about, if it was held.
    func find(_ record: FileRecord) -> RotatedFileSearch.Found? {
        for (identity, file) in files where identity.isSame(as: record.identity) {
            guard case .success(let status) = FileStatus.of(file), record.hasContent(of: file, size: status.size) else {
                continue
            }
            return RotatedFileSearch.Found(path: record.path, file: file, status: status)
        }
        return nil
    }
}
