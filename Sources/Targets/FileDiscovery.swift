package import Configuration
package import Languages

/// The targets that files list: one item of `file_sd_configs` (sources.md 2.3).
///
/// A file that cannot be read, or is wrong, keeps the targets it listed before; one that is gone lists none any more. The
/// files are read by whoever calls ``refresh(read:)``, on one thread at a time.
package struct FileDiscovery {
    /// What is wrong with a file.
    package struct Problem: Equatable {
        package let path: String
        /// Every mistake, each with its place, in one line.
        package let text: String
    }

    /// Nanoseconds between two looks that nothing asks for.
    package let refreshInterval: Duration
    private let paths: [String]
    private let patterns: [GlobPattern]
    /// The labels of each target, by the path of the file that lists it.
    private var found: [String: [[String: String]]] = [:]
    /// What was told of files that are wrong.
    private var told: [String: String] = [:]

    /// Bytes of a file at most: 16 MiB.
    package static let sizeLimit = 16 << 20

    /// - Throws: when a path is no pattern.
    package init(_ options: FileDiscoveryOptions) throws(LanguageError) {
        refreshInterval = options.refreshInterval
        paths = options.files
        var patterns: [GlobPattern] = []
        for path in options.files { patterns.append(try GlobPattern(path)) }
        self.patterns = patterns
    }

    /// Folders in which files come and go.
    package var folders: [String] {
        paths.map { path in
            // A pattern has special characters in its last element only; the configuration is checked for that.
            guard let slash = path.lastIndex(of: "/") else { return "." }
            return slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }

    /// The labels of all targets, in the order of the files' paths.
    package var targets: [[String: String]] { found.sorted { $0.key < $1.key }.flatMap { $0.value } }

    /// Looks at all files again; gives what is newly wrong.
    ///
    /// `read` gives the text of a file, or why it cannot be had.
    package mutating func refresh(read: (String) -> Result<String, FileProblem>) -> [Problem] {
        var news: [Problem] = []
        let paths = Set(patterns.flatMap { $0.expand() })
        found = found.filter { paths.contains($0.key) }
        told = told.filter { paths.contains($0.key) }
        for path in paths.sorted() {
            do {
                found[path] = try Self.targets(in: read(path).get(), of: path)
                told[path] = nil
            } catch {
                guard told[path] != error.text else { continue }
                told[path] = error.text
                news.append(Problem(path: path, text: error.text))
            }
        }
        return news
    }

    private static func targets(in text: String, of path: String) throws(FileProblem) -> [[String: String]] {
        let (groups, diagnostics) = StaticGroup.list(text, file: path)
        let mistakes = diagnostics.all.filter { $0.severity == .error }
        guard mistakes.isEmpty else { throw FileProblem(mistakes.map(\.line).joined(separator: "; ")) }
        return groups.flatMap(\.targetLabels).map { $0.merging(["__meta_filepath": path]) { $1 } }
    }
}

/// Why a file gives no targets.
package struct FileProblem: Error, Equatable {
    package let text: String
    package init(_ text: String) { self.text = text }
}
