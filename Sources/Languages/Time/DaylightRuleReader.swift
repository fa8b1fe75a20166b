/// Reads the parts of a POSIX `TZ` string from front to back; each gives nil when it does not stand there.
struct DaylightRuleReader {
    let text: [UInt8]
    private var position = 0

    init(text: [UInt8]) { self.text = text }

    var isAtEnd: Bool { position == text.count }

    func peek() -> UInt8? { position < text.count ? text[position] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    /// At least three letters, or anything in angle brackets.
    mutating func name() -> [UInt8]? {
        if take(UInt8(ascii: "<")) {
            guard let end = text[position...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
            defer { position = end + 1 }
            return Array(text[position..<end])
        }
        let end =
            text[position...].firstIndex { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "+"):
                    true
                default: false
                }
            } ?? text.count
        guard end - position >= 3 else { return nil }
        defer { position = end }
        return Array(text[position..<end])
    }

    /// `[+-]hh[:mm[:ss]]` in seconds, up to 168 hours.
    mutating func offset() -> Int? {
        let isNegative = peek() == UInt8(ascii: "-")
        if isNegative || peek() == UInt8(ascii: "+") { position += 1 }
        guard let hours = number(in: 0...168) else { return nil }
        var seconds = hours * 3_600
        if take(UInt8(ascii: ":")) {
            guard let minutes = number(in: 0...59) else { return nil }
            seconds += minutes * 60
            if take(UInt8(ascii: ":")) {
                guard let rest = number(in: 0...59) else { return nil }
                seconds += rest
            }
        }
        return isNegative ? -seconds : seconds
    }

    /// A day and, after `/`, a time other than two o'clock.
    mutating func change() -> DaylightRule.Change? {
        let day: DaylightRule.Day
        if take(UInt8(ascii: "J")) {
            guard let number = number(in: 1...365) else { return nil }
            day = .julian(number)
        } else if take(UInt8(ascii: "M")) {
            guard let month = number(in: 1...12), take(UInt8(ascii: ".")), let week = number(in: 1...5),
                take(UInt8(ascii: ".")), let weekday = number(in: 0...6)
            else { return nil }
            day = .weekday(month: month, week: week, weekday: weekday)
        } else {
            guard let number = number(in: 0...365) else { return nil }
            day = .ofYear(number)
        }
        guard take(UInt8(ascii: "/")) else { return DaylightRule.Change(day: day, time: 7_200) }
        guard let time = offset() else { return nil }
        return DaylightRule.Change(day: day, time: time)
    }

    private mutating func number(in range: ClosedRange<Int>) -> Int? {
        let start = position
        var value = 0
        while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            guard value <= range.upperBound else { return nil }
            position += 1
        }
        return position > start && value >= range.lowerBound ? value : nil
    }
}
