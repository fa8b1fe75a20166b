import Entries
import Languages

/// A line as container runtimes write it for Kubernetes: `TIME STREAM FLAGS CONTENT`, one blank between them.
///
/// (Kubernetes CRI logging format, design proposal kubelet-cri-logging.) The same lines count as Promtail's expression
/// `^(?s)(?P<time>\S+?) (?P<stream>stdout|stderr) (?P<flags>\S+?) (?P<content>.*)$` takes.
struct CRILine {
    let time: Bytes
    /// What `time` says; nil when it is no RFC 3339 time.
    let timestamp: Timestamp?
    /// `stdout` or `stderr`.
    let stream: Bytes
    let flags: Bytes
    let content: Bytes

    /// Whether the line goes on in the next one of its stream.
    var isPartial: Bool { flags.count == 1 && flags[0] == UInt8(ascii: "P") }

    /// nil when `line` is something else.
    @inline(__always)
    init?(_ line: Bytes, _ format: TimestampFormat) {
        // Behind the time at least ` stdout F ` must come.
        guard let blank = line.firstIndex(of: 0x20), blank > 0, line.count - blank >= 10 else { return nil }
        time = line[0..<blank]
        stream = line[blank + 1..<blank + 7]
        guard Self.isStream(stream), line[blank + 7] == 0x20 else { return nil }
        let flagsStart = blank + 8
        let flagsEnd: Int
        if line[flagsStart + 1] == 0x20, line[flagsStart] > 0x20 {
            flagsEnd = flagsStart + 1
        } else {
            guard let end = line.firstIndex(of: 0x20, from: flagsStart), end > flagsStart,
                !Self.hasBlank(line[flagsStart..<end])
            else { return nil }
            flagsEnd = end
        }
        flags = line[flagsStart..<flagsEnd]
        content = line[flagsEnd + 1..<line.count]
        timestamp = format.parse(time, now: Timestamp(seconds: 0))
        // A time that was read has no blanks inside.
        if timestamp == nil, Self.hasBlank(time) { return nil }
    }

    @inline(__always)
    private static func isStream(_ word: Bytes) -> Bool {
        guard word[0] == UInt8(ascii: "s"), word[1] == UInt8(ascii: "t"), word[2] == UInt8(ascii: "d") else {
            return false
        }
        return switch (word[3], word[4], word[5]) {
        case (UInt8(ascii: "o"), UInt8(ascii: "u"), UInt8(ascii: "t")): true
        case (UInt8(ascii: "e"), UInt8(ascii: "r"), UInt8(ascii: "r")): true
        default: false
        }
    }

    /// Whether a byte is what `\s` means to Go; blanks themselves have been looked for before.
    private static func hasBlank(_ text: Bytes) -> Bool {
        for index in 0..<text.count {
            switch text[index] {
            case 0x09, 0x0A, 0x0C, 0x0D: return true
            default: continue
            }
        }
        return false
    }
}
