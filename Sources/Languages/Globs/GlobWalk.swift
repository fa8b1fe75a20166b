import Entries
import Glibc

/// One look through the file system for the paths that fit a pattern.
///
/// Every folder is read once for the whole pattern, and only when something below it can fit. Unreadable folders are
/// passed over, as doublestar does.
package struct GlobWalk {
    /// A place in one alternative: elements before `index` have been taken.
    private struct State: Hashable {
        let alternative: Int
        let index: Int
    }

    private struct Folder: Equatable {
        let device: dev_t
        let inode: ino_t
    }

    /// How deep `**` goes below the working folder or the root.
    package static let depthLimit = 64
    /// Folders that one walk reads; a tree of symbolic links can otherwise look endless.
    package static let foldersLimit = 200_000

    /// What fits, sorted bytewise: files, folders and anything else.
    package private(set) var paths: [String] = []
    /// False when a limit ended the walk early, so that `paths` may lack some.
    package private(set) var isComplete = true
    /// Names passed over because they are not UTF-8.
    package private(set) var undecodableNames = 0

    private let pattern: GlobPattern
    private let isFollowingLinks: Bool
    private var foldersRead = 0
    /// The folders between the start and here.
    private var trail: [Folder] = []

    /// Walks; `isFollowingLinks` tells whether `**` goes through symbolic links to folders.
    package init(_ pattern: GlobPattern, isFollowingLinks: Bool = true) {
        self.pattern = pattern
        self.isFollowingLinks = isFollowingLinks
        var status = stat()
        if stat(pattern.isAbsolute ? "/" : ".", &status) == 0 {
            trail.append(Folder(device: status.st_dev, inode: status.st_ino))
        }
        let start = pattern.alternatives.indices.map { State(alternative: $0, index: 0) }
        visit(pattern.isAbsolute ? "/" : "", start)
        paths = Set(paths).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func element(_ state: State) -> GlobPattern.Element? {
        let elements = pattern.alternatives[state.alternative]
        return state.index < elements.count ? elements[state.index] : nil
    }

    /// Adds the states that taking no folder at all for `**` leads to.
    private func closure(_ states: [State]) -> [State] {
        var result: [State] = []
        for var state in states {
            if !result.contains(state) { result.append(state) }
            while element(state) == .anyFolders {
                state = State(alternative: state.alternative, index: state.index + 1)
                if !result.contains(state) { result.append(state) }
            }
        }
        return result
    }

    /// Looks into the folder `path` (which ends with a slash, or is empty) in all `states` at once.
    private mutating func visit(_ path: String, _ states: [State]) {
        let states = closure(states).filter { element($0) != nil }
        guard !states.isEmpty else { return }
        var names: [String] = []
        var isListNeeded = false
        for state in states {
            guard case .name(let name) = element(state) else {
                isListNeeded = true
                break
            }
            names.append(String(decoding: name, as: UTF8.self))
        }
        guard isListNeeded else {
            for name in Set(names) { take(name, type: UInt8(DT_UNKNOWN), in: path, states, isListed: false) }
            return
        }
        guard foldersRead < Self.foldersLimit else {
            isComplete = false
            return
        }
        foldersRead += 1
        for entry in list(path) { take(entry.name, type: entry.type, in: path, states, isListed: true) }
    }

    /// Decides what becomes of one entry of a folder.
    private mutating func take(_ name: String, type: UInt8, in path: String, _ states: [State], isListed: Bool) {
        var next: [State] = []
        Bytes.with(Array(name.utf8)) { bytes in
            for state in states {
                guard let element = element(state) else { continue }
                if element == .anyFolders {
                    next.append(state)
                } else if element.matches(bytes) {
                    next.append(State(alternative: state.alternative, index: state.index + 1))
                }
            }
        }
        guard !next.isEmpty else { return }
        let full = path + name
        var status = stat()
        let isFitting = closure(next).contains { element($0) == nil }
        let isFolderByName = type == UInt8(DT_DIR)
        if isFitting, isListed || stat(full, &status) == 0 { paths.append(full) }
        let deeper = next.filter { element($0) != nil }
        guard !deeper.isEmpty, !isListed || isFolderByName || [UInt8(DT_LNK), UInt8(DT_UNKNOWN)].contains(type),
            stat(full, &status) == 0, status.st_mode & S_IFMT == S_IFDIR
        else { return }
        descend(into: full, Folder(device: status.st_dev, inode: status.st_ino), deeper)
    }

    private mutating func descend(into path: String, _ folder: Folder, _ states: [State]) {
        var states = states
        if trail.contains(folder) || !isFollowingLinks && isLink(path) {
            // Around in a circle, `**` finds nothing new.
            states.removeAll { element($0) == .anyFolders }
        } else if trail.count >= Self.depthLimit {
            isComplete = isComplete && !states.contains { element($0) == .anyFolders }
            states.removeAll { element($0) == .anyFolders }
        }
        guard !states.isEmpty else { return }
        trail.append(folder)
        visit(path + "/", states)
        trail.removeLast()
    }

    private func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    /// The entries of a folder; none when it cannot be read.
    private mutating func list(_ path: String) -> [(name: String, type: UInt8)] {
        guard let folder = opendir(path.isEmpty ? "." : path) else { return [] }
        defer { closedir(folder) }
        var entries: [(name: String, type: UInt8)] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
                    String(validatingCString: $0)
                }
            }
            guard let name else {
                undecodableNames += 1
                continue
            }
            if name != ".", name != ".." { entries.append((name, entry.pointee.d_type)) }
        }
        return entries
    }
}

extension GlobPattern {
    /// The existing paths that fit, sorted bytewise; relative ones when the pattern is relative.
    ///
    /// Ask ``GlobWalk`` when it matters whether a limit cut the search short.
    package func expand(isFollowingLinks: Bool = true) -> [String] {
        GlobWalk(self, isFollowingLinks: isFollowingLinks).paths
    }
}
