import Glibc
import Languages

/// Which folders have to be watched so that a new file of a pattern is noticed at once.
struct FolderPlan {
    /// The folders, each before those below it.
    private(set) var folders: [String] = []
    /// There were more folders than the limit.
    private(set) var isCut = false

    private let elements: [String]
    private let limit: Int
    private var visited: Set<FileIdentity> = []

    /// Deepest nesting followed below `**`.
    private static let maximumDepth = 32

    /// - Parameters:
    ///   - pattern: begins with `/`.
    ///   - limit: most folders.
    init(pattern: String, limit: Int) {
        elements = Self.elements(of: pattern)
        self.limit = limit
        walk(folder: "/", element: 0)
    }

    /// Splits at every `/` outside braces and brackets.
    static func elements(of pattern: String) -> [String] {
        var result: [String] = []
        var element = ""
        var braces = 0
        var isEscaped = false
        for character in pattern.unicodeScalars {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "{" {
                braces += 1
            } else if character == "}" {
                braces = max(0, braces - 1)
            } else if character == "/", braces == 0 {
                if !element.isEmpty { result.append(element) }
                element = ""
                continue
            }
            element.unicodeScalars.append(character)
        }
        if !element.isEmpty { result.append(element) }
        return result
    }

    /// The name that an element without any wildcard stands for; nil if it has one.
    static func literal(_ element: String) -> String? {
        var name = ""
        var isEscaped = false
        for character in element.unicodeScalars {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
                continue
            } else if "*?[{".unicodeScalars.contains(character) {
                return nil
            }
            name.unicodeScalars.append(character)
        }
        return name
    }

    private mutating func walk(folder: String, element index: Int) {
        guard index < elements.count - 1 else { return add(folder) }
        let element = elements[index]
        if let name = Self.literal(element) {
            let next = PathName.join(folder, name)
            // A folder that is there need not be watched for its appearance.
            if isFolder(next) { walk(folder: next, element: index + 1) } else { add(folder) }
        } else if element == "**" || element.contains("/") {
            walkAll(folder, depth: 0)
        } else {
            add(folder)
            // A part of a well-formed pattern is well-formed; where it is not, the look each sync period remains.
            guard let glob = try? GlobPattern(element) else { return }
            for entry in FolderListing.entries(of: folder) where entry.mayBeFolder && glob.matches(entry.name) {
                let next = PathName.join(folder, entry.name)
                if isFolder(next) { walk(folder: next, element: index + 1) }
            }
        }
    }

    private mutating func walkAll(_ folder: String, depth: Int) {
        // Symbolic links may lead in circles.
        guard case .success(let status) = FileStatus.of(path: folder), status.kind == .folder,
            visited.insert(status.identity).inserted
        else { return }
        add(folder)
        guard depth < Self.maximumDepth, !isCut else { return }
        for entry in FolderListing.entries(of: folder) where entry.mayBeFolder {
            walkAll(PathName.join(folder, entry.name), depth: depth + 1)
        }
    }

    private mutating func add(_ folder: String) {
        if folders.count < limit { folders.append(folder) } else { isCut = true }
    }

    private func isFolder(_ path: String) -> Bool {
        guard case .success(let status) = FileStatus.of(path: path) else { return false }
        return status.kind == .folder
    }
}
