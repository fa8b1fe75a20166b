import Glibc

/// The entries of a folder.
package enum FolderListing {
    package struct Entry {
        package var name: String
        /// The entry is a folder, or a symbolic link that may lead to one.
        var mayBeFolder: Bool
        var inode: UInt64
    }

    /// All entries but `.` and `..`, sorted by name; none when the folder cannot be read.
    package static func entries(of folder: String) -> [Entry] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var found: [Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(cString: $0)
                }
            }
            if name == "." || name == ".." { continue }
            let type = Int(entry.pointee.d_type)
            let mayBeFolder = type == DT_DIR || type == DT_LNK || type == DT_UNKNOWN
            found.append(Entry(name: name, mayBeFolder: mayBeFolder, inode: UInt64(entry.pointee.d_ino)))
        }
        return found.sorted { $0.name < $1.name }
    }
}
