package import Entries

/// The `format` of a `timestamp` stage: a named format, a Unix number, or a layout of Go's.
package struct TimestampFormat: Sendable {
    private enum Kind {
        /// RFC 3339, where the layout is for what the quick way does not take.
        case internet
        case layout
        case yearless
        case unixSeconds
        /// Whole numbers of `unit` nanoseconds.
        case unix
    }

    // Kept apart instead of inside the cases: the quick ways then touch no reference.
    private let kind: Kind
    private let unit: Int64
    private let layout: YearlessLayout

    /// Takes every text, as Promtail does: what is no name (names are case-sensitive) is a layout.
    ///
    /// `location` counts for layouts only, not for named formats. `machine` is the zone that decides which year it is.
    package init(_ format: String, location: ZoneInfo? = nil, machine: ZoneInfo = .local) {
        let named = Self.namedLayouts[format]
        let layout = GoTimeLayout(named ?? format)
        self.layout = YearlessLayout(layout: layout, location: named == nil ? location : nil, machine: machine)
        switch format {
        case "RFC3339", "RFC3339Nano": (kind, unit) = (.internet, 0)
        case "Unix": (kind, unit) = (.unixSeconds, 0)
        case "UnixMs": (kind, unit) = (.unix, 1_000_000)
        case "UnixUs": (kind, unit) = (.unix, 1_000)
        case "UnixNs": (kind, unit) = (.unix, 1)
        default: (kind, unit) = (layout.hasYear ? .layout : .yearless, 0)
        }
    }

    /// The instant that `text` names; nil when it does not fit.
    ///
    /// `now` only tells the year where the format has none: the current one, or its neighbour around New Year.
    package func parse(_ text: Bytes, now: Timestamp) -> Timestamp? {
        switch kind {
        case .internet: InternetTime.parse(text) ?? layout.layout.parse(text)
        case .layout: layout.layout.parse(text, zone: layout.location)
        case .yearless: layout.parse(text, now: now)
        case .unixSeconds: UnixTime.seconds(text)
        case .unix: UnixTime.units(text, unit: unit)
        }
    }

    /// The formats that have a name.
    package static let names = namedLayouts.keys.sorted() + ["Unix", "UnixMs", "UnixUs", "UnixNs"]

    /// Whether `layout` has no element of the reference time: only that very text fits it.
    package static func isConstant(_ layout: String) -> Bool {
        GoTimeLayout(layout).steps.allSatisfy { $0.element == .literal }
    }

    private static let namedLayouts = [
        "ANSIC": "Mon Jan _2 15:04:05 2006",
        "UnixDate": "Mon Jan _2 15:04:05 MST 2006",
        "RubyDate": "Mon Jan 02 15:04:05 -0700 2006",
        "RFC822": "02 Jan 06 15:04 MST",
        "RFC822Z": "02 Jan 06 15:04 -0700",
        "RFC850": "Monday, 02-Jan-06 15:04:05 MST",
        "RFC1123": "Mon, 02 Jan 2006 15:04:05 MST",
        "RFC3339": "2006-01-02T15:04:05Z07:00",
        "RFC3339Nano": "2006-01-02T15:04:05.999999999Z07:00",
        "RFC1123Z": "Mon, 02 Jan 2006 15:04:05 -0700",
    ]
}
