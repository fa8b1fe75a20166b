import CBytes
package import Entries
import Glibc

/// The push that a batch becomes: protobuf, and compressed.
extension PushBatch {
    /// Makes the compressed push now, while the entries are in this processor's caches.
    package func compressAhead(gathering buffer: inout BodyBuffer) {
        aheadCount = compress(gathering: &buffer, into: &ahead).count
    }

    /// The compressed push: what was made ahead, or made now in `output`; valid until the batch or a buffer changes.
    package func compressedBody(gathering buffer: inout BodyBuffer, into output: inout BodyBuffer) -> Bytes {
        aheadCount > 0 ? ahead.contents(aheadCount) : compress(gathering: &buffer, into: &output)
    }

    private func compress(gathering buffer: inout BodyBuffer, into output: inout BodyBuffer) -> Bytes {
        let body = body(&buffer)
        let capacity = SnappyBlock.maximumLength(of: body.count)
        let start = output.room(for: capacity)
        return output.contents(SnappyBlock.compress(body, into: start, capacity: capacity))
    }

    /// The `PushRequest`, uncompressed: in place for a single stream, else gathered by stream into `buffer`.
    ///
    /// Entries keep their order of arrival within a stream. The bytes are valid until the batch or the buffer changes.
    package func body(_ buffer: inout BodyBuffer) -> Bytes {
        let entries = state.pointee.entries + Self.headRoom
        if streamCount == 1, headerLength(0) <= Self.headRoom {
            let start = entries - headerLength(0)
            _ = putHeader(0, start)
            return Bytes(start, count: headerLength(0) + state.pointee.used)
        }
        var total = 0
        for stream in 0..<streamCount { total += headerLength(stream) + streams[stream].entryBytes }
        let output = buffer.room(for: total)
        let cursors = buffer.cursors(streamCount)
        var next = output
        for stream in 0..<streamCount {
            next = putHeader(stream, next)
            cursors[stream] = next
            next += streams[stream].entryBytes
        }
        var read = entries
        for index in 0..<state.pointee.count {
            let record = state.pointee.records[index]
            let length = Int(record.length)
            memcpy(cursors[Int(record.stream)], read, length)
            cursors[Int(record.stream)] += length
            read += length
        }
        return Bytes(output, count: total)
    }

    /// Bytes of a stream's message: its labels and entries.
    private func messageLength(_ stream: Int) -> Int {
        Self.fieldLength(streams[stream].labels.count) + streams[stream].entryBytes
    }

    private func headerLength(_ stream: Int) -> Int {
        1 + Int(cbytes_varint_length(UInt64(messageLength(stream)))) + Self.fieldLength(streams[stream].labels.count)
    }

    private func putHeader(_ stream: Int, _ output: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
        let next = Self.put(0x0A, UInt64(messageLength(stream)), output)
        if streams[stream].labels.isEmpty { return next }
        return Bytes.with(labelBytes) { Self.put(0x0A, $0[streams[stream].labels], next) }
    }

    /// Whether `bytes` stand anywhere in the lines, metadata or labels; looks at everything.
    package func contains(_ bytes: [UInt8]) -> Bool {
        let entries = Bytes(state.pointee.entries + Self.headRoom, count: state.pointee.used)
        return Bytes.with(bytes) { part in entries.contains(part) || Bytes.with(labelBytes) { $0.contains(part) } }
    }

    /// Calls `body` with each entry's stream, label text and encoded bytes (behind tag and length), in order of arrival.
    func forEachEntry(_ body: (_ stream: Int, _ entry: Bytes) -> Void) {
        var read = UnsafePointer(state.pointee.entries + Self.headRoom)
        for index in 0..<state.pointee.count {
            let record = state.pointee.records[index]
            var start = read + 1
            while start.pointee >= 0x80 { start += 1 }
            body(Int(record.stream), Bytes(from: start + 1, to: read + Int(record.length)))
            read += Int(record.length)
        }
    }

    /// The label text of a stream.
    func labels(of stream: Int) -> [UInt8] { Array(labelBytes[streams[stream].labels]) }
}
