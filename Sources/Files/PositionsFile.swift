import Glibc

/// The positions on disk: Promtail's file, and `<name>.sluice` beside it for what its format has no room for.
///
/// A value for the thread that saves; keep one for the whole run.
package struct PositionsFile: Sendable {
    package let path: String
    /// What the positions file holds as far as we know.
    private var table: UInt64?
    private var savedSidecar: String?

    package init(path: String) { self.path = path }

    private var sidecarPath: String { path + ".sluice" }

    /// What is saved; a file that is missing or empty counts as no positions.
    ///
    /// - Parameter ignoringInvalid: Promtail's `ignore_invalid_yaml`: a positions file with mistakes counts as empty.
    /// - Returns: the positions, and sentences about what could not be used.
    /// - Throws: when the positions file cannot be read or has mistakes; never because of the file beside it.
    package mutating func load(
        ignoringInvalid: Bool = false
    ) throws(PositionsError) -> (positions: Positions, warnings: [String]) {
        var warnings: [String] = []
        let bytes = try read(path) ?? []
        table = Fingerprint.hash(bytes)
        var positions = Positions()
        do throws(PositionsYAML.Mistake) {
            positions.values = try PositionsYAML.parse(String(decoding: bytes, as: UTF8.self))
        } catch {
            let failure = PositionsError(
                path: path,
                line: error.line,
                message: error.message,
                isInvalidContent: true
            )
            guard ignoringInvalid else { throw failure }
            warnings.append("\(failure); it counts as empty")
        }
        do throws(PositionsError) {
            if let sidecar = try loadSidecar() {
                positions.records = sidecar.records
                positions.areRecordsCurrent = table.map(sidecar.tables.contains) ?? false
            }
        } catch { warnings.append("\(error); rotated files are not looked for") }
        return (positions, warnings)
    }

    private func loadSidecar() throws(PositionsError) -> PositionsSidecar? {
        guard let bytes = try read(sidecarPath) else { return nil }
        do throws(PositionsSidecar.Failure) {
            return try PositionsSidecar(String(decoding: bytes, as: UTF8.self))
        } catch .unknownVersion {
            throw PositionsError(path: sidecarPath, message: "written by a newer version")
        } catch {
            throw PositionsError(path: sidecarPath, message: "damaged")
        }
    }

    private func read(_ path: String) throws(PositionsError) -> [UInt8]? {
        do throws(SystemError) { return try WholeFile.read(path) } catch {
            throw PositionsError(path: path, message: error.text)
        }
    }

    /// Writes `positions`, if they differ from what was written last; returns only after they are on the disk.
    package mutating func save(_ positions: Positions) throws(PositionsError) {
        let text = PositionsYAML.text(of: positions.values)
        let newTable = Fingerprint.hash(text.utf8)
        let records = positions.records.sorted { ($0.path, $0.position) < ($1.path, $1.position) }
        let sidecar = PositionsSidecar(records: records, tables: [newTable] + (table.map { [$0] } ?? []))
        let unchanged = PositionsSidecar(records: records, tables: [newTable]).text
        guard newTable != table || unchanged != savedSidecar else { return }
        // Where the sidecar cannot be written, the positions file alone still is worth having.
        let sidecarWritten = Result { () throws(PositionsError) in try write(sidecar.text, to: sidecarPath) }
        try write(text, to: path)
        table = newTable
        try sidecarWritten.get()
        savedSidecar = unchanged
    }

    private func write(_ text: String, to path: String) throws(PositionsError) {
        do throws(SystemError) { try WholeFile.replace(path, with: Array(text.utf8)) } catch {
            throw PositionsError(path: path, message: error.text)
        }
    }
}
