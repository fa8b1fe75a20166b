/// What the positions file and the file beside it say.
package struct Positions: Equatable, Sendable {
    /// Promtail's table: path to byte position (or line count), `cursor-…` to a cursor.
    package var values: [String: String]
    /// What Promtail's format has no room for.
    package var records: [FileRecord]
    /// Whether `values` was written together with `records`.
    ///
    /// If not, somebody else (Promtail, an editor) has written it since, and its numbers count for files that are still
    /// themselves.
    package var areRecordsCurrent: Bool

    package init(values: [String: String] = [:], records: [FileRecord] = [], areRecordsCurrent: Bool = true) {
        self.values = values
        self.records = records
        self.areRecordsCurrent = areRecordsCurrent
    }

    /// These positions, brought up to date by `snapshots` of all tail sets and by `cursors` of other sources.
    ///
    /// Entries nobody has taken over stay as they are. Where several sources read one file, the position furthest back
    /// is kept: something may be read twice, nothing not at all.
    package func updated(by snapshots: [PositionsSnapshot], cursors: [String: String] = [:]) -> Positions {
        let taken = snapshots.reduce(into: Set<String>()) { $0.formUnion($1.takenPaths) }
        var result = Positions(
            values: values.filter { !taken.contains($0.key) },
            records: records.filter { !taken.contains($0.path) }
        )
        var indices: [RecordKey: Int] = [:]
        var rotated: Set<FileRecord> = []
        for record in snapshots.lazy.flatMap(\.files) {
            if record.isRotated {
                // A file that was cut twice is there twice: nothing tells whether two of these are the same.
                if rotated.insert(record).inserted { result.records.append(record) }
                continue
            }
            let key = RecordKey(path: record.path, identity: record.identity)
            guard let index = indices[key] else {
                indices[key] = result.records.count
                result.records.append(record)
                continue
            }
            if record.position < result.records[index].position { result.records[index] = record }
        }
        for index in indices.values {
            let record = result.records[index]
            result.values[record.path] = String(record.position)
        }
        result.values.merge(cursors) { _, cursor in cursor }
        return result
    }

    private struct RecordKey: Hashable {
        var path: String
        var identity: FileIdentity
    }
}

extension Positions {
    /// Adds what `other` knows of paths that these positions know nothing of.
    package mutating func takeMissing(from other: Positions) {
        let known = Set(values.keys).union(records.map(\.path))
        values.merge(other.values) { own, _ in own }
        records += other.records.filter { !known.contains($0.path) }
    }

    /// Without the entries of files that do not exist any more.
    ///
    /// Promtail forgets them at once; call this only after a while, for a file may be missing for a moment (a volume
    /// that is not mounted yet, a rotation under way).
    package func withoutMissingFiles() -> Positions {
        var result = self
        let rotated = Set(records.lazy.filter(\.isRotated).map(\.path))
        result.values = values.filter { path, _ in
            guard path.hasPrefix("/"), !rotated.contains(path), case .failure(let error) = FileStatus.of(path: path)
            else {
                return true
            }
            return !error.isMissing
        }
        result.records = records.filter { $0.isRotated || result.values[$0.path] != nil }
        return result
    }
}
