/// Cuts what a TCP connection sends into syslog messages (RFC 6587, 3.4).
///
/// The first byte of the connection decides: a digit means that every message has its length in front (octet counting), `<`
/// that messages end with a line feed. As in Promtail a line feed ends a message only if the next one follows, so that
/// messages may have several lines; ``flush()`` gives the last one out. Holds no more than the longest message and what was
/// fed last.
package struct SyslogFraming {
    /// What is wrong with the connection: nothing of it can be read any more.
    package enum Failure: Error, Equatable {
        /// The first byte is neither a digit nor `<`.
        case unknown(UInt8)
        /// What stands where a length should.
        case badLength
        /// A message is longer than is allowed.
        case tooLong(Int)
    }

    private enum Kind {
        case undecided
        case counted
        case lines
    }

    private let maximum: Int
    private var kind = Kind.undecided
    private var buffer: [UInt8] = []
    private var start = 0
    /// Where the search for the end of a line goes on.
    private var searched = 0
    /// The rest of a line that is too long is passed over.
    private var isSkipping = false
    /// Messages that were longer than is allowed, with line framing.
    private(set) var skippedCount = 0

    /// A longest message of line framing, where Promtail has no bound: 1 MiB, or what is configured if that is more.
    private static let longestLine = 1 << 20
    /// Digits of a length at most.
    private static let lengthDigits = 9

    /// - Parameter maximum: bytes of the longest message with octet counting.
    package init(maximum: Int) { self.maximum = maximum }

    package mutating func feed(_ bytes: [UInt8]) {
        if start > 0 {
            buffer.removeFirst(start)
            searched -= start
            start = 0
        }
        buffer += bytes
    }

    /// Whether something is left that no end was seen of.
    var isHolding: Bool { start < buffer.count }

    /// The next whole message; nil when more has to come.
    package mutating func next() throws(Failure) -> ArraySlice<UInt8>? {
        guard start < buffer.count else { return nil }
        if case .undecided = kind {
            switch buffer[start] {
            case UInt8(ascii: "<"): kind = .lines
            case UInt8(ascii: "0")...UInt8(ascii: "9"): kind = .counted
            default: throw .unknown(buffer[start])
            }
        }
        if case .counted = kind { return try nextCounted() }
        return nextLine()
    }

    private mutating func nextCounted() throws(Failure) -> ArraySlice<UInt8>? {
        var length = 0
        var place = start
        while place < buffer.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(buffer[place]) {
            guard place - start < Self.lengthDigits else { throw .badLength }
            length = length * 10 + Int(buffer[place] - UInt8(ascii: "0"))
            place += 1
        }
        guard place < buffer.count else { return nil }
        guard place > start, length > 0, buffer[place] == UInt8(ascii: " ") else { throw .badLength }
        guard length <= maximum else { throw .tooLong(length) }
        let end = place + 1 + length
        guard end <= buffer.count else { return nil }
        start = end
        return buffer[(place + 1)..<end]
    }

    private mutating func nextLine() -> ArraySlice<UInt8>? {
        while true {
            searched = max(searched, start)
            while searched + 1 < buffer.count {
                if buffer[searched] == 0x0A, buffer[searched + 1] == UInt8(ascii: "<") { break }
                searched += 1
            }
            guard searched + 1 < buffer.count else {
                dropIfTooLong()
                return nil
            }
            let line = buffer[start..<searched]
            searched += 1
            start = searched
            if isSkipping {
                isSkipping = false
                continue
            }
            return line
        }
    }

    private mutating func dropIfTooLong() {
        guard buffer.count - start > max(maximum, Self.longestLine) else { return }
        if !isSkipping { skippedCount += 1 }
        isSkipping = true
        // The last byte may be the line feed before the next message.
        start = buffer.count - 1
    }

    /// The last message of line framing, which nothing follows; call it when the connection has ended or is quiet.
    package mutating func flush() -> ArraySlice<UInt8>? {
        guard case .lines = kind, start < buffer.count, !isSkipping else { return nil }
        var line = buffer[start..<buffer.count]
        start = buffer.count
        searched = start
        if line.last == 0x0A { line.removeLast() }
        return line.isEmpty ? nil : line
    }
}
