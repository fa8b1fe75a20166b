import Glibc

/// The parts of a path as text.
enum PathName {
    /// The folder a path lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of a path.
    static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.index(after: slash)...])
    }

    static func join(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// The path itself if it begins at the root, otherwise the path below the working directory.
    ///
    /// `isPattern`: characters of the working directory are kept from being read as a pattern.
    static func absolute(_ path: String, isPattern: Bool = false) -> String {
        guard !path.hasPrefix("/"), let working = getcwd(nil, 0) else { return path }
        defer { free(working) }
        var folder = String(cString: working)
        if isPattern {
            folder = folder.unicodeScalars.reduce(into: "") { text, scalar in
                if "\\*?[]{}".unicodeScalars.contains(scalar) { text += "\\" }
                text.unicodeScalars.append(scalar)
            }
        }
        return join(folder, path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
    }

    /// Where the path leads when every symbolic link is followed; nil if it leads nowhere.
    static func resolved(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}
