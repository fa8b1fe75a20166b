import Entries

/// A layout without a year, such as syslog's `Jan _2 15:04:05`: the year is guessed from the clock, as Promtail does.
struct YearlessLayout: Sendable {
    let layout: GoTimeLayout
    let location: ZoneInfo?
    /// Tells which month and year it is now.
    let machine: ZoneInfo

    /// The instant in the year of `now`: December read in January is last year's, January in December next year's.
    ///
    /// 29 February becomes 1 March where the year has none. nil when the text does not fit or brings a year after all.
    func parse(_ text: Bytes, now: Timestamp) -> Timestamp? {
        guard let parsed = layout.parseLocal(text, zone: location, machine: machine) else { return nil }
        let offset =
            switch parsed.reckoning {
            case .fixed(let offset): offset
            case .zone: (location ?? .utc).offset(atUTC: parsed.timestamp.seconds)
            case .machine: machine.offset(atUTC: parsed.timestamp.seconds)
            }
        let local = Int(parsed.timestamp.seconds) + offset
        let dayNumber = CivilDay.floorDivide(local, 86_400)
        let date = CivilDay.date(dayNumber)
        guard date.year == 0 else { return nil }
        let day = CivilDay.number(year: year(forMonth: date.month, now: now), month: date.month, day: date.day)
        let seconds = Int64(day * 86_400 + CivilDay.floorModulo(local, 86_400))
        let actualOffset =
            switch parsed.reckoning {
            case .fixed(let offset): offset
            case .zone: (location ?? .utc).offset(forLocal: seconds)
            case .machine: machine.offset(forLocal: seconds)
            }
        return Timestamp(seconds: seconds - Int64(actualOffset), nanoseconds: Int64(parsed.timestamp.nanoseconds))
    }

    private func year(forMonth month: Int, now: Timestamp) -> Int {
        let local = Int(now.seconds) + machine.offset(atUTC: now.seconds)
        let today = CivilDay.date(CivilDay.floorDivide(local, 86_400))
        switch (month, today.month) {
        case (12, 1): return today.year - 1
        case (1, 12): return today.year + 1
        default: return today.year
        }
    }
}
