/// Go's `path` package: names with slashes, nothing is looked up.
enum TemplatePath {
    private static let slash = UInt8(ascii: "/")

    static func base(_ path: [UInt8]) -> [UInt8] {
        if path.isEmpty { return [UInt8(ascii: ".")] }
        guard let end = path.lastIndex(where: { $0 != slash }) else { return [slash] }
        return Array(path[...end].split(separator: slash).last ?? [])
    }

    static func directory(_ path: [UInt8]) -> [UInt8] {
        clean(path.lastIndex(of: slash).map { Array(path[...$0]) } ?? [])
    }

    static func `extension`(_ path: [UInt8]) -> [UInt8] {
        guard let dot = path.lastIndex(of: UInt8(ascii: ".")), !path[dot...].contains(slash) else { return [] }
        return Array(path[dot...])
    }

    /// The shortest name of the same place: no `.`, no `..` that can be resolved, no double slashes.
    static func clean(_ path: [UInt8]) -> [UInt8] {
        let isRooted = path.first == slash
        let parent = Array("..".utf8)
        var parts: [[UInt8]] = []
        for part in path.split(separator: slash).map(Array.init) where part != [UInt8(ascii: ".")] {
            if part != parent {
                parts.append(part)
            } else if let last = parts.last, last != parent {
                parts.removeLast()
            } else if !isRooted {
                parts.append(part)
            }
        }
        let joined = TemplateText.join(parts, with: [slash])
        if isRooted { return [slash] + joined }
        return joined.isEmpty ? [UInt8(ascii: ".")] : joined
    }
}
