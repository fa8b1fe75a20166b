import Configuration
import Entries

/// Makes entries of syslog messages: parses them, finds their labels and their line (sources.md 9).
///
/// Belongs to the thread of its connection or socket.
struct SyslogIntake {
    private let options: SyslogOptions
    private let parser: SyslogParser
    private var labels: MessageLabels
    /// By label set, the index in the batch that is being filled.
    private var batch = MessageBatch()
    private var indices: [[UInt8]: Int] = [:]
    private(set) var sums = ReceiverSums()

    init(_ options: SyslogOptions, rules: [RelabelRule]) {
        self.options = options
        parser = SyslogParser(isRFC3164: options.isRFC3164)
        labels = MessageLabels(configured: options.labels, rules: rules)
    }

    /// Takes one message of `peer`; what it gives is in the batch of ``takeBatch()``.
    mutating func take(_ bytes: Bytes, from peer: Peer, now: Timestamp) {
        guard let message = parser.parse(bytes, now: now) else {
            sums.parseErrors += 1
            return
        }
        guard !message.text.isEmpty else {
            sums.empty += 1
            return
        }
        guard let found = labels.labels(of: self.found(with: message, from: peer)) else { return }
        let key = MessageLabels.key(found)
        let index = indices[key] ?? batch.add(labels: found)
        indices[key] = index
        let timestamp = options.usesIncomingTimestamp ? message.timestamp : nil
        if options.usesFullMessage, !options.isRFC3164 {
            Bytes.with(message.fullText) { batch.add($0, timestamp: timestamp, labels: index) }
        } else {
            batch.add(message.text, timestamp: timestamp, labels: index)
        }
        sums.entries += 1
    }

    mutating func countParseError() { sums.parseErrors += 1 }

    /// What has come since the last call, with what was counted.
    mutating func takeBatch() -> (batch: MessageBatch, sums: ReceiverSums) {
        defer {
            batch = MessageBatch()
            indices.removeAll(keepingCapacity: true)
            sums = ReceiverSums()
        }
        return (batch, sums)
    }

    /// Who sent a message.
    struct Peer {
        var address: String
        /// Names of the address, joined by commas; nil where nobody asked.
        var names: String?
    }

    private func found(with message: SyslogMessage, from peer: Peer) -> [(name: String, value: String)] {
        var found = [
            (name: "__syslog_connection_ip_address", value: peer.address),
            (name: "__syslog_message_severity", value: message.severity),
            (name: "__syslog_message_facility", value: message.facility),
        ]
        if let names = peer.names { found.append((name: "__syslog_connection_hostname", value: names)) }
        let fields = [
            ("hostname", message.hostname), ("app_name", message.appName), ("proc_id", message.processID),
            ("msg_id", message.messageID),
        ]
        for (name, value) in fields {
            if let value { found.append((name: "__syslog_message_\(name)", value: Self.text(value.array))) }
        }
        guard options.labelsStructuredData, !options.isRFC3164 else { return found }
        for element in message.structuredData {
            let id = Self.text(element.id.array).replacing("@", with: "_")
            for parameter in element.parameters {
                let name = "__syslog_message_sd_\(id)_\(Self.text(parameter.name.array))"
                found.append((name: name, value: Self.text(SyslogMessage.unescaped(parameter.value))))
            }
        }
        return found
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
