import Entries
import Glibc

extension TemplateFunctions {
    mutating func addDates() {
        add("now", 0) { _, _ in .time(Self.now) }
        add("date", 2) { a, _ throws(TemplateError) in
            .string(Self.time(a[1]).format(try Self.layout(a, 0), zone: .local))
        }
        add("dateInZone", 3) { a, _ throws(TemplateError) in
            let zone = (try? ZoneInfo.named(String(decoding: try a.string(2), as: UTF8.self))) ?? .utc
            return .string(Self.time(a[1]).format(try Self.layout(a, 0), zone: zone))
        }
        alias("dateInZone", "date_in_zone")
        add("htmlDate", 1) { a, _ in .string(Self.time(a[0]).format("2006-01-02", zone: .local)) }
        add("htmlDateInZone", 2) { a, _ throws(TemplateError) in
            let zone = (try? ZoneInfo.named(String(decoding: try a.string(1), as: UTF8.self))) ?? .utc
            return .string(Self.time(a[0]).format("2006-01-02", zone: zone))
        }
        add("unixEpoch", 1) { a, _ throws(TemplateError) in
            guard case .time(let time) = a[0] else { throw a.mismatch(0, "time.Time") }
            return .text(String(time.seconds))
        }
        add("toDate", 2) { a, _ throws(TemplateError) in .time(try Self.parse(a) ?? Self.zero) }
        add("mustToDate", 2) { a, _ throws(TemplateError) in
            guard let time = try Self.parse(a) else { throw a.failure("the text does not fit the layout") }
            return .time(time)
        }
        add("ago", 1) { a, _ in
            let then = Self.time(a[0])
            let now = Self.now
            let late: Int64 = now.nanoseconds - then.nanoseconds >= 500_000_000 ? 1 : 0
            let early: Int64 = now.nanoseconds - then.nanoseconds < -500_000_000 ? 1 : 0
            return .text(TemplateDuration.text(seconds: now.seconds &- then.seconds &+ late &- early))
        }
        addDurations()
    }

    private mutating func addDurations() {
        add("dateModify", 2) { a, _ throws(TemplateError) in
            guard case .time(let time) = a[1] else { throw a.mismatch(1, "time.Time") }
            guard let change = TemplateDuration.nanoseconds(try a.string(0)) else { return a[1] }
            return .time(time.advanced(by: change))
        }
        alias("dateModify", "date_modify")
        add("mustDateModify", 2) { a, _ throws(TemplateError) in
            guard case .time(let time) = a[1] else { throw a.mismatch(1, "time.Time") }
            guard let change = TemplateDuration.nanoseconds(try a.string(0)) else {
                throw a.failure("time: invalid duration")
            }
            return .time(time.advanced(by: change))
        }
        alias("mustDateModify", "must_date_modify")
        add("duration", 1) { a, _ in
            switch a[0] {
            case .string(let text):
                .text(TemplateDuration.text(seconds: Bytes.with(text) { GoNumber.parseInteger($0) } ?? 0))
            case .int64(let seconds): .text(TemplateDuration.text(seconds: seconds))
            default: .text("0s")
            }
        }
        add("durationRound", 1) { a, _ in
            switch a[0] {
            case .string(let text): .text(TemplateDuration.rounded(TemplateDuration.nanoseconds(text) ?? 0))
            case .int64(let nanoseconds): .text(TemplateDuration.rounded(nanoseconds))
            case .time(let time):
                .text(
                    TemplateDuration.rounded(
                        (Self.now.seconds &- time.seconds).multipliedReportingOverflow(
                            by: 1_000_000_000
                        ).partialValue
                    )
                )
            default: .text("0s")
            }
        }
    }

    private static var now: TemplateTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return TemplateTime(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec), zone: .local)
    }

    /// Go's zero time, 1 January of year 1.
    private static let zero = TemplateTime(seconds: -62_135_596_800, nanoseconds: 0, zone: .utc)

    private static func layout(_ a: TemplateArguments, _ index: Int) throws(TemplateError) -> String {
        String(decoding: try a.string(index), as: UTF8.self)
    }

    private static func parse(_ a: TemplateArguments) throws(TemplateError) -> TemplateTime? {
        let layout = GoTimeLayout(try layout(a, 0))
        guard let found = Bytes.with(try a.string(1), { layout.parse($0, zone: .local) }) else { return nil }
        return TemplateTime(seconds: found.seconds, nanoseconds: found.nanoseconds, zone: .local)
    }

    /// A number counts as Unix seconds; what is no time at all as now.
    private static func time(_ value: TemplateValue) -> TemplateTime {
        switch value {
        case .time(let time): time
        case .int(let seconds): TemplateTime(seconds: Int64(seconds), nanoseconds: 0, zone: .local)
        case .int64(let seconds): TemplateTime(seconds: seconds, nanoseconds: 0, zone: .local)
        default: now
        }
    }
}
