package import Entries
import Languages

/// The push as JSON (Loki's `/loki/api/v1/push` with `application/json`), for servers and proxies that want text.
extension PushBatch {
    /// `{"streams":[{"stream":{...},"values":[["<ns>","<line>",{metadata}]]}]}`; bytes that are not UTF-8 become U+FFFD.
    package func jsonBody(_ buffer: inout BodyBuffer) -> Bytes {
        var streams = (0..<streamCount).map { _ in [UInt8]() }
        forEachEntry { stream, entry in
            if !streams[stream].isEmpty { streams[stream].append(0x2C) }
            Self.appendEntry(entry, to: &streams[stream])
        }
        var body = Array(#"{"streams":["#.utf8)
        for (number, values) in streams.enumerated() {
            body += Array((number == 0 ? #"{"stream":{"# : #",{"stream":{"#).utf8)
            Self.appendLabels(labels(of: number), to: &body)
            body += Array(#"},"values":["#.utf8)
            body += values
            body += Array("]}".utf8)
        }
        body += Array("]}".utf8)
        let output = buffer.room(for: body.count)
        output.update(from: body, count: body.count)
        return Bytes(output, count: body.count)
    }

    /// `["<nanoseconds>","<line>"]`, with a third element where the entry has metadata.
    private static func appendEntry(_ entry: Bytes, to output: inout [UInt8]) {
        var fields = WireFields(entry)
        var seconds: Int64 = 0
        var nanoseconds: Int64 = 0
        var line = Bytes.empty
        var metadata: [UInt8] = []
        while let field = fields.next() {
            switch field.number {
            case 1:
                var time = WireFields(field.bytes)
                while let part = time.next() {
                    if part.number == 1 {
                        seconds = Int64(bitPattern: part.value)
                    } else {
                        nanoseconds = Int64(part.value)
                    }
                }
            case 2: line = field.bytes
            default:
                if !metadata.isEmpty { metadata.append(0x2C) }
                appendPair(field.bytes, to: &metadata)
            }
        }
        output += Array("[\"\(unixNanoseconds(seconds, nanoseconds))\",".utf8)
        JSONValue.appendQuoted(line, to: &output)
        if !metadata.isEmpty { output += [0x2C, 0x7B] + metadata + [0x7D] }
        output.append(0x5D)
    }

    /// Nanoseconds since 1970.
    ///
    /// Loki reads 64 bits: what they do not reach (years before 1678 and after 2262) becomes the nearest time they do,
    /// since Loki would refuse the whole push for one such entry.
    private static func unixNanoseconds(_ seconds: Int64, _ nanoseconds: Int64) -> Int64 {
        let limit = Int64.max / 1_000_000_000
        if seconds >= limit { return .max }
        if seconds <= -limit { return .min }
        return seconds * 1_000_000_000 + nanoseconds
    }

    private static func appendPair(_ pair: Bytes, to output: inout [UInt8]) {
        var fields = WireFields(pair)
        var name = Bytes.empty
        var value = Bytes.empty
        while let field = fields.next() {
            if field.number == 1 { name = field.bytes } else { value = field.bytes }
        }
        JSONValue.appendQuoted(name, to: &output)
        output.append(0x3A)
        JSONValue.appendQuoted(value, to: &output)
    }

    /// `"name":"value",...` from the stream text `{name="value", ...}`, which ``StreamText`` made.
    private static func appendLabels(_ text: [UInt8], to output: inout [UInt8]) {
        var index = 1
        while index < text.count - 1 {
            guard let equals = text[index...].firstIndex(of: 0x3D) else { return }
            var end = equals + 2
            while end < text.count, text[end] != 0x22 { end += text[end] == 0x5C ? 2 : 1 }
            guard end < text.count else { return }
            Bytes.with(Array(text[index..<equals])) { JSONValue.appendQuoted($0, to: &output) }
            output.append(0x3A)
            let quoted = String(decoding: text[(equals + 1)...end], as: UTF8.self)
            let value = (try? GoQuoting.unquote(quoted)) ?? []
            Bytes.with(value) { JSONValue.appendQuoted($0, to: &output) }
            index = end + 3
            if index < text.count { output.append(0x2C) }
        }
    }
}

/// The fields of a protobuf message that this module has written itself.
struct WireFields {
    struct Field {
        let number: Int
        /// The value of a varint field.
        let value: UInt64
        /// The content of a length-delimited field.
        let bytes: Bytes
    }

    private var place: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>

    init(_ message: Bytes) {
        place = message.start
        end = message.end
    }

    mutating func next() -> Field? {
        guard place < end else { return nil }
        let tag = varint()
        let value = varint()
        guard tag & 7 == 2 else { return Field(number: Int(tag >> 3), value: value, bytes: .empty) }
        let bytes = Bytes(place, count: Int(min(value, UInt64(end - place))))
        place += bytes.count
        return Field(number: Int(tag >> 3), value: value, bytes: bytes)
    }

    private mutating func varint() -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < end, shift < 64 {
            let byte = place.pointee
            place += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { break }
            shift += 7
        }
        return value
    }
}
