package import Entries
import Languages

/// Reads one syslog message: RFC 5424, or the older form of RFC 3164.
///
/// One pass over the bytes, whose views the message holds. Nil where Promtail counts a parse error: a message that is
/// wrong in any part is not delivered.
package struct SyslogParser {
    /// Whether messages are of RFC 3164, which have no version and no year.
    package let isRFC3164: Bool

    package init(isRFC3164: Bool) { self.isRFC3164 = isRFC3164 }

    /// Reads one message without its framing; `now` gives the year that RFC 3164 leaves out, the one that brings the time
    /// closest.
    package func parse(_ bytes: Bytes, now: Timestamp) -> SyslogMessage? {
        var reader = SyslogReader(bytes)
        guard let priority = reader.priority() else { return nil }
        var message = SyslogMessage(priority: priority)
        let isRight = isRFC3164 ? reader.readOld(into: &message, now: now) : reader.read(into: &message)
        return isRight ? message : nil
    }
}

/// A place in the bytes of a message.
private struct SyslogReader {
    private let bytes: Bytes
    private var place = 0

    init(_ bytes: Bytes) { self.bytes = bytes }

    private var isAtEnd: Bool { place == bytes.count }
    private var rest: Bytes { bytes[place..<bytes.count] }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard place < bytes.count, bytes[place] == byte else { return false }
        place += 1
        return true
    }

    private mutating func number(digits: ClosedRange<Int>) -> Int? {
        var value = 0
        let start = place
        while place < bytes.count, place - start < digits.upperBound, bytes[place] &- 0x30 < 10 {
            value = value * 10 + Int(bytes[place] - 0x30)
            place += 1
        }
        return place - start >= digits.lowerBound ? value : nil
    }

    /// `<0>` to `<191>`, without leading zeros.
    mutating func priority() -> Int? {
        guard take(UInt8(ascii: "<")) else { return nil }
        let start = place
        guard let value = number(digits: 1...3), value <= 191, take(UInt8(ascii: ">")) else { return nil }
        return place - start == 2 || bytes[start] != 0x30 ? value : nil
    }

    // MARK: - RFC 5424

    mutating func read(into message: inout SyslogMessage) -> Bool {
        let start = place
        guard let version = number(digits: 1...3), bytes[start] != 0x30, take(0x20) else { return false }
        message.version = version
        guard let time = word(longest: 64), readTime(time, into: &message) else { return false }
        guard let host = field(longest: 255), let app = field(longest: 48), let process = field(longest: 128),
            let id = field(longest: 32)
        else { return false }
        message.hostname = host.value
        message.appName = app.value
        message.processID = process.value
        message.messageID = id.value
        guard readStructuredData(into: &message) else { return false }
        if isAtEnd { return true }
        guard take(0x20) else { return false }
        message.text = rest
        return true
    }

    /// Printable ASCII up to a blank, which is taken too.
    private mutating func word(longest: Int) -> Bytes? {
        let start = place
        while place < bytes.count, bytes[place] > 0x20, bytes[place] < 0x7F { place += 1 }
        let word = bytes[start..<place]
        return !word.isEmpty && word.count <= longest && take(0x20) ? word : nil
    }

    /// A header field, whose value is nil for `-`.
    private mutating func field(longest: Int) -> (value: Bytes?, Void)? {
        guard let word = word(longest: longest) else { return nil }
        return (word.count == 1 && word[0] == UInt8(ascii: "-") ? nil : word, ())
    }

    /// RFC 3339 with at most six digits of a fraction (RFC 5424, 6.2.3).
    private func readTime(_ word: Bytes, into message: inout SyslogMessage) -> Bool {
        if word.count == 1, word[0] == UInt8(ascii: "-") { return true }
        guard let time = InternetTime.parse(word), time.nanoseconds % 1_000 == 0 else { return false }
        message.timestamp = time
        return true
    }

    private mutating func readStructuredData(into message: inout SyslogMessage) -> Bool {
        if take(UInt8(ascii: "-")) { return true }
        while take(UInt8(ascii: "[")) {
            guard let id = name() else { return false }
            var element = SyslogMessage.Element(id: id)
            while take(0x20) {
                guard let name = name(), take(UInt8(ascii: "=")), take(UInt8(ascii: "\"")), let value = quoted()
                else { return false }
                element.parameters.append((name, value))
            }
            guard take(UInt8(ascii: "]")) else { return false }
            message.structuredData.append(element)
        }
        return !message.structuredData.isEmpty
    }

    /// Printable ASCII but `=`, `]`, `"` and blanks, up to 32 bytes.
    private mutating func name() -> Bytes? {
        let start = place
        while place < bytes.count, bytes[place] > 0x20, bytes[place] < 0x7F, !Self.endsName(bytes[place]) { place += 1 }
        return place > start && place - start <= 32 ? bytes[start..<place] : nil
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "=") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "\"")
    }

    /// Up to the quote that ends a value, which is taken too.
    private mutating func quoted() -> Bytes? {
        let start = place
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "\""):
                place += 1
                return bytes[start..<(place - 1)]
            case UInt8(ascii: "]"): return nil
            case UInt8(ascii: "\\"):
                let isEscape = place + 1 < bytes.count && SyslogMessage.escapable.contains(bytes[place + 1])
                place += isEscape ? 2 : 1
            default: place += 1
            }
        }
        return nil
    }

    // MARK: - RFC 3164

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// Tags are up to 32 letters by the RFC; programs write longer ones.
    private static let longestTag = 128

    mutating func readOld(into message: inout SyslogMessage, now: Timestamp) -> Bool {
        guard readOldTime(into: &message, now: now), let host = word(longest: 255) else { return false }
        message.hostname = host
        let start = place
        while place < bytes.count, place - start <= Self.longestTag, bytes[place] > 0x20, bytes[place] < 0x7F,
            bytes[place] != UInt8(ascii: ":"), bytes[place] != UInt8(ascii: "[")
        { place += 1 }
        let tag = bytes[start..<place]
        var process: Bytes?
        if !tag.isEmpty, take(UInt8(ascii: "[")) {
            let first = place
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]"), from: place) else {
                place = start
                message.text = rest
                return true
            }
            process = bytes[first..<end]
            place = end + 1
        }
        guard !tag.isEmpty, take(UInt8(ascii: ":")) else {
            // No tag at all: everything behind the host is the text.
            place = start
            message.text = rest
            return true
        }
        message.appName = tag
        message.processID = process
        _ = take(0x20)
        message.text = rest
        return true
    }

    /// `Mmm dd hh:mm:ss `, the day with a blank or a zero in front.
    private mutating func readOldTime(into message: inout SyslogMessage, now: Timestamp) -> Bool {
        guard rest.count > 16 else { return false }
        let name = String(decoding: bytes[place..<(place + 3)].array, as: UTF8.self)
        guard let month = Self.months.firstIndex(of: name) else { return false }
        place += 3
        guard take(0x20) else { return false }
        _ = take(0x20)
        guard let day = number(digits: 1...2), (1...31).contains(day), take(0x20), let hour = number(digits: 2...2),
            hour < 24, take(UInt8(ascii: ":")), let minute = number(digits: 2...2), minute < 60,
            take(UInt8(ascii: ":")), let second = number(digits: 2...2), second < 60, take(0x20)
        else { return false }
        let clock = hour * 3_600 + minute * 60 + second
        message.timestamp = Self.closest(to: now, month: month + 1, day: day, clock: clock)
        return true
    }

    /// The time in the year that brings it closest to `now`.
    private static func closest(to now: Timestamp, month: Int, day: Int, clock: Int) -> Timestamp? {
        let year = CivilDay.date(CivilDay.floorDivide(Int(now.seconds), 86_400)).year
        return ((year - 1)...(year + 1)).filter { day <= CivilDay.count(ofMonth: month, year: $0) }
            .map { Int64(CivilDay.number(year: $0, month: month, day: day) * 86_400 + clock) }
            .min { abs($0 - now.seconds) < abs($1 - now.seconds) }
            .map { Timestamp(seconds: $0) }
    }
}
