import CLokiPush
package import Entries
import Languages

/// Decodes pushes: snappy and protobuf (by protobuf-c), or JSON.
///
/// Whatever comes in, memory stays within a multiple of ``bodyLimit``: lengths are checked before anything is allocated,
/// and protobuf-c allocates through a counter that stops it.
package enum PushDecoder {
    /// Largest uncompressed body in bytes.
    package static let bodyLimit = 64 * 1024 * 1024
    /// What protobuf-c may allocate for one message: its structs are larger than the smallest entries on the wire.
    private static let allocationLimit = 512 * 1024 * 1024

    /// Decodes a snappy block with a protobuf push inside.
    package static func decodeProtobuf(_ compressed: Bytes) throws(PushDecodingError) -> DecodedPush {
        try decodeProtobuf(compressed, allocating: allocationLimit)
    }

    /// The same with another bound on what protobuf-c may allocate.
    static func decodeProtobuf(_ compressed: Bytes, allocating limit: Int) throws(PushDecodingError) -> DecodedPush {
        let body = try decompress(compressed)
        var budget = clokipush_budget(left: limit)
        return try Bytes.with(body) { bytes throws(PushDecodingError) in
            try withUnsafeMutablePointer(to: &budget) { budget throws(PushDecodingError) in
                var allocator = clokipush_allocator(budget)
                guard let request = logproto__push_request__unpack(&allocator, bytes.count, bytes.start) else {
                    throw PushDecodingError(reason: "body is not a push request")
                }
                defer { logproto__push_request__free_unpacked(request, &allocator) }
                return DecodedPush(streams: streams(of: request.pointee))
            }
        }
    }

    /// Counts the entries and the bytes of their lines without decoding further; for receivers that only count.
    package static func count(_ compressed: Bytes) throws(PushDecodingError) -> (
        entries: Int, lineBytes: Int, streams: Int
    ) {
        let body = try decompress(compressed)
        return try Bytes.with(body) { bytes throws(PushDecodingError) in
            var sums = (entries: 0, lineBytes: 0, streams: 0)
            var streams = CheckedFields(bytes)
            while let stream = try streams.next() {
                guard stream.number == 1 else { continue }
                sums.streams += 1
                var entries = CheckedFields(stream.bytes)
                while let entry = try entries.next() {
                    guard entry.number == 2 else { continue }
                    sums.entries += 1
                    var fields = CheckedFields(entry.bytes)
                    while let field = try fields.next() {
                        if field.number == 2 { sums.lineBytes += field.bytes.count }
                    }
                }
            }
            return sums
        }
    }

    private static func decompress(_ compressed: Bytes) throws(PushDecodingError) -> [UInt8] {
        guard let length = SnappyBlock.uncompressedLength(compressed) else {
            throw PushDecodingError(reason: "body is not a snappy block")
        }
        guard length <= bodyLimit else {
            throw PushDecodingError(reason: "body is larger than \(bodyLimit) bytes uncompressed")
        }
        guard let body = SnappyBlock.decompress(compressed, limit: bodyLimit) else {
            throw PushDecodingError(reason: "body is not a snappy block")
        }
        return body
    }

    private static func streams(of request: Logproto__PushRequest) -> [DecodedPush.Stream] {
        UnsafeBufferPointer(start: request.streams, count: request.n_streams).compactMap { $0?.pointee }.map { stream in
            DecodedPush.Stream(
                labels: array(stream.labels),
                entries: UnsafeBufferPointer(start: stream.entries, count: stream.n_entries)
                    .compactMap { $0?.pointee }.map { entry(of: $0) }
            )
        }
    }

    private static func entry(of entry: Logproto__Entry) -> DecodedPush.Entry {
        let time = entry.timestamp?.pointee
        return DecodedPush.Entry(
            timestamp: Timestamp(seconds: time?.seconds ?? 0, nanoseconds: Int64(time?.nanos ?? 0)),
            line: array(entry.line),
            metadata: UnsafeBufferPointer(start: entry.structured_metadata, count: entry.n_structured_metadata)
                .compactMap { $0?.pointee }.map { DecodedPush.Pair(name: array($0.name), value: array($0.value)) }
        )
    }

    private static func array(_ data: ProtobufCBinaryData) -> [UInt8] {
        Array(UnsafeBufferPointer(start: data.data, count: data.len))
    }

    // MARK: - JSON

    /// Decodes `{"streams":[{"stream":{...},"values":[["<ns>","<line>",{...}]]}]}`.
    package static func decodeJSON(_ text: Bytes) throws(PushDecodingError) -> DecodedPush {
        guard case .object(let root)? = JSONValue.parse(text), case .array(let list)? = root[Array("streams".utf8)]
        else { throw PushDecodingError(reason: "body is not a JSON push request") }
        var streams: [DecodedPush.Stream] = []
        for item in list {
            guard case .object(let stream) = item, case .object(let labels)? = stream[Array("stream".utf8)],
                case .array(let values)? = stream[Array("values".utf8)]
            else { throw PushDecodingError(reason: "a stream needs 'stream' and 'values'") }
            var entries: [DecodedPush.Entry] = []
            for value in values { entries.append(try entry(of: value)) }
            streams.append(DecodedPush.Stream(labels: StreamText.render(try pairs(of: labels)), entries: entries))
        }
        return DecodedPush(streams: streams)
    }

    private static func entry(of value: JSONValue) throws(PushDecodingError) -> DecodedPush.Entry {
        guard case .array(let parts) = value, parts.count >= 2, case .string(let time) = parts[0],
            case .string(let line) = parts[1], let nanoseconds = Bytes.with(time, { GoNumber.parseInteger($0) })
        else { throw PushDecodingError(reason: "a value needs a time in nanoseconds and a line, both as text") }
        var metadata: [DecodedPush.Pair] = []
        if parts.count > 2 {
            guard case .object(let object) = parts[2] else {
                throw PushDecodingError(reason: "structured metadata must be an object")
            }
            metadata = try pairs(of: object).map { DecodedPush.Pair(name: Array($0.name.utf8), value: $0.value) }
        }
        return DecodedPush.Entry(timestamp: Timestamp(unixNanoseconds: nanoseconds), line: line, metadata: metadata)
    }

    private static func pairs(of object: JSONObject) throws(PushDecodingError) -> [(name: String, value: [UInt8])] {
        var pairs: [(name: String, value: [UInt8])] = []
        for (key, value) in zip(object.keys, object.values) {
            guard case .string(let text) = value else { throw PushDecodingError(reason: "a value must be a text") }
            pairs.append((String(decoding: key, as: UTF8.self), text))
        }
        return pairs
    }
}

/// The fields of a protobuf message from outside.
private struct CheckedFields {
    struct Field {
        let number: UInt64
        let bytes: Bytes
    }

    private var place: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>

    init(_ message: Bytes) {
        place = message.start
        end = message.end
    }

    mutating func next() throws(PushDecodingError) -> Field? {
        guard place < end else { return nil }
        let tag = try varint()
        switch tag & 7 {
        case 0:
            _ = try varint()
            return Field(number: tag >> 3, bytes: .empty)
        case 2:
            let length = try varint()
            guard length <= UInt64(end - place) else { throw PushDecodingError(reason: "a field is cut off") }
            let bytes = Bytes(place, count: Int(length))
            place += Int(length)
            return Field(number: tag >> 3, bytes: bytes)
        case 1, 5:
            let length = tag & 7 == 1 ? 8 : 4
            guard end - place >= length else { throw PushDecodingError(reason: "a field is cut off") }
            place += length
            return Field(number: tag >> 3, bytes: .empty)
        default: throw PushDecodingError(reason: "a field has an unknown type")
        }
    }

    private mutating func varint() throws(PushDecodingError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < end, shift < 64 {
            let byte = place.pointee
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw PushDecodingError(reason: "a number is cut off")
    }
}
