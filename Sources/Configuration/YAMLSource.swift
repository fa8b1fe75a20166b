/// The text of a configuration file with the way back from the text that is parsed to the text that was written.
///
/// The two differ when environment references were expanded; positions always mean the file as written.
package final class YAMLSource: Sendable {
    /// The file as the user named it.
    package let file: String
    /// The text as written, without a byte order mark.
    package let written: String
    /// What the YAML parser sees, as Unicode scalars; libyaml's marks index it.
    let scalars: [Unicode.Scalar]
    private let map: ExpansionMap
    /// Index, in the written text, of the first scalar of each line.
    private let lineStarts: [Int]

    package convenience init(_ text: String, file: String) {
        self.init(written: text, expanded: text, map: ExpansionMap(), file: file)
    }

    init(written: String, expanded: String, map: ExpansionMap, file: String) {
        self.file = file
        self.written = written
        self.map = map
        scalars = Array(expanded.unicodeScalars)
        lineStarts = SourceLines.starts(of: written.unicodeScalars)
    }

    /// Where the scalar at `index` of the parsed text stands in the file as written.
    func position(at index: Int) -> YAMLPosition {
        let original = map.original(of: index)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= original { low = middle } else { high = middle }
        }
        return YAMLPosition(line: low + 1, column: original - lineStarts[low] + 1)
    }
}
