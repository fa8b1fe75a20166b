import Containers
import Entries

/// What a container engine gives as a log: frames with times, or the output of a terminal.
///
/// Holds: the same lines come out however the bytes are cut, none is longer than the bound, and none has a line break at
/// its end.
final class ContainerLogTarget: FuzzTarget {
    static let name = "container-log"

    private static let limit = 200

    init() {}

    func run(_ input: Bytes) throws(Finding) {
        let whole = Self.lines(of: input, pieces: max(input.count, 1))
        for pieces in [1, 7] where Self.lines(of: input, pieces: pieces) != whole {
            throw Finding("other lines when the bytes come in pieces of \(pieces)")
        }
        for line in whole {
            guard line.text.count <= Self.limit else { throw Finding("a line is longer than the bound") }
            if let last = line.text.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r"), line.cut == 0 {
                throw Finding("a line keeps its line break")
            }
        }
    }

    /// Those before the first bytes that are no log, or all.
    private static func lines(of input: Bytes, pieces: Int) -> [LogDecoder.Line] {
        var decoder = LogDecoder(limit: limit)
        var lines: [LogDecoder.Line] = []
        var start = 0
        while start < input.count {
            let end = min(start + pieces, input.count)
            do throws(LogDecoder.Malformed) {
                try decoder.take(input[start..<end], into: &lines)
            } catch {
                return lines
            }
            start = end
        }
        decoder.finish(into: &lines)
        return lines
    }
}
