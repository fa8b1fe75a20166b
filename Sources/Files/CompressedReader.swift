import Glibc

/// Reads what a compressed file holds, front to back; goes on when the file has grown.
final class CompressedReader {
    enum State: Equatable {
        case reading
        /// The file ends in the middle of a stream: it is still being written.
        case starving
        /// Every stream was read to its end.
        case ended
        /// What follows cannot be decompressed.
        case damaged
    }

    /// Nothing more comes.
    var isDone: Bool { state == .ended || state == .damaged }

    let format: TailTarget.Decompression.Format
    private(set) var state = State.reading
    private(set) var isClosed = false
    /// Lines of an earlier run that have to be passed over.
    var linesToSkip: Int64
    /// The beginning of a line that did not fit into the last chunk.
    var carried: [UInt8] = []
    /// Bytes of the line in `carried` that were left out because it is too long.
    var skippedBytes = 0

    private var decompressor: Decompressor?
    private var input: [UInt8] = []
    private var inputStart = 0
    private var filePosition: Int64 = 0
    private var isInsideStream = false
    private var hasEndedStream = false
    private static let inputBytes = 64 * 1024

    init(_ format: TailTarget.Decompression.Format, skippingLines lines: Int64 = 0) {
        self.format = format
        linesToSkip = lines
    }

    /// Decompresses up to `capacity` bytes into `target`; 0 when there is nothing more now: see `state`.
    func read(
        from file: OpenFile,
        into target: UnsafeMutablePointer<UInt8>,
        capacity: Int
    ) throws(SystemError) -> Int {
        var produced = 0
        if state == .starving { state = .reading }
        while produced < capacity, state == .reading {
            if inputStart == input.count { try refill(from: file) }
            guard inputStart < input.count else {
                state = isInsideStream ? .starving : .ended
                break
            }
            guard let running = decompressor ?? Decompressor(format) else {
                state = .damaged
                break
            }
            decompressor = running
            let start = inputStart
            let step = input.withUnsafeMutableBufferPointer { all in
                running.step(
                    input: UnsafeMutableBufferPointer(rebasing: all[start...]),
                    output: UnsafeMutableBufferPointer(start: target + produced, count: capacity - produced)
                )
            }
            produced += step.produced
            inputStart += step.consumed
            take(step.outcome)
        }
        return produced
    }

    private func take(_ outcome: Decompressor.Outcome) {
        switch outcome {
        case .going:
            isInsideStream = true
        case .streamEnd:
            isInsideStream = false
            hasEndedStream = true
            decompressor = nil
            // zlib data has no members; gzip(1) and bzip2(1) read one stream after the other.
            if format == .zlib { state = .ended }
        case .damaged:
            // As gzip(1): what follows a complete stream and is none itself is padding.
            state = hasEndedStream && !isInsideStream ? .ended : .damaged
            decompressor = nil
        }
    }

    private func refill(from file: OpenFile) throws(SystemError) {
        if input.count != Self.inputBytes { input = [UInt8](repeating: 0, count: Self.inputBytes) }
        let got: Result<Int, SystemError> = input.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return .success(0) }
            do throws(SystemError) {
                return .success(try file.read(into: start, count: buffer.count, at: filePosition))
            } catch { return .failure(error) }
        }
        let count = try got.get()
        filePosition += Int64(count)
        input.removeLast(input.count - count)
        inputStart = 0
    }

    /// Everything was given out; frees what only a running decompression needs.
    func close() {
        isClosed = true
        decompressor = nil
        input = []
        inputStart = 0
        carried = []
    }

    /// The first bytes of the content, as many as go into a fingerprint; only for a reader that has not read yet.
    func head(of file: OpenFile) -> Fingerprint {
        let bytes = [UInt8](unsafeUninitializedCapacity: Fingerprint.maximumBytes) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            // Unreadable content is told where it is read for its lines.
            count = (try? read(from: file, into: start, capacity: buffer.count)) ?? 0
        }
        return Fingerprint(count: bytes.count, hash: Fingerprint.hash(bytes))
    }

    /// Passes over `count` bytes of the content; the last ones before that point, or nil when there are not so many.
    func skip(_ count: Int64, of file: OpenFile) -> [UInt8]? {
        var left = count
        var last: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: Self.inputBytes)
        while left > 0 {
            let wanted = Int(min(left, Int64(buffer.count)))
            let got = buffer.withUnsafeMutableBufferPointer { room in
                // Unreadable means not this one; the search goes on.
                room.baseAddress.flatMap { try? read(from: file, into: $0, capacity: wanted) } ?? 0
            }
            guard got > 0 else { return nil }
            left -= Int64(got)
            last = Array((last + buffer[..<got]).suffix(Fingerprint.maximumBytes))
        }
        return last
    }
}
