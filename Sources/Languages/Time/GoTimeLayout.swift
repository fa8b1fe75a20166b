package import Entries

/// A layout of Go's `time` package, such as `2006-01-02 15:04:05.000 MST`: what a timestamp looks like, told by example.
///
/// Compiled once; parses as `time.Parse` and `time.ParseInLocation` of Go 1.24 do, without allocating unless the text
/// has a zone abbreviation.
package struct GoTimeLayout: Sendable {
    /// One step through the layout: an element, or text that must stand there as it is.
    struct Step: Equatable, Sendable {
        let element: Element
        /// Digits of a fraction, or the start of a literal in ``literals``.
        var argument = 0
        /// Length of a literal.
        var length = 0
    }

    let steps: [Step]
    /// The bytes of all literals, one after the other.
    let literals: [UInt8]

    /// Whether the layout has a year, as Promtail decides it: it contains `06`.
    package let hasYear: Bool

    /// Every text is a layout; what is not an element must stand in the timestamp as it is.
    package init(_ layout: String) {
        var steps: [Step] = []
        var literals: [UInt8] = []
        let text = Array(layout.utf8)
        var index = 0
        var literalStart = 0
        while index < text.count {
            guard let found = Element.scan(text[index...]) else {
                literals.append(text[index])
                index += 1
                continue
            }
            if literals.count > literalStart {
                steps.append(Step(element: .literal, argument: literalStart, length: literals.count - literalStart))
                literalStart = literals.count
            }
            steps.append(Step(element: found.element, argument: found.digits))
            index += found.length
        }
        if literals.count > literalStart {
            steps.append(Step(element: .literal, argument: literalStart, length: literals.count - literalStart))
        }
        self.steps = steps
        self.literals = literals
        hasYear = layout.contains("06")
    }

    /// The instant that `text` names; nil when it does not fit the layout or has something out of range.
    ///
    /// Without an offset in the text `zone` tells it, else UTC. An abbreviation is looked up in `zone`, without one in
    /// the machine's; unknown ones, `GMT+3` among them, mean UTC.
    package func parse(_ text: Bytes, zone: ZoneInfo? = nil) -> Timestamp? {
        guard let local = parseLocal(text, zone: zone, machine: nil) else { return nil }
        return local.timestamp
    }

    /// Like ``parse(_:zone:)``, but with the zone that the date counts in; `machine` replaces the machine's zone.
    func parseLocal(_ text: Bytes, zone: ZoneInfo?, machine: ZoneInfo?) -> LocalTime? {
        var parser = GoTimeParser(text)
        let isRead = steps.withUnsafeBufferPointer { steps in
            literals.withUnsafeBufferPointer { literals in
                parser.run(steps, literals: literals.baseAddress.map { Bytes($0, count: literals.count) } ?? .empty)
            }
        }
        guard isRead, parser.settleDate() else { return nil }
        let local = CivilDay.number(year: parser.year, month: parser.month, day: parser.day) * 86_400
        let seconds = Int64(local + parser.hour * 3_600 + parser.minute * 60 + parser.second)
        let nanoseconds = Int64(parser.nanoseconds)
        let (offset, reckoning) = place(parser.zone, isUTC: parser.isUTC, seconds: seconds, text: text, zone, machine)
        return LocalTime(
            timestamp: Timestamp(seconds: seconds - Int64(offset), nanoseconds: nanoseconds),
            reckoning: reckoning
        )
    }

    /// Seconds to take from a local time, and the zone its date counts in.
    private func place(
        _ found: GoTimeParser.Zone,
        isUTC: Bool,
        seconds: Int64,
        text: Bytes,
        _ zone: ZoneInfo?,
        _ machine: ZoneInfo?
    ) -> (offset: Int, LocalTime.Reckoning) {
        let known: LocalTime.Reckoning = zone == nil ? .machine : .zone
        switch found {
        case .none:
            guard let zone else { return (0, .fixed(0)) }
            return (zone.offset(forLocal: seconds), .zone)
        case .fixed(let offset):
            // Only a text without a year is counted on from the date in its zone.
            guard !hasYear, !isUTC else { return (offset, .fixed(offset)) }
            let inForce = (zone ?? machine ?? .local).offset(atUTC: seconds - Int64(offset))
            return (offset, inForce == offset ? known : .fixed(offset))
        case .abbreviation(let range):
            let name = text[range]
            if let offset = (zone ?? machine ?? .local).offset(ofAbbreviation: name.array, atLocal: seconds) {
                return (offset, known)
            }
            // Go shows the offset of `GMT+3` but does not take it from the time.
            return (0, .fixed(GoTimeParser.offset(ofUnknown: name)))
        }
    }

    /// An instant together with the zone in which Go counts its date.
    struct LocalTime: Equatable {
        enum Reckoning: Equatable {
            case fixed(Int)
            /// The zone the caller gave.
            case zone
            /// The machine's zone.
            case machine
        }

        let timestamp: Timestamp
        let reckoning: Reckoning
    }
}
