import Configuration
import Entries
import Languages

/// Takes the timestamp from an extracted value.
///
/// `format` and then each of `fallback_formats` is tried. When none fits, or there is no value, `fudge` gives the entry
/// the last timestamp of its label set plus a nanosecond, which keeps the order of lines and is Promtail's default;
/// `skip` leaves it the time of reading.
struct TimestampStage: Stage {
    static let spec = StageSpec(
        name: "timestamp",
        summary: "Takes the timestamp from an extracted value.",
        options: [
            .required("source", .string, "Extracted value with the time."),
            .required(
                "format",
                .string,
                "RFC3339, Unix, UnixMs or another name, or Go's reference time as the log would write it: 2006-01-02 15:04:05."
            ),
            .optional(
                "fallback_formats",
                .stringList,
                "Formats to try one after the other when 'format' does not fit."
            ),
            .optional("location", .string, "Time zone such as Europe/Berlin for layouts without one; else UTC."),
            .optional(
                "action_on_failure",
                .string,
                default: "fudge",
                "fudge: the last time of the same labels plus 1 ns; skip: the time of reading."
            ),
        ],
        examples: [
            StageExample(
                #"""
                - regex: {expression: '^(?P<time>\S+ \S+)'}
                - timestamp: {source: time, format: '2006-01-02 15:04:05', location: America/New_York}
                - drop: {older_than: 24h}
                """#,
                input: ["2020-01-02 03:04:05 long ago"],
                output: []
            )
        ]
    )

    private let source: Slot
    private let format: TimestampFormat
    private let fallbacks: [TimestampFormat]
    /// Nil where a failure leaves the timestamp as it is.
    private var times: LastTimestamps?

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        source = try options.requiredSlot(compiler)
        let text = options.string("format") ?? ""
        guard !text.isEmpty else {
            throw options.mistake("format", "is empty", help: "name a format such as RFC3339, or write a layout")
        }
        let location = try Self.location(options)
        format = TimestampFormat(text, location: location)
        let others = options.strings("fallback_formats") ?? []
        fallbacks = others.map { TimestampFormat($0, location: location) }
        switch options.string("action_on_failure") {
        case "fudge", nil: times = LastTimestamps(compiler.labelSets)
        case "skip": times = nil
        default: throw options.mistake("action_on_failure", "is neither 'fudge' nor 'skip'")
        }
        Self.checkLayouts(options, compiler)
    }

    /// Warns of layouts that hardly mean what they say; Promtail takes them, and then no time ever fits.
    private static func checkLayouts(_ options: Options, _ compiler: PipelineCompiler) {
        func check(_ name: String, _ node: YAMLNode) {
            guard let text = node.scalar?.text, !TimestampFormat.names.contains(text) else { return }
            let meant = TimestampFormat.names.first { $0.lowercased() == text.lowercased() }
            guard meant != nil || TimestampFormat.isConstant(text) else { return }
            let problem =
                meant.map { options.mistake(name, at: node, "is no name of a format; did you mean '\($0)'?") }
                ?? options.mistake(
                    name,
                    at: node,
                    "has no part of Go's reference time",
                    help: "write the reference time as the log would: 2006-01-02T15:04:05 and so on"
                )
            compiler.diagnostics.add(problem.asWarning)
        }
        if let node = options.node("format") { check("format", node) }
        for node in options.node("fallback_formats")?.items ?? [] { check("fallback_formats", node) }
    }

    private static func location(_ options: Options) throws(Diagnostic) -> ZoneInfo? {
        guard let name = options.string("location") else { return nil }
        do { return try ZoneInfo.named(name) } catch {
            throw options.mistake("location", "is no time zone: \(error.message)", help: error.help)
        }
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        if let timestamp = timestamp(of: &entry) {
            entry.timestamp = timestamp
            times?.remember(&entry)
        } else {
            times?.fudge(&entry)
        }
        return .keep
    }

    @inline(__always)
    private func timestamp(of entry: inout Entry) -> Timestamp? {
        guard let text = entry.text(source) else { return nil }
        return format.parse(text, now: entry.now.wall) ?? fallback(text, now: entry.now.wall)
    }

    private func fallback(_ text: Bytes, now: Timestamp) -> Timestamp? {
        for format in fallbacks {
            if let timestamp = format.parse(text, now: now) { return timestamp }
        }
        return nil
    }
}
