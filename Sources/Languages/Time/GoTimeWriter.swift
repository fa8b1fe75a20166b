/// Writes one local time, element by element of a layout.
struct GoTimeWriter {
    private let dayNumber: Int
    private let date: (year: Int, month: Int, day: Int)
    private let hour: Int
    private let minute: Int
    private let second: Int
    private let nanoseconds: Int
    private let offset: Int
    private(set) var output: [UInt8] = []

    init(dayNumber: Int, secondOfDay: Int, nanoseconds: Int, offset: Int) {
        self.dayNumber = dayNumber
        date = CivilDay.date(dayNumber)
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        self.nanoseconds = nanoseconds
        self.offset = offset
    }

    mutating func append(_ bytes: ArraySlice<UInt8>) { output.append(contentsOf: bytes) }

    /// Writes an element other than a literal or an abbreviation.
    mutating func append(_ step: GoTimeLayout.Step) {
        switch step.element {
        case .literal, .abbreviation: break
        case .year: append(date.year, width: 4)
        case .shortYear: append(abs(date.year) % 100, width: 2)
        case .monthName: append(GoTimeParser.months[date.month - 1])
        case .shortMonthName: append(GoTimeParser.shortMonths[date.month - 1])
        case .month: append(date.month, width: 1)
        case .zeroMonth: append(date.month, width: 2)
        case .weekday: append(GoTimeParser.weekdays[CivilDay.weekday(dayNumber)])
        case .shortWeekday: append(GoTimeParser.shortWeekdays[CivilDay.weekday(dayNumber)])
        case .day: append(date.day, width: 1)
        case .blankDay: append(date.day, width: 2, padding: " ")
        case .zeroDay: append(date.day, width: 2)
        case .blankDayOfYear: append(dayOfYear, width: 3, padding: " ")
        case .zeroDayOfYear: append(dayOfYear, width: 3)
        default: appendClock(step)
        }
    }

    private mutating func appendClock(_ step: GoTimeLayout.Step) {
        switch step.element {
        case .hour: append(hour, width: 2)
        case .hour12: append(hour % 12 == 0 ? 12 : hour % 12, width: 1)
        case .zeroHour12: append(hour % 12 == 0 ? 12 : hour % 12, width: 2)
        case .minute: append(minute, width: 1)
        case .zeroMinute: append(minute, width: 2)
        case .second: append(second, width: 1)
        case .zeroSecond: append(second, width: 2)
        case .upperHalf: append(hour >= 12 ? "PM" : "AM")
        case .lowerHalf: append(hour >= 12 ? "pm" : "am")
        case .fraction: appendFraction(digits: step.argument, separator: ".", isTrimmed: false)
        case .commaFraction: appendFraction(digits: step.argument, separator: ",", isTrimmed: false)
        case .trimmedFraction: appendFraction(digits: step.argument, separator: ".", isTrimmed: true)
        case .trimmedCommaFraction: appendFraction(digits: step.argument, separator: ",", isTrimmed: true)
        default: appendOffset(step.element)
        }
    }

    private var dayOfYear: Int { dayNumber - CivilDay.number(year: date.year, month: 1, day: 1) + 1 }

    private mutating func appendOffset(_ element: GoTimeLayout.Element) {
        switch element {
        case .zuluOffset, .zuluHours, .zuluColon, .zuluSeconds, .zuluColonSeconds:
            if offset == 0 { return append("Z") }
        default: break
        }
        // Go takes the sign from the whole minutes, so that less than one west of UTC has a plus.
        let minutes = abs(offset / 60)
        append(offset / 60 < 0 ? "-" : "+")
        append(minutes / 60, width: 2)
        if element == .offsetHours || element == .zuluHours { return }
        let isColoned = [.offsetColon, .zuluColon, .offsetColonSeconds, .zuluColonSeconds].contains(element)
        if isColoned { append(":") }
        append(minutes % 60, width: 2)
        guard [.offsetSeconds, .zuluSeconds, .offsetColonSeconds, .zuluColonSeconds].contains(element) else { return }
        if isColoned { append(":") }
        append(abs(offset) % 60, width: 2)
    }

    /// Up to nine digits; a trimmed fraction loses its zeros, and its separator with the last digit.
    private mutating func appendFraction(digits: Int, separator: StaticString, isTrimmed: Bool) {
        var value = nanoseconds
        var count = 9
        while count > min(digits, 9) || isTrimmed && count > 0 && value % 10 == 0 {
            value /= 10
            count -= 1
        }
        if isTrimmed, count == 0 { return }
        append(separator)
        append(value, width: count)
    }

    private mutating func append(_ word: StaticString) { word.withUTF8Buffer { output.append(contentsOf: $0) } }

    private mutating func append(_ value: Int, width: Int, padding: Unicode.Scalar = "0") {
        let digits = Array(String(abs(value)).utf8)
        if value < 0 { output.append(UInt8(ascii: "-")) }
        output.append(contentsOf: repeatElement(UInt8(ascii: padding), count: max(0, width - digits.count)))
        output.append(contentsOf: digits)
    }
}
