import Glibc

/// The files of the repository that tests look at.
enum Repository {
    /// The repository's folder.
    static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// The names of the fixtures that are folders below `fixtures/pipelines`.
    static let fixtures = names(in: "fixtures/pipelines")

    /// The names of the ready-made pipelines.
    static let pipelines = names(in: "pipelines").filter { $0.hasSuffix(".yaml") }

    /// The names of the YAML files that lie in a folder.
    static func configurations(in folder: String) -> [String] { names(in: folder).filter { $0.hasSuffix(".yaml") } }

    /// An absolute path.
    static func path(_ name: String) -> String { "\(root)/\(name)" }

    /// What lies in a folder, sorted, without names that begin with a dot.
    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(path(folder)) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            )
        }
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }
}
