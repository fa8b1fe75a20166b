import CLinux
import Glibc

/// What the file system says about a file at one moment.
struct FileStatus: Equatable {
    enum Kind: Equatable {
        case regular
        case folder
        case other
    }

    var identity: FileIdentity
    var size: Int64
    /// Time of the last change of the content, nanoseconds since 1970.
    var modified: Int64
    var kind: Kind
    /// Names the file still has; 0 for one that was removed.
    var links: UInt32

    /// The file that `path` leads to, symbolic links followed.
    static func of(path: String) -> Result<FileStatus, SystemError> {
        var status = clinux_status()
        let code = clinux_status_of_path(path, &status)
        return code == 0 ? .success(FileStatus(status)) : .failure(SystemError(code: code))
    }

    static func of(_ file: OpenFile) -> Result<FileStatus, SystemError> {
        var status = clinux_status()
        let code = clinux_status_of_descriptor(file.descriptor, &status)
        return code == 0 ? .success(FileStatus(status)) : .failure(SystemError(code: code))
    }

    /// Whether `path` itself is a symbolic link.
    static func isLink(_ path: String) -> Bool {
        var status = clinux_status()
        return clinux_status_of_link(path, &status) == 0 && clinux_is_link(status.mode) != 0
    }

    private init(_ status: clinux_status) {
        identity = FileIdentity(device: status.device, inode: status.inode, born: status.born)
        size = status.size
        modified = status.modified
        links = status.links
        kind =
            clinux_is_regular(status.mode) != 0 ? .regular : clinux_is_folder(status.mode) != 0 ? .folder : .other
    }
}
