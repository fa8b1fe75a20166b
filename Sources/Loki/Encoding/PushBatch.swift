import CBytes
package import Delivery
package import Entries
import Glibc

/// Entries on their way into one push: their protobuf bytes in the order of arrival, and the stream of each.
///
/// The encoding is client.md 5. An entry's bytes are written once, here; the sender puts them behind the headers of
/// their streams. Owned by one thread at a time: the worker that fills it, then the sender.
///
/// `@unchecked Sendable`: it is handed from thread to thread under the lock of a queue and never used by two at a time.
package final class PushBatch: @unchecked Sendable {
    struct Record {
        let stream: UInt32
        let length: UInt32
    }

    struct State {
        var entries: UnsafeMutablePointer<UInt8>
        var capacity: Int
        var used = 0
        /// Bytes of the labels of all streams, and of what is kept for each stream.
        var streamBytes = 0
        var records: UnsafeMutablePointer<Record>
        var recordCapacity: Int
        var count = 0
        /// Bytes of lines and metadata, as `batchsize` counts them.
        var size = 0
        /// The last of the spans, here because asking an array for each line costs.
        var lastSpan = SpanID(source: .max, number: .max)
        /// The seconds of the last timestamp, tag included: lines of the same second have the same bytes.
        var seconds = EncodedSeconds(0)
    }

    /// The field `seconds` of a timestamp: at most 11 bytes, in two words that are stored as a whole.
    struct EncodedSeconds {
        let value: Int64
        let length: Int
        let first: UInt64
        let second: UInt64

        init(_ value: Int64) {
            self.value = value
            var bytes = (UInt64(0), UInt64(0))
            length = withUnsafeMutableBytes(of: &bytes) { buffer in
                // Zero is the default, which is not written.
                guard value != 0, let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
                return PushBatch.put(0x08, UInt64(bitPattern: value), start) - start
            }
            first = bytes.0
            second = bytes.1
        }
    }

    struct Stream {
        let labels: Range<Int>
        var entryBytes = 0
        var count = 0
    }

    /// Bytes kept free before the entries, so that a push of one stream needs no second copy.
    static let headRoom = 8 * 1024
    private static let usualCapacity = 128 * 1024
    private static let usualRecordCapacity = 1024
    private static let usualStreamCapacity = 16
    /// Bytes behind an entry's header that storing it whole words at a time may overwrite.
    private static let slack = 32

    let state: UnsafeMutablePointer<State>
    private(set) var streams: UnsafeMutableBufferPointer<Stream>
    package private(set) var streamCount = 0
    private(set) var labelBytes: [UInt8] = []

    /// The compressed push, when it was made before the sender asked for it.
    var ahead = BodyBuffer()
    /// Bytes of it; 0 while there is none.
    var aheadCount = 0
    /// Bytes of memory that whoever counts them has counted for this batch.
    package var charge = 0

    /// Entries by the number of the job they come from, below `jobCapacity`.
    private var jobCounts = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    private var jobCapacity = 1

    /// Spans of the sources whose entries are inside: each was retained once and is released with the answer.
    package private(set) var spans: [SpanID] = []
    /// The tenant all entries belong to; nil for none.
    package private(set) var tenant: [UInt8]?
    /// Number of the worker that filled it.
    package var owner = 0
    /// When the first entry came, in monotonic nanoseconds.
    package private(set) var openedAt: Int64 = 0
    /// Differs from all earlier uses of this and other batches.
    package private(set) var serial: UInt64 = 0

    package init() {
        state = .allocate(capacity: 1)
        state.initialize(
            to: State(
                entries: .allocate(capacity: Self.usualCapacity + Self.headRoom + Self.slack),
                capacity: Self.usualCapacity,
                records: .allocate(capacity: Self.usualRecordCapacity),
                recordCapacity: Self.usualRecordCapacity
            )
        )
        streams = .allocate(capacity: Self.usualStreamCapacity)
        jobCounts.initialize(to: 0)
    }

    deinit {
        state.pointee.entries.deallocate()
        state.pointee.records.deallocate()
        state.deallocate()
        streams.deallocate()
        jobCounts.deallocate()
        ahead.deallocate()
    }

    package var count: Int { state.pointee.count }
    package var isEmpty: Bool { state.pointee.count == 0 }
    /// Bytes of lines and structured metadata, as Promtail counts a batch.
    package var size: Int { state.pointee.size }
    /// Bytes that entries and streams take in memory, at most 8 more for each entry.
    @inline(__always)
    package var weight: Int { state.pointee.used + state.pointee.streamBytes }
    /// Bytes of memory that the batch holds.
    package var footprint: Int {
        state.pointee.capacity + state.pointee.recordCapacity * MemoryLayout<Record>.stride + labelBytes.capacity
            + streams.count * MemoryLayout<Stream>.stride + ahead.capacity
    }

    /// Empties the batch for another round.
    ///
    /// Memory of an unusually large one is given back.
    package func begin(serial: UInt64, tenant: [UInt8]?, now: Int64, keeping limit: Int, jobs: Int = 1) {
        self.serial = serial
        self.tenant = tenant
        openedAt = now
        if footprint > limit { shrink() }
        state.pointee.used = 0
        state.pointee.streamBytes = 0
        state.pointee.count = 0
        state.pointee.size = 0
        state.pointee.lastSpan = SpanID(source: .max, number: .max)
        streamCount = 0
        aheadCount = 0
        if jobs > jobCapacity {
            jobCounts.deallocate()
            jobCounts = .allocate(capacity: jobs)
            jobCapacity = jobs
        }
        jobCounts.update(repeating: 0, count: jobCapacity)
        labelBytes.removeAll(keepingCapacity: true)
        spans.removeAll(keepingCapacity: true)
    }

    /// Gives back what an unusually large batch needed.
    private func shrink() {
        resize(to: Self.usualCapacity, copying: 0)
        state.pointee.records.deallocate()
        state.pointee.records = .allocate(capacity: Self.usualRecordCapacity)
        state.pointee.recordCapacity = Self.usualRecordCapacity
        streams.deallocate()
        streams = .allocate(capacity: Self.usualStreamCapacity)
        labelBytes = []
        spans = []
        ahead.deallocate()
        ahead = BodyBuffer()
    }

    /// Notes that `count` of the entries come from a job.
    @inline(__always)
    package func countEntries(_ count: Int, of job: Int) { jobCounts[job] &+= count }

    /// Entries that come from a job.
    package func entries(of job: Int) -> Int { job < jobCapacity ? jobCounts[job] : 0 }

    /// Adds a stream with the given label text; gives its number within this batch.
    package func addStream(_ labels: [UInt8]) -> Int {
        if streamCount == streams.count {
            let larger = UnsafeMutableBufferPointer<Stream>.allocate(capacity: streams.count * 2)
            _ = larger.moveInitialize(fromContentsOf: streams)
            streams.deallocate()
            streams = larger
        }
        let start = labelBytes.count
        labelBytes.append(contentsOf: labels)
        streams.initializeElement(at: streamCount, to: Stream(labels: start..<labelBytes.count))
        state.pointee.streamBytes += labels.count + MemoryLayout<Stream>.stride
        streamCount += 1
        return streamCount - 1
    }

    /// The bytes of an entry that count towards `batchsize`: the line and every metadata pair as a message.
    package static func size(line: Bytes, metadata: MetadataList) -> Int {
        metadata.count == 0 ? line.count : line.count + metadataSize(metadata)
    }

    private static func metadataSize(_ metadata: MetadataList) -> Int {
        (0..<metadata.count).reduce(0) { $0 + pairLength(metadata[$1]) }
    }

    /// Whether an entry of `size` more bytes may come into the batch.
    @inline(__always)
    package func hasRoom(for size: Int, _ policy: BatchPolicy) -> Bool {
        !policy.mustClose(size: self.size, weight: weight, isEmpty: isEmpty, adding: size)
    }

    /// Retains a span unless the last entry was of the same one; true when the caller must count it.
    @inline(__always)
    package func addSpan(_ span: SpanID) -> Bool {
        if state.pointee.lastSpan == span { return false }
        state.pointee.lastSpan = span
        spans.append(span)
        return true
    }

    /// Appends an entry, which counts `size` bytes, and retains its span; true when the caller must count that.
    package func append(_ entry: UnsafePointer<Entry>, stream: Int, size: Int) -> Bool {
        append(
            stream: stream,
            timestamp: entry.pointee.timestamp,
            line: entry.pointee.line,
            metadata: entry.pointee.metadata,
            size: size
        )
        return addSpan(entry.pointee.span)
    }

    /// Appends an entry; `size` is what ``size(line:metadata:)`` gave.
    package func append(stream: Int, timestamp: Timestamp, line: Bytes, metadata: MetadataList, size: Int) {
        if metadata.count == 0 {
            _ = put(stream: stream, timestamp: timestamp, line: line, size: size, metadataLength: 0)
        } else {
            let length = Self.encodedLength(metadata)
            Self.put(
                metadata,
                put(stream: stream, timestamp: timestamp, line: line, size: size, metadataLength: length)
            )
        }
    }

    /// Lines that were appended in a run.
    package struct Run {
        /// Where the first line that was not taken begins.
        package var end: UnsafePointer<UInt8>
        /// Those that were taken, and of these the ones without a byte, which are no entries.
        package var lineCount: UInt64 = 0
        package var blankCount: UInt64 = 0

        package init(end: UnsafePointer<UInt8>) { self.end = end }
    }

    /// Appends the whole lines at `start` to a stream, each a nanosecond after the one before, while they fit.
    ///
    /// Ends before a line without newline, one of more than `longest` bytes, or one that the policy has no room for.
    /// `stamp` is the time of the entry before the first, then that of the last; the spans of the batch stay as they are.
    /// Unless line ends are kept, carriage returns at the end are cut off and lines without a byte passed over.
    package func appendLines(
        from start: UnsafePointer<UInt8>,
        to end: UnsafePointer<UInt8>,
        stream: Int,
        after stamp: inout Timestamp,
        longest: Int,
        keepsLineEnds: Bool,
        _ policy: BatchPolicy
    ) -> Run {
        var run = Run(end: start)
        while run.end < end {
            let newline = cbytes_find(run.end, end, 0x0A)
            guard newline < end else { break }
            var count = newline - run.end
            if !keepsLineEnds {
                while count > 0, run.end[count &- 1] == 0x0D { count &-= 1 }
            }
            if keepsLineEnds || count > 0 {
                guard count <= longest, hasRoom(for: count, policy) else { break }
                stamp = stamp.successor
                let line = Bytes(run.end, count: count)
                _ = put(stream: stream, timestamp: stamp, line: line, size: count, metadataLength: 0)
            } else {
                run.blankCount &+= 1
            }
            run.lineCount &+= 1
            run.end = newline + 1
        }
        return run
    }

    /// Appends an entry but for its metadata, which the caller puts to the place that is given.
    @inline(__always)
    private func put(
        stream: Int,
        timestamp: Timestamp,
        line: Bytes,
        size: Int,
        metadataLength: Int
    ) -> UnsafeMutablePointer<UInt8> {
        let state = self.state
        if timestamp.seconds != state.pointee.seconds.value { state.pointee.seconds = Self.encoded(timestamp.seconds) }
        let seconds = state.pointee.seconds
        let nanoseconds = UInt32(bitPattern: timestamp.nanoseconds)
        let nanosecondsLength = Int(cbytes_length_of(nanoseconds))
        let timeLength = seconds.length &+ (nanoseconds == 0 ? 0 : 1 &+ nanosecondsLength)
        let lineLength = UInt32(truncatingIfNeeded: line.count)
        var body = 2 &+ timeLength
        if lineLength > 0 { body = body &+ 1 &+ Int(cbytes_length_of(lineLength)) &+ line.count }
        body = body &+ metadataLength
        let bodyLength = UInt32(truncatingIfNeeded: body)
        let total = 1 &+ Int(cbytes_length_of(bodyLength)) &+ body
        if state.pointee.used &+ total > state.pointee.capacity { makeRoom(for: total) }
        if state.pointee.count == state.pointee.recordCapacity { growRecords() }

        var next = state.pointee.entries + Self.headRoom + state.pointee.used
        next[0] = 0x12
        next = cbytes_put_length(next + 1, bodyLength)
        next[0] = 0x0A
        next[1] = UInt8(truncatingIfNeeded: timeLength)
        cbytes_store64(next + 2, seconds.first)
        cbytes_store64(next + 10, seconds.second)
        next += 2 &+ seconds.length
        if nanoseconds > 0 {
            next[0] = 0x10
            cbytes_put_wide(next + 1, nanoseconds, Int64(nanosecondsLength))
            next += 1 &+ nanosecondsLength
        }
        if lineLength > 0 {
            next[0] = 0x12
            next = line.copy(to: cbytes_put_length(next + 1, lineLength))
        }

        (state.pointee.records + state.pointee.count).initialize(
            to: Record(stream: UInt32(truncatingIfNeeded: stream), length: UInt32(truncatingIfNeeded: total))
        )
        state.pointee.count &+= 1
        state.pointee.used &+= total
        state.pointee.size &+= size
        let place = streams.baseAddress.unsafelyUnwrapped + stream
        place.pointee.entryBytes &+= total
        place.pointee.count &+= 1
        return next
    }

    @inline(never)
    private static func encoded(_ seconds: Int64) -> EncodedSeconds { EncodedSeconds(seconds) }

    private static func encodedLength(_ metadata: MetadataList) -> Int {
        (0..<metadata.count).reduce(0) { sum, index in
            let length = pairLength(metadata[index])
            return sum + 1 + Int(cbytes_varint_length(UInt64(length))) + length
        }
    }

    private static func put(_ metadata: MetadataList, _ output: UnsafeMutablePointer<UInt8>) {
        var next = output
        for index in 0..<metadata.count {
            let pair = metadata[index]
            next = put(0x1A, UInt64(pairLength(pair)), next)
            if pair.name.count > 0 { next = put(0x0A, pair.name, next) }
            if pair.value.count > 0 { next = put(0x12, pair.value, next) }
        }
    }

    /// Tag and varint.
    @inline(__always)
    static func put(_ tag: UInt8, _ value: UInt64, _ output: UnsafeMutablePointer<UInt8>)
        -> UnsafeMutablePointer<UInt8>
    {
        output.pointee = tag
        return cbytes_put_varint(output + 1, value)
    }

    /// Tag, length and bytes.
    @inline(__always)
    static func put(_ tag: UInt8, _ bytes: Bytes, _ output: UnsafeMutablePointer<UInt8>)
        -> UnsafeMutablePointer<UInt8>
    {
        let next = put(tag, UInt64(bytes.count), output)
        memcpy(next, bytes.start, bytes.count)
        return next + bytes.count
    }

    @inline(__always)
    private static func pairLength(_ pair: MetadataList.Pair) -> Int {
        fieldLength(pair.name.count) + fieldLength(pair.value.count)
    }

    @inline(__always)
    static func fieldLength(_ count: Int) -> Int {
        count == 0 ? 0 : 1 + Int(cbytes_varint_length(UInt64(count))) + count
    }

    private func makeRoom(for more: Int) {
        resize(to: max(state.pointee.used + more, state.pointee.capacity * 2), copying: state.pointee.used)
    }

    private func resize(to capacity: Int, copying count: Int) {
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity + Self.headRoom + Self.slack)
        memcpy(larger + Self.headRoom, state.pointee.entries + Self.headRoom, count)
        state.pointee.entries.deallocate()
        state.pointee.entries = larger
        state.pointee.capacity = capacity
    }

    private func growRecords() {
        let larger = UnsafeMutablePointer<Record>.allocate(capacity: state.pointee.recordCapacity * 2)
        larger.moveInitialize(from: state.pointee.records, count: state.pointee.count)
        state.pointee.records.deallocate()
        state.pointee.records = larger
        state.pointee.recordCapacity *= 2
    }
}
