/// An instant with the zone that it is shown in.
struct TemplateTime: Equatable {
    let seconds: Int64
    let nanoseconds: Int32
    let zone: ZoneInfo

    /// What Go's `Time.String` gives.
    var text: [UInt8] { format("2006-01-02 15:04:05.999999999 -0700 MST") }

    func format(_ layout: String, zone other: ZoneInfo? = nil) -> [UInt8] {
        GoTimeLayout(layout).format(seconds: seconds, nanoseconds: nanoseconds, zone: other ?? zone)
    }

    static func == (left: TemplateTime, right: TemplateTime) -> Bool {
        left.seconds == right.seconds && left.nanoseconds == right.nanoseconds && left.zone === right.zone
    }
}
