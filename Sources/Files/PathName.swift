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

    /// The path as Promtail names it: below the working directory and cleaned, unless it begins at the root.
    ///
    /// `isPattern`: cleaned in any case, and characters of the working directory are kept from being read as a pattern.
    static func absolute(_ path: String, isPattern: Bool = false) -> String {
        if path.hasPrefix("/") { return isPattern ? clean(path) : path }
        guard let working = getcwd(nil, 0) else { return path }
        defer { free(working) }
        var folder = String(cString: working)
        if isPattern {
            folder = folder.unicodeScalars.reduce(into: "") { text, scalar in
                if "\\*?[]{}".unicodeScalars.contains(scalar) { text += "\\" }
                text.unicodeScalars.append(scalar)
            }
        }
        return clean(join(folder, path))
    }

    /// An absolute path as Go's `filepath.Clean` gives it: no empty element, no `.`, and `..` takes away what it follows.
    static func clean(_ path: String) -> String {
        var names: [Substring.UnicodeScalarView] = []
        for name in path.unicodeScalars.split(separator: "/") {
            switch String(name) {
            case ".": continue
            case "..": _ = names.popLast()
            default: names.append(name)
            }
        }
        return "/" + names.map { String($0) }.joined(separator: "/")
    }

    /// Where the path leads when every symbolic link is followed; nil if it leads nowhere.
    static func resolved(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }
}
