import Files
import Glibc

/// The files that a journal consists of, to see which of them may not be read: libsystemd passes over them in silence.
enum JournalFolder {
    /// Where journald keeps the machine's own journals (systemd-journald.service(8)).
    private static let system = ["/var/log/journal", "/run/log/journal"]

    /// Counts files that exist and may not be read, in the folder and those right below it.
    static func unreadableFiles(in folder: String?) -> Int {
        var count = 0
        for folder in folder.map({ [$0] }) ?? system {
            count += unreadable(folder)
            for name in names(in: folder) {
                let path = "\(folder)/\(name)"
                if isJournal(name) { count += isDenied(path) ? 1 : 0 } else { count += unreadable(path) }
                if !isJournal(name) {
                    count += names(in: path).count { isJournal($0) && isDenied("\(path)/\($0)") }
                }
            }
        }
        return count
    }

    /// A folder whose names may not be listed counts as one file.
    private static func unreadable(_ folder: String) -> Int {
        guard let stream = opendir(folder) else { return errno == EACCES ? 1 : 0 }
        closedir(stream)
        return 0
    }

    private static func names(in folder: String) -> [String] { FolderListing.entries(of: folder).map(\.name) }

    private static func isJournal(_ name: String) -> Bool { name.hasSuffix(".journal") || name.hasSuffix(".journal~") }

    private static func isDenied(_ path: String) -> Bool { access(path, R_OK) != 0 && errno == EACCES }
}
