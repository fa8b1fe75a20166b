package import Entries
import Languages

/// Takes apart what `GET /containers/ID/logs?timestamps=1` gives (Docker Engine API, "Stream format"): frames, each with a
/// time before its text, or the raw output of a terminal; joins the pieces of long lines.
///
/// Decides only: holds at most one line of each stream, within a bound.
package struct LogDecoder {
    /// The raw values are those of the frames.
    package enum Stream: Int, CaseIterable {
        case standardOutput = 1
        case standardError = 2

        /// Value of `__meta_docker_container_log_stream`.
        var name: String { self == .standardOutput ? "stdout" : "stderr" }
    }

    package struct Line: Equatable {
        package var stream: Stream
        package var timestamp: Timestamp
        package var text: [UInt8]
        /// Bytes that were left out, because the line was longer than the bound.
        package var cut = 0
    }

    /// What cannot be log output.
    package struct Malformed: Error, Equatable {}

    private struct Pending {
        var timestamp: Timestamp?
        /// The time as written.
        var time: [UInt8] = []
        var text: [UInt8] = []
        var cut = 0
        var isEmpty: Bool { timestamp == nil }
    }

    /// The container has a terminal: no frames, one stream; nil before the first byte.
    ///
    /// A frame begins with the number of its stream, the output of a terminal with a time.
    private var isTerminal: Bool?
    private let limit: Int
    private var header: [UInt8] = []
    private var frameLeft = 0
    private var stream = Stream.standardOutput
    /// The time of the frame, or of the terminal's line, as far as it came; nil behind it.
    private var time: [UInt8]? = []
    /// The rest of the frame has no time before it, and is left out.
    private var isSkipping = false
    private var pending: [Stream: Pending] = [:]
    /// Frames without a time.
    private(set) var errors = 0

    private static let headerBytes = 8
    /// No engine writes a time that long.
    private static let longestTime = 64
    /// Seconds that a program may take to go on with a line, where only the times tell: what comes later may be the first
    /// line of a container that was started again.
    private static let longestPause: Int64 = 10
    /// Docker cuts lines into pieces of that size.
    private static let pieceBytes = 16_384
    /// Engines cut lines long before that: 64 MiB.
    private static let largestFrame = 64 << 20

    /// `limit`: bytes of a line; the rest is left out.
    package init(limit: Int) { self.limit = limit }

    /// When the oldest line that is not complete began; nil if there is none.
    var openSince: Timestamp? { pending.values.compactMap(\.timestamp).min() }

    /// Takes the next bytes; gives the lines that are complete with them.
    package mutating func take(_ bytes: Bytes, into lines: inout [Line]) throws(Malformed) {
        var rest = bytes
        if isTerminal == nil, bytes.count > 0 {
            guard bytes[0] <= 2 || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[0]) else { throw Malformed() }
            isTerminal = bytes[0] > 2
        }
        while rest.count > 0 {
            if isTerminal == true {
                let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.count
                let isComplete = rest[end - 1] == UInt8(ascii: "\n")
                takeText(rest[0..<end], into: &lines)
                if isComplete { endFrame(into: &lines) }
                rest = rest[end..<rest.count]
                continue
            }
            if frameLeft == 0 {
                let count = min(Self.headerBytes - header.count, rest.count)
                header.append(contentsOf: UnsafeBufferPointer(start: rest.start, count: count))
                rest = rest[count..<rest.count]
                guard header.count == Self.headerBytes else { return }
                try beginFrame()
                if frameLeft == 0 { endFrame(into: &lines) }
                continue
            }
            let count = min(frameLeft, rest.count)
            takeText(rest[0..<count], into: &lines)
            frameLeft -= count
            rest = rest[count..<rest.count]
            if frameLeft == 0 { endFrame(into: &lines) }
        }
    }

    /// The container has ended: what it wrote without a newline is complete.
    package mutating func finish(into lines: inout [Line]) {
        for stream in Stream.allCases { flush(stream, into: &lines) }
    }

    private mutating func beginFrame() throws(Malformed) {
        guard let stream = Stream(rawValue: max(1, Int(header[0]))), header[1] == 0, header[2] == 0, header[3] == 0
        else {
            throw Malformed()
        }
        let length = header[4..<8].reduce(0) { $0 << 8 | Int($1) }
        guard length <= Self.largestFrame else { throw Malformed() }
        self.stream = stream
        header.removeAll(keepingCapacity: true)
        frameLeft = length
    }

    /// Bytes of the frame: first its time, up to a blank, then its text.
    private mutating func takeText(_ bytes: Bytes, into lines: inout [Line]) {
        guard !isSkipping else { return }
        var text = bytes
        if var time {
            let blank = bytes.firstIndex(of: UInt8(ascii: " "))
            let end = blank ?? bytes.count
            time.append(contentsOf: UnsafeBufferPointer(start: bytes.start, count: min(end, Self.longestTime + 1)))
            guard time.count <= Self.longestTime else { return skipFrame() }
            guard blank != nil else {
                self.time = time
                return
            }
            guard let timestamp = Bytes.with(time, { InternetTime.parse($0) }) else { return skipFrame() }
            self.time = nil
            begin(timestamp, time, into: &lines)
            text = bytes[(end + 1)..<bytes.count]
        }
        add(text)
    }

    private mutating func skipFrame() {
        isSkipping = true
        errors += 1
    }

    /// A frame with the time of the piece before it, which had no newline, goes on with that one's line.
    private mutating func begin(_ timestamp: Timestamp, _ time: [UInt8], into lines: inout [Line]) {
        if let open = pending[stream], !open.isEmpty {
            if isTerminal == false, Self.isSameLine(open.timestamp, timestamp) { return }
            flush(stream, into: &lines)
        }
        pending[stream] = Pending(timestamp: timestamp, time: time)
    }

    /// Docker gives all pieces of a line the same time; Podman gives each its own, in whole seconds.
    private static func isSameLine(_ open: Timestamp?, _ next: Timestamp) -> Bool {
        guard let open, open != next else { return open != nil }
        guard open.nanoseconds == 0, next.nanoseconds == 0 else { return false }
        return (0...longestPause).contains(next.seconds - open.seconds)
    }

    private mutating func add(_ text: Bytes) {
        guard text.count > 0 else { return }
        // The end of the line has room, too.
        let room = max(0, limit + 2 - (pending[stream]?.text.count ?? 0))
        let taken = text[0..<min(room, text.count)]
        pending[stream]?.text.append(contentsOf: UnsafeBufferPointer(start: taken.start, count: taken.count))
        pending[stream]?.cut += text.count - taken.count
        isLineComplete = text[text.count - 1] == UInt8(ascii: "\n")
    }

    /// The text that came last ended with a newline.
    private var isLineComplete = false

    private mutating func endFrame(into lines: inout [Line]) {
        defer {
            time = []
            isSkipping = false
            isLineComplete = false
        }
        if !isSkipping, isLineComplete { flush(stream, into: &lines) }
    }

    private mutating func flush(_ stream: Stream, into lines: inout [Line]) {
        guard let open = pending.removeValue(forKey: stream), let timestamp = open.timestamp else { return }
        var text = isTerminal == true ? Self.joined(open) : open.text
        while let last = text.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { text.removeLast() }
        let excess = max(0, text.count - limit)
        text.removeLast(excess)
        lines.append(Line(stream: stream, timestamp: timestamp, text: text, cut: open.cut + excess))
    }

    /// In the output of a terminal the times of the pieces of a long line stand between them.
    private static func joined(_ open: Pending) -> [UInt8] {
        guard open.text.count > pieceBytes else { return open.text }
        let mark = open.time + [UInt8(ascii: " ")]
        var text: [UInt8] = []
        var rest = open.text[...]
        while rest.count > pieceBytes, rest.dropFirst(pieceBytes).starts(with: mark) {
            text += rest.prefix(pieceBytes)
            rest = rest.dropFirst(pieceBytes + mark.count)
        }
        return text + rest
    }
}
