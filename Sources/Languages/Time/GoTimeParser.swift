import Entries

/// Reads one timestamp along the steps of a layout; the rules and their oddities are those of Go's `time.Parse`.
struct GoTimeParser {
    /// What the text says about its zone.
    enum Zone {
        case none
        case fixed(Int)
        /// Where an abbreviation stands in the text.
        case abbreviation(Range<Int>)
    }

    let text: Bytes
    var position = 0
    var year = 0
    /// Negative until one was read, as are `day` and `dayOfYear`.
    var month = -1
    var day = -1
    var dayOfYear = -1
    var hour = 0
    var minute = 0
    var second = 0
    var nanoseconds = 0
    /// Whether a `PM` was read; nil when neither `AM` nor `PM` was.
    var isAfternoon: Bool?
    var zone = Zone.none
    /// Whether the text names UTC itself, by `Z` or `UTC`.
    var isUTC = false

    init(_ text: Bytes) { self.text = text }

    /// Takes every step; false when the text does not fit, has more behind it, or has a value out of range.
    mutating func run(_ steps: UnsafeBufferPointer<GoTimeLayout.Step>, literals: Bytes) -> Bool {
        for index in steps.indices {
            let step = steps[index]
            let isTaken =
                switch step.element {
                case .literal: skip(literals[step.argument..<(step.argument + step.length)])
                case .second, .zeroSecond:
                    takeSecond(
                        isFixed: step.element == .zeroSecond,
                        isFractionNext: isFraction(after: index, in: steps)
                    )
                case .fraction, .commaFraction: takeFraction(digits: step.argument)
                case .trimmedFraction, .trimmedCommaFraction: takeOptionalFraction()
                default: takeDate(step.element) ?? takeClock(step.element) ?? takeZone(step.element)
                }
            guard isTaken else { return false }
        }
        return position == text.count
    }

    /// Turns twelve-hour clocks and days of the year into the usual fields; false when they contradict each other.
    mutating func settleDate() -> Bool {
        if isAfternoon == true, hour < 12 { hour += 12 } else if isAfternoon == false, hour == 12 { hour = 0 }
        if dayOfYear >= 0 {
            guard dayOfYear >= 1, dayOfYear <= (CivilDay.isLeap(year) ? 366 : 365) else { return false }
            let date = CivilDay.date(CivilDay.number(year: year, month: 1, day: dayOfYear))
            guard month < 0 || month == date.month, day < 0 || day == date.day else { return false }
            month = date.month
            day = date.day
        }
        if month < 0 { month = 1 }
        if day < 0 { day = 1 }
        return day >= 1 && day <= CivilDay.count(ofMonth: month, year: year)
    }

    /// Nil when the element is none of a date.
    private mutating func takeDate(_ element: GoTimeLayout.Element) -> Bool? {
        switch element {
        case .year:
            guard isDigit(position), let value = signedNumber(width: 4) else { return false }
            year = value
        case .shortYear:
            guard let value = signedNumber(width: 2) else { return false }
            year = value >= 69 ? value + 1_900 : value + 2_000
        case .monthName, .shortMonthName:
            guard let found = takeName(from: element == .monthName ? Self.months : Self.shortMonths) else {
                return false
            }
            month = found + 1
        case .month, .zeroMonth:
            guard let value = number(isFixed: element == .zeroMonth), (1...12).contains(value) else { return false }
            month = value
        case .weekday: return takeName(from: Self.weekdays) != nil
        case .shortWeekday: return takeName(from: Self.shortWeekdays) != nil
        case .day, .blankDay, .zeroDay:
            if element == .blankDay { takeBlanks(upTo: 1) }
            // Checked against the month once all is read.
            guard let value = number(isFixed: element == .zeroDay) else { return false }
            day = value
        case .blankDayOfYear, .zeroDayOfYear:
            if element == .blankDayOfYear { takeBlanks(upTo: 2) }
            guard let value = dayOfYearNumber(isFixed: element == .zeroDayOfYear) else { return false }
            dayOfYear = value
        default: return nil
        }
        return true
    }

    /// Nil when the element is none of a clock.
    private mutating func takeClock(_ element: GoTimeLayout.Element) -> Bool? {
        switch element {
        case .hour:
            guard let value = number(isFixed: false), value < 24 else { return false }
            hour = value
        case .hour12, .zeroHour12:
            guard let value = number(isFixed: element == .zeroHour12), value <= 12 else { return false }
            hour = value
        case .minute, .zeroMinute:
            guard let value = number(isFixed: element == .zeroMinute), value < 60 else { return false }
            minute = value
        case .upperHalf, .lowerHalf:
            let isUpper = element == .upperHalf
            if take(isUpper ? "PM" : "pm") {
                isAfternoon = true
            } else {
                guard take(isUpper ? "AM" : "am") else { return false }
                isAfternoon = isAfternoon ?? false
            }
        default: return nil
        }
        return true
    }

    private mutating func takeSecond(isFixed: Bool, isFractionNext: Bool) -> Bool {
        guard let value = number(isFixed: isFixed), value < 60 else { return false }
        second = value
        // A fraction is read even where the layout has none.
        guard !isFractionNext, isSeparator(position), isDigit(position + 1) else { return true }
        return takeOptionalFraction()
    }

    private func isFraction(after index: Int, in steps: UnsafeBufferPointer<GoTimeLayout.Step>) -> Bool {
        steps[(index + 1)...].first { $0.element != .literal }?.element.isFraction ?? false
    }

    /// Exactly `digits` digits behind a dot or comma.
    private mutating func takeFraction(digits: Int) -> Bool {
        guard text.count - position >= 1 + digits, isSeparator(position) else { return false }
        let end = position + 1 + digits
        position += 1
        guard let value = signedNumber(width: min(digits, 9)), value >= 0 else { return false }
        nanoseconds = Self.scale(value, digits: min(digits, 9))
        position = end
        return true
    }

    /// A dot or comma and any number of digits, or nothing; digits behind the ninth are dropped.
    private mutating func takeOptionalFraction() -> Bool {
        guard isSeparator(position), isDigit(position + 1) else { return true }
        position += 1
        var value = 0
        var digits = 0
        while isDigit(position) {
            if digits < 9 {
                value = value * 10 + digit(position)
                digits += 1
            }
            position += 1
        }
        nanoseconds = Self.scale(value, digits: digits)
        return true
    }

    private static func scale(_ value: Int, digits: Int) -> Int {
        var value = value
        for _ in digits..<9 { value *= 10 }
        return value
    }
}
