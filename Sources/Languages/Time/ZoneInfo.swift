/// The rules of one time zone: which offset from UTC holds when, as Go's `time.Location` decides it.
///
/// Never changes after it was made; shared freely.
package final class ZoneInfo: Sendable {
    /// One kind of local time of a zone, such as CEST.
    struct Kind: Equatable, Sendable {
        /// Seconds east of UTC.
        let offset: Int
        let isDaylight: Bool
        let abbreviation: [UInt8]
    }

    /// A stretch of time during which one kind holds.
    struct Period: Equatable {
        let kind: Int
        let start: Int64
        let end: Int64
    }

    package let name: String
    /// The kinds of the file, then those that only the rule for the future names.
    let kinds: [Kind]
    /// How many of `kinds` stand in the file; only these are found by abbreviation.
    private let namedKinds: Int
    /// Ascending instants at which another kind begins.
    private let transitions: [Int64]
    private let transitionKinds: [UInt8]
    private let firstKind: Int
    private let future: DaylightRule?
    private let futureKinds: (standard: Int, daylight: Int)

    package static let utc = ZoneInfo(
        name: "UTC",
        kinds: [Kind(offset: 0, isDaylight: false, abbreviation: [85, 84, 67])]
    )

    /// A zone from the parts of its file.
    ///
    /// `kinds` is not empty and every index in `transitionKinds` is one of it.
    init(
        name: String,
        kinds: [Kind],
        transitions: [Int64] = [],
        transitionKinds: [UInt8] = [],
        future: DaylightRule? = nil
    ) {
        self.name = name
        self.namedKinds = kinds.count
        self.transitions = transitions
        self.transitionKinds = transitionKinds
        self.future = future
        self.firstKind = Self.firstKind(of: kinds, transitionKinds: transitionKinds)
        if let future {
            self.kinds = kinds + [future.standard, future.daylight]
        } else {
            self.kinds = kinds
        }
        futureKinds = (kinds.count, kinds.count + 1)
    }

    /// Seconds east of UTC at the instant `seconds` after 1970.
    package func offset(atUTC seconds: Int64) -> Int { kinds[period(at: seconds).kind].offset }

    /// Seconds east of UTC to take from a local time, given as if it were UTC.
    ///
    /// In a gap or an overlap this guesses as Go's `time.Date` does.
    package func offset(forLocal seconds: Int64) -> Int {
        let guess = period(at: seconds)
        let offset = kinds[guess.kind].offset
        guard offset != 0 else { return 0 }
        let instant = seconds &- Int64(offset)
        guard instant < guess.start || instant >= guess.end else { return offset }
        return self.offset(atUTC: instant)
    }

    /// The offset of a zone abbreviation such as `CEST`; nil when the zone does not know it.
    ///
    /// Where an abbreviation stands for several offsets, the one in force at local time `seconds` wins, else the first.
    package func offset(ofAbbreviation text: [UInt8], atLocal seconds: Int64) -> Int? {
        var firstFound: Int?
        for kind in kinds[..<namedKinds] where kind.abbreviation == text {
            let inForce = kinds[period(at: seconds &- Int64(kind.offset)).kind]
            if inForce.abbreviation == text { return inForce.offset }
            if firstFound == nil { firstFound = kind.offset }
        }
        return firstFound
    }

    /// The abbreviation in force at an instant, `CEST` or `+03`.
    package func abbreviation(atUTC seconds: Int64) -> [UInt8] { kinds[period(at: seconds).kind].abbreviation }

    /// The kind in force at an instant and how long around it.
    func period(at seconds: Int64) -> Period {
        guard let first = transitions.first else { return futurePeriod(at: seconds) ?? wholeTime }
        guard seconds >= first else { return Period(kind: firstKind, start: .min, end: first) }
        var low = 0
        var high = transitions.count
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if seconds < transitions[middle] { high = middle } else { low = middle }
        }
        if high == transitions.count, let period = futurePeriod(at: seconds) { return period }
        return Period(
            kind: Int(transitionKinds[low]),
            start: transitions[low],
            end: high < transitions.count ? transitions[high] : .max
        )
    }

    private var wholeTime: Period { Period(kind: 0, start: .min, end: .max) }

    private func futurePeriod(at seconds: Int64) -> Period? {
        guard let future else { return nil }
        let found = future.period(at: seconds, since: transitions.last ?? .min)
        return Period(
            kind: found.isDaylight ? futureKinds.daylight : futureKinds.standard,
            start: found.start,
            end: found.end
        )
    }

    /// The kind before the first transition, chosen as tzcode's localtime.c does.
    private static func firstKind(of kinds: [Kind], transitionKinds: [UInt8]) -> Int {
        guard transitionKinds.contains(0) else { return 0 }
        if let first = transitionKinds.first.map(Int.init), kinds[first].isDaylight,
            let before = kinds[..<first].lastIndex(where: { !$0.isDaylight })
        {
            return before
        }
        return kinds.firstIndex { !$0.isDaylight } ?? 0
    }
}
