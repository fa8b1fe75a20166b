/// The positions of the last run, given out to the files they belong to.
final class LoadedPositions {
    /// Where to begin with a file.
    struct Start: Equatable {
        var position: Int64 = 0
        var head = Fingerprint.none
        var before = Fingerprint.none
        var warning: TailWarning.Kind?
    }

    private var values: [String: String]
    private let records: [FileRecord]
    private let areRecordsCurrent: Bool
    private var indicesByInode: [UInt64: [Int]] = [:]
    private var indicesByPath: [String: [Int]] = [:]
    /// Records that some file goes on from, or that nothing can be found of.
    private var done: Set<Int> = []
    /// By target: records that a file of the target goes on from, or that were looked for on its behalf.
    private var given: [Int: Set<Int>] = [:]
    /// The file that each saved value was given to: another file at that path is a new one.
    private var owners: [String: FileIdentity] = [:]
    /// Paths whose saved values this tail set now answers for.
    private(set) var takenPaths: Set<String> = []

    init(_ positions: Positions) {
        values = positions.values
        records = positions.records
        areRecordsCurrent = positions.areRecordsCurrent
        for (index, record) in records.enumerated() {
            indicesByInode[record.identity.inode, default: []].append(index)
            indicesByPath[record.path, default: []].append(index)
        }
    }

    /// Records that no file has claimed, of paths that this tail set answers for.
    var unclaimed: [FileRecord] {
        takenPaths.flatMap { indicesByPath[$0] ?? [] }.filter { !done.contains($0) }.map { records[$0] }
    }

    /// Where to begin with the file at `path`.
    ///
    /// The record of this very file counts first, whatever its name was; then, if there is none for the path, what
    /// Promtail would have used. A path that leads to another file than it did begins at 0. Several targets that mean
    /// the same file get the same answer.
    func claim(
        _ path: String,
        status: FileStatus,
        file: OpenFile?,
        unit: FileRecord.Unit,
        for target: Int
    ) -> Start {
        if let index = index(of: path, status: status, file: file, unit: unit) {
            done.insert(index)
            given[target, default: []].insert(index)
            takenPaths.insert(records[index].path)
            defer { take(path, by: status.identity) }
            return start(with: records[index], at: path, status: status)
        }
        defer { take(path, by: status.identity) }
        let hadAnotherFile = (indicesByPath[path] ?? []).contains { !records[$0].isRotated }
        if hadAnotherFile && areRecordsCurrent { return Start() }
        return value(of: path, for: status).map { start(with: $0, size: status.size, unit: unit) } ?? Start()
    }

    private func take(_ path: String, by identity: FileIdentity) {
        takenPaths.insert(path)
        if values[path] != nil, owners[path] == nil { owners[path] = identity }
    }

    private func value(of path: String, for status: FileStatus) -> String? {
        guard owners[path]?.isSame(as: status.identity) ?? true else { return nil }
        return values[path]
    }

    private func index(
        of path: String,
        status: FileStatus,
        file: OpenFile?,
        unit: FileRecord.Unit
    ) -> Int? {
        let candidates = (indicesByInode[status.identity.inode] ?? []) + (indicesByPath[path] ?? [])
        return candidates.first { candidate in
            let record = records[candidate]
            guard record.unit == unit else { return false }
            let isSame = record.identity.isSame(as: status.identity)
            // Device numbers may change with a restart of the machine; then path and content have to do.
            guard isSame || (record.path == path && !record.isRotated && record.position > 0) else { return false }
            return file.map { record.hasContent(of: $0, size: status.size) } ?? isSame
        }
    }

    private func start(with record: FileRecord, at path: String, status: FileStatus) -> Start {
        if !areRecordsCurrent, record.path == path, let value = value(of: path, for: status) {
            let edited = start(with: value, size: status.size, unit: record.unit)
            if edited.position != record.position { return edited }
        }
        return Start(position: record.position, head: record.head, before: record.before)
    }

    private func start(with value: String, size: Int64, unit: FileRecord.Unit) -> Start {
        guard let position = Int64(value), position >= 0 else { return Start(warning: .positionNotANumber) }
        guard unit == .lines || position <= size else { return Start(warning: .positionBehindEnd) }
        return Start(position: position)
    }

    /// Records of files that are not where they were, each given once to every target; what was read least comes first.
    func rotated(for target: Int, _ isWanted: (FileRecord) -> Bool) -> [FileRecord] {
        let indices = records.indices.filter { index in
            records[index].unit == .bytes && !(given[target]?.contains(index) ?? false) && isWanted(records[index])
        }
        given[target, default: []].formUnion(indices)
        return indices.map { records[$0] }.sorted { $0.position < $1.position }
    }

    /// The file of `record` is read to its end now, or nothing can be found of it.
    func finish(_ record: FileRecord) {
        takenPaths.insert(record.path)
        for index in indicesByPath[record.path] ?? [] where records[index] == record { done.insert(index) }
    }

    /// Values of these paths do not count any more: a file that appears there later is a new one.
    func forgetValues(_ isStale: (String) -> Bool) {
        for path in values.keys where path.hasPrefix("/") && isStale(path) { values[path] = nil }
    }
}
