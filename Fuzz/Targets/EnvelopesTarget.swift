import Entries
import Languages

/// The stages `cri` and `docker`, with any bytes as the lines of a file.
///
/// Holds: every line is acknowledged once; of the lines of container runtimes not a byte of content is lost or moved to
/// another stream, however they are cut into pieces; and lines of other forms pass unchanged.
final class EnvelopesTarget: FuzzTarget {
    static let name = "envelopes"

    private let cri = LinePipeline("- cri:")
    /// A piece of one stream drives out that of the other.
    private let crowded = LinePipeline("- cri: {max_partial_lines: 1}")
    private let blocks = LinePipeline("- cri:\n- multiline: {firstline: '^\\S', max_lines: 3}")
    private let docker = LinePipeline("- docker:")
    /// Promtail's expression for the stage.
    private let form = try? Pattern(
        #"^(?s)(?P<time>\S+?) (?P<stream>stdout|stderr) (?P<flags>\S+?) (?P<content>.*)$"#
    )

    func run(_ input: Bytes) throws(Finding) {
        let lines = input.lines
        var contents: [String: [UInt8]] = [:]
        var wholeLines: [String: Int] = [:]
        var endsInPiece: [String: Bool] = [:]
        for line in lines {
            let (stream, content, isPiece) = parts(of: line)
            contents[stream, default: []] += content
            if !isPiece { wholeLines[stream, default: 0] += 1 }
            endsInPiece[stream] = isPiece
        }
        let joined = cri.outputs(of: lines)
        try check(joined, contents, lines.count)
        for (stream, isPiece) in endsInPiece {
            let count = joined.count { Self.stream(of: $0) == stream }
            guard count == wholeLines[stream, default: 0] + (isPiece ? 1 : 0) else {
                throw Finding("cri makes \(count) lines of stream '\(stream)'")
            }
        }
        try check(crowded.outputs(of: lines), contents, lines.count)
        try check(blocks.outputs(of: lines), contents, lines.count)
        for line in lines { try checkDocker(line) }
    }

    /// The stream of a line (empty for a line of another form), what it says, and whether it is a piece.
    private func parts(of line: Bytes) -> (stream: String, content: [UInt8], isPiece: Bool) {
        guard let form, form.firstMatch(in: line, from: 0), let stream = form.captureRange(2),
            let flags = form.captureRange(3), let content = form.captureRange(4)
        else { return ("", line.array, false) }
        return (line[stream].string, line[content].array, line[flags].array == [UInt8(ascii: "P")])
    }

    private static func stream(of output: LinePipeline.Output) -> String {
        String(decoding: output.labels["stream"] ?? [], as: UTF8.self)
    }

    private func check(
        _ outputs: [LinePipeline.Output],
        _ contents: [String: [UInt8]],
        _ lineCount: Int
    ) throws(Finding) {
        guard outputs.flatMap(\.spans).sorted() == Array(1...UInt32(lineCount)) else {
            throw Finding("of \(lineCount) lines \(outputs.flatMap(\.spans)) are acknowledged")
        }
        var found: [String: [UInt8]] = [:]
        for output in outputs {
            // Line breaks are those that multiline has put in.
            found[Self.stream(of: output), default: []] += output.line.filter { $0 != UInt8(ascii: "\n") }
        }
        guard found == contents else { throw Finding("a stream has other bytes than its lines") }
    }

    private func checkDocker(_ line: Bytes) throws(Finding) {
        let brackets = (0..<line.count).count { line[$0] == UInt8(ascii: "{") || line[$0] == UInt8(ascii: "[") }
        guard brackets <= JSONValue.depthLimit else { return }
        guard let output = docker.outputs(of: [line]).first else { throw Finding("docker drops a line") }
        guard case .object(let record)? = JSONValue.parse(line) else {
            guard output.line == line.array, output.labels.isEmpty else { throw Finding("docker changes other lines") }
            return
        }
        switch record[Array("log".utf8)] {
        case .string(let text):
            guard output.line == text else { throw Finding("docker makes another text of 'log'") }
        case nil, .null:
            guard output.line == line.array else { throw Finding("docker makes a text of no 'log'") }
        default: break
        }
        if case .string(let text)? = record[Array("stream".utf8)], Bytes.with(text, { $0.isUTF8 }) {
            guard output.labels["stream", default: []] == text else {
                throw Finding("docker makes another label of 'stream'")
            }
        }
    }
}
