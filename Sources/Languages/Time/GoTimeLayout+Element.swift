extension GoTimeLayout {
    /// What a piece of a layout stands for; the comments show how it is written.
    enum Element: UInt8, Sendable {
        case literal
        /// `2006`
        case year
        /// `06`
        case shortYear
        /// `January`
        case monthName
        /// `Jan`
        case shortMonthName
        /// `1`
        case month
        /// `01`
        case zeroMonth
        /// `Monday`
        case weekday
        /// `Mon`
        case shortWeekday
        /// `2`
        case day
        /// `_2`
        case blankDay
        /// `02`
        case zeroDay
        /// `__2`
        case blankDayOfYear
        /// `002`
        case zeroDayOfYear
        /// `15`
        case hour
        /// `3`
        case hour12
        /// `03`
        case zeroHour12
        /// `4`
        case minute
        /// `04`
        case zeroMinute
        /// `5`
        case second
        /// `05`
        case zeroSecond
        /// `PM`
        case upperHalf
        /// `pm`
        case lowerHalf
        /// `MST`
        case abbreviation
        /// `-0700`
        case offset
        /// `-07`
        case offsetHours
        /// `-07:00`
        case offsetColon
        /// `-070000`
        case offsetSeconds
        /// `-07:00:00`
        case offsetColonSeconds
        /// `Z0700`
        case zuluOffset
        /// `Z07`
        case zuluHours
        /// `Z07:00`
        case zuluColon
        /// `Z070000`
        case zuluSeconds
        /// `Z07:00:00`
        case zuluColonSeconds
        /// `.000`
        case fraction
        /// `,000`
        case commaFraction
        /// `.999`
        case trimmedFraction
        /// `,999`
        case trimmedCommaFraction

        /// Whether the element is a fraction of a second of any kind.
        var isFraction: Bool { rawValue >= Element.fraction.rawValue }

        /// Elements that are written one way only, longer ones before their beginnings.
        private static let fixed: [(text: StaticString, element: Element)] = [
            ("January", .monthName), ("Monday", .weekday), ("MST", .abbreviation),
            ("01", .zeroMonth), ("02", .zeroDay), ("03", .zeroHour12), ("04", .zeroMinute), ("05", .zeroSecond),
            ("06", .shortYear), ("002", .zeroDayOfYear),
            ("15", .hour), ("1", .month), ("2006", .year), ("2", .day), ("__2", .blankDayOfYear),
            ("3", .hour12), ("4", .minute), ("5", .second), ("PM", .upperHalf), ("pm", .lowerHalf),
            ("-070000", .offsetSeconds), ("-07:00:00", .offsetColonSeconds), ("-0700", .offset),
            ("-07:00", .offsetColon), ("-07", .offsetHours),
            ("Z070000", .zuluSeconds), ("Z07:00:00", .zuluColonSeconds), ("Z0700", .zuluOffset),
            ("Z07:00", .zuluColon), ("Z07", .zuluHours),
        ]

        /// The element that begins the rest of a layout and how many bytes it takes there; nil: an ordinary byte.
        static func scan(_ rest: ArraySlice<UInt8>) -> (element: Element, length: Int, digits: Int)? {
            for (text, element) in fixed where text.withUTF8Buffer({ rest.starts(with: $0) }) {
                return (element, text.utf8CodeUnitCount, 0)
            }
            // `Month` and `Janus` are words, not elements.
            for (text, element) in [("Jan", Element.shortMonthName), ("Mon", .shortWeekday)]
            where rest.starts(with: text.utf8) {
                let next = rest.dropFirst(3).first ?? 0
                return next >= UInt8(ascii: "a") && next <= UInt8(ascii: "z") ? nil : (element, 3, 0)
            }
            // `_2006` is an underscore and a year.
            if rest.starts(with: "_2".utf8), !rest.starts(with: "_2006".utf8) { return (.blankDay, 2, 0) }
            return scanFraction(rest)
        }

        private static func scanFraction(_ rest: ArraySlice<UInt8>) -> (element: Element, length: Int, digits: Int)? {
            guard let separator = rest.first, separator == UInt8(ascii: ".") || separator == UInt8(ascii: ","),
                let digit = rest.dropFirst().first, digit == UInt8(ascii: "0") || digit == UInt8(ascii: "9")
            else { return nil }
            let digits = rest.dropFirst().prefix { $0 == digit }.count
            // Other digits behind them make it something else, such as a version number.
            if let next = rest.dropFirst(1 + digits).first, next >= UInt8(ascii: "0"), next <= UInt8(ascii: "9") {
                return nil
            }
            let isComma = separator == UInt8(ascii: ",")
            let element: Element =
                digit == UInt8(ascii: "0")
                ? (isComma ? .commaFraction : .fraction) : (isComma ? .trimmedCommaFraction : .trimmedFraction)
            return (element, 1 + digits, digits)
        }
    }
}
