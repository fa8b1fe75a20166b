import Configuration
import Entries
import Glibc
import Replay

/// Reading and checking a configuration, with any bytes as the file.
///
/// Holds: every mistake stands at a place that the file has, and all of them can be shown. Memory is bounded by the
/// fuzzer, which stops at its limits.
final class YAMLConfigurationTarget: FuzzTarget {
    static let name = "yaml-configuration"

    private let file: Int32
    private let path: String

    init() {
        var name = Array("/tmp/sluice-fuzz-XXXXXX".utf8CString)
        file = mkstemp(&name)
        precondition(file >= 0, "mkstemp: \(errno)")
        unlink(name)
        path = "/proc/self/fd/\(file)"
    }

    deinit { close(file) }

    func run(_ input: Bytes) throws(Finding) {
        write(input)
        let lineLengths = Self.lineLengths(input)
        // Other texts are the same with and without expansion.
        let mayExpand = [UInt8(ascii: "$"), UInt8(ascii: "\\"), 0].contains { input.firstIndex(of: $0) != nil }
        for expands in mayExpand ? [false, true] : [false] {
            let loaded = AgentConfiguration.load(path, expandEnvironment: expands, environment: Self.variable)
            let checked = ConfigurationCheck.check(loaded)
            guard !checked.diagnostics.hasErrors || checked.pipelines.isEmpty else {
                throw Finding("pipelines of a configuration with errors")
            }
            for diagnostic in checked.diagnostics.all {
                guard let position = diagnostic.position else { continue }
                guard (1...lineLengths.count).contains(position.line),
                    (1...lineLengths[position.line - 1] + 1).contains(position.column)
                else {
                    throw Finding("'\(diagnostic.message)' at \(position.line):\(position.column), outside of the file")
                }
            }
            _ = checked.diagnostics.render(source: loaded.source)
        }
    }

    private func write(_ input: Bytes) {
        let isWritten = ftruncate(file, 0) == 0 && pwrite(file, input.start, input.count, 0) == input.count
        precondition(isWritten, "the file cannot be written: \(errno)")
    }

    /// Variables of which one holds what YAML has a meaning for.
    private static func variable(_ name: String) -> String? {
        ["A": "a", "B": "- {b: [", "LONG": String(repeating: "x\n", count: 20)][name]
    }

    /// The characters of each line as YAML 1.1 counts lines, breaks not counted.
    private static func lineLengths(_ input: Bytes) -> [Int] {
        var scalars = Array(input.string.unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        var lengths = [0]
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "\r" where index + 1 < scalars.count && scalars[index + 1] == "\n": continue
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": lengths.append(0)
            default: lengths[lengths.count - 1] += 1
            }
        }
        return lengths
    }
}
