import Entries
import Receivers

/// What a syslog sender may write: the first byte says how it is cut, the rest is what comes over a connection.
///
/// Holds: the same messages come out however the bytes are cut into reads; what was parsed can be written again, and is the
/// same when it is read again.
final class SyslogTarget: FuzzTarget {
    static let name = "syslog"

    private static let now = Timestamp(seconds: 1_767_225_600)
    private let parsers = [SyslogParser(isRFC3164: false), SyslogParser(isRFC3164: true)]

    init() {}

    func run(_ input: Bytes) throws(Finding) {
        guard input.count > 1 else { return }
        let bytes = Array(input.array.dropFirst())
        let whole = Self.messages([bytes])
        let size = max(1, Int(input[0]))
        let parts = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        guard Self.messages(parts) == whole else { throw Finding("messages differ with the reads they come in") }
        for message in whole + [bytes] { try check(message) }
    }

    /// Messages until the connection ends, also by a mistake.
    private static func messages(_ parts: [[UInt8]]) -> [[UInt8]] {
        var framing = SyslogFraming(maximum: 1_024)
        var messages: [[UInt8]] = []
        do {
            for part in parts {
                framing.feed(part)
                while let message = try framing.next() { messages.append(Array(message)) }
            }
        } catch { return messages }
        if let last = framing.flush() { messages.append(Array(last)) }
        return messages
    }

    private func check(_ message: [UInt8]) throws(Finding) {
        for parser in parsers {
            let written = Bytes.with(message) { parser.parse($0, now: Self.now)?.fullText }
            guard let written, !parser.isRFC3164 else { continue }
            let again = Bytes.with(written) { parser.parse($0, now: Self.now)?.fullText }
            guard again == written else { throw Finding("a message changes when it is written and read again") }
        }
    }
}
