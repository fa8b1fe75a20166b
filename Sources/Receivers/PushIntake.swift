import Configuration
import Entries
import Files
import HTTPServer
import Languages
import Loki

/// Makes entries of the bodies of pushes.
struct PushIntake {
    private let options: PushAPIOptions
    private var labels: MessageLabels

    init(_ options: PushAPIOptions, rules: [RelabelRule]) {
        self.options = options
        labels = MessageLabels(configured: options.labels, rules: rules)
    }

    /// Bytes of a body at most once it is decompressed: 64 MiB, as the decoder takes.
    private static let inflatedLimit = PushDecoder.bodyLimit

    /// The body as it was before HTTP's compression.
    static func inflated(_ request: HTTPRequest) throws(PushRefusal) -> [UInt8] {
        let encoding = request.header("content-encoding")?.lowercased() ?? ""
        let format: Inflation.Format
        switch encoding {
        case "", "identity", "snappy": return request.body
        case "gzip": format = .gzip
        case "deflate": format = .deflate
        default: throw PushRefusal(status: 400, reason: "Content-Encoding \"\(encoding)\" not supported")
        }
        switch Inflation.inflate(request.body, format, limit: inflatedLimit) {
        case .done(let contents): return contents
        case .tooLarge:
            throw PushRefusal(status: 413, reason: "body is larger than \(inflatedLimit) bytes uncompressed")
        case .damaged: throw PushRefusal(status: 400, reason: "body is not \(encoding)")
        }
    }

    /// The entries of a push, JSON or protobuf by its content type.
    mutating func batch(of body: [UInt8], _ request: HTTPRequest) throws(PushRefusal) -> IntakeResult {
        let type = request.header("content-type")?.split(separator: ";").first.map { $0.lowercased() } ?? ""
        let push: DecodedPush
        do throws(PushDecodingError) {
            switch type {
            case "application/json":
                push = try Bytes.with(body) { bytes throws(PushDecodingError) in try PushDecoder.decodeJSON(bytes) }
            case "", "application/x-protobuf":
                push = try Bytes.with(body) { bytes throws(PushDecodingError) in try PushDecoder.decodeProtobuf(bytes) }
            default:
                throw PushDecodingError(
                    reason: "Content-Type is neither application/json nor application/x-protobuf"
                )
            }
        } catch {
            throw PushRefusal(status: 400, reason: error.reason)
        }
        var result = IntakeResult(batch: MessageBatch())
        for stream in push.streams {
            guard let found = Self.labels(of: stream) else {
                result.complaint = "a stream's labels cannot be parsed"
                continue
            }
            // Promtail leaves out what follows a stream that the rules drop; here only that stream is.
            guard let kept = labels.labels(of: found), !kept.isEmpty else { continue }
            let index = result.batch.add(labels: kept)
            for entry in stream.entries {
                let metadata = entry.metadata.map { (name: $0.name, value: $0.value) }
                let timestamp = options.usesIncomingTimestamp ? entry.timestamp : nil
                Bytes.with(entry.line) { result.batch.add($0, timestamp: timestamp, labels: index, metadata: metadata) }
            }
        }
        return result
    }

    private static func labels(of stream: DecodedPush.Stream) -> [(name: String, value: String)]? {
        let text = String(decoding: stream.labels, as: UTF8.self)
        if text == "{}" { return [] }
        guard let selector = try? Selector(text), selector.filters.isEmpty,
            selector.matchers.allSatisfy({ $0.operation == .equal })
        else { return nil }
        return selector.matchers.map { (name: $0.name, value: String(decoding: $0.value, as: UTF8.self)) }
    }

    /// Each line an entry with the configured labels; empty ones are passed over.
    mutating func batch(ofLines body: [UInt8]) -> MessageBatch {
        var batch = MessageBatch()
        let kept = options.labels.filter { !$0.key.hasPrefix("__") }.sorted { $0.key < $1.key }
        let index = batch.add(labels: kept.map { ($0.key, Array($0.value.utf8)) })
        Bytes.with(body) { bytes in
            var start = 0
            while start < bytes.count {
                let newline = bytes.firstIndex(of: 0x0A, from: start) ?? bytes.count
                var end = newline
                while end > start, bytes[end - 1] == 0x0D { end -= 1 }
                if end > start { batch.add(bytes[start..<end], labels: index) }
                start = newline + 1
            }
        }
        return batch
    }
}
