/// The last line of a zone file, which says how things go on after its table: a POSIX `TZ` string such as
/// `CET-1CEST,M3.5.0,M10.5.0/3`, with tzcode's extensions (`<+03>-3`, hours beyond 24).
struct DaylightRule: Sendable {
    /// The day of a year on which the clocks change.
    enum Day: Equatable, Sendable {
        /// 1...365; 29 February is never counted.
        case julian(Int)
        /// 0...365; 29 February is counted.
        case ofYear(Int)
        /// Week 1...5 (5: the last), weekday 0 for Sunday.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    struct Change: Equatable, Sendable {
        let day: Day
        /// Seconds after local midnight.
        let time: Int

        /// Seconds from the start of `year` in UTC, when the offset before the change is `offset`.
        func seconds(inYear year: Int, offset: Int) -> Int {
            let days: Int
            switch day {
            case .julian(let day): days = day - 1 + (CivilDay.isLeap(year) && day >= 60 ? 1 : 0)
            case .ofYear(let day): days = day
            case .weekday(let month, let week, let weekday):
                let first = CivilDay.number(year: year, month: month, day: 1)
                var inMonth = CivilDay.floorModulo(weekday - CivilDay.weekday(first), 7) + 7 * (week - 1)
                if inMonth >= CivilDay.count(ofMonth: month, year: year) { inMonth -= 7 }
                days = first + inMonth - CivilDay.number(year: year, month: 1, day: 1)
            }
            return days * 86_400 + time - offset
        }
    }

    let standard: ZoneInfo.Kind
    /// The same as `standard` in a zone without daylight saving time.
    let daylight: ZoneInfo.Kind
    /// When daylight saving time begins and ends; nil without it.
    let changes: (begin: Change, end: Change)?

    /// nil when `text` is not such a string.
    init?(_ text: [UInt8]) {
        var reader = DaylightRuleReader(text: text)
        guard let name = reader.name(), let offset = reader.offset() else { return nil }
        standard = ZoneInfo.Kind(offset: -offset, isDaylight: false, abbreviation: name)
        if reader.isAtEnd || reader.peek() == UInt8(ascii: ",") {
            daylight = standard
            changes = nil
            return
        }
        guard let daylightName = reader.name() else { return nil }
        var daylightOffset = -offset + 3_600
        if !reader.isAtEnd, reader.peek() != UInt8(ascii: ",") {
            guard let written = reader.offset() else { return nil }
            daylightOffset = -written
        }
        daylight = ZoneInfo.Kind(offset: daylightOffset, isDaylight: true, abbreviation: daylightName)
        if reader.isAtEnd {
            // What tzcode assumes: the rules of the United States.
            changes = (
                Change(day: .weekday(month: 3, week: 2, weekday: 0), time: 7_200),
                Change(day: .weekday(month: 11, week: 1, weekday: 0), time: 7_200)
            )
            return
        }
        guard reader.take(UInt8(ascii: ",")) || reader.take(UInt8(ascii: ";")), let begin = reader.change(),
            reader.take(UInt8(ascii: ",")), let end = reader.change(), reader.isAtEnd
        else { return nil }
        changes = (begin, end)
    }

    /// Whether daylight saving time holds at an instant, and around when; `lastTransition` begins a zone without it.
    ///
    /// Bounds are exact near a change and otherwise those of the year, as in Go.
    func period(at seconds: Int64, since lastTransition: Int64) -> (isDaylight: Bool, start: Int64, end: Int64) {
        guard let changes else { return (false, lastTransition, .max) }
        // Far beyond any calendar the start of a year would leave 64 bits.
        let seconds = min(max(seconds, -(1 << 55)), 1 << 55)
        let year = CivilDay.date(CivilDay.floorDivide(Int(seconds), 86_400)).year
        let yearStart = Int64(CivilDay.number(year: year, month: 1, day: 1)) * 86_400
        let begin = Int64(changes.begin.seconds(inYear: year, offset: standard.offset)) + yearStart
        let end = Int64(changes.end.seconds(inYear: year, offset: daylight.offset)) + yearStart
        // South of the equator daylight saving time holds around the new year.
        let (first, second, isDaylightBetween) = begin <= end ? (begin, end, true) : (end, begin, false)
        if seconds < first { return (!isDaylightBetween, yearStart, first) }
        if seconds >= second { return (!isDaylightBetween, second, yearStart + 365 * 86_400) }
        return (isDaylightBetween, first, second)
    }
}
