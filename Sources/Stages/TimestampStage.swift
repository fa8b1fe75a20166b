import Configuration
import Entries
import Languages

/// Sets the entry's timestamp from an extracted value.
///
/// A value that is missing or cannot be read leaves the time as it is (`skip`), or makes it the time of the entry before
/// with the same labels plus one nanosecond (`fudge`), as in Promtail.
struct TimestampStage: Stage {
    static let spec = StageSpec(
        name: "timestamp",
        summary: "Sets the entry's timestamp from an extracted value.",
        options: [
            .required("source", .string, "Extracted value that holds the time."),
            .required("format", .string, "RFC3339, Unix, UnixMs and the like, or a layout of the reference time of Go."),
            .optional("fallback_formats", .stringList, "Formats to try in order when the first does not fit."),
            .optional("location", .string, "IANA time zone of times that name none; UTC when not given."),
            .optional(
                "action_on_failure",
                .string,
                default: "fudge",
                "fudge: the time of the entry before plus 1 ns; skip: the time of reading."
            ),
        ],
        examples: [
            StageExample(
                "- json: {expressions: {time: }}\n- timestamp: {source: time, format: RFC3339}",
                input: [#"{"time":"2026-01-02T03:04:05Z"}"#],
                output: [#"{"time":"2026-01-02T03:04:05Z"}"#]
            )
        ]
    )

    private let source: Slot
    private let format: TimestampFormat
    private let fallbacks: [TimestampFormat]
    /// Nil when a failure leaves the time alone.
    private var times: LastTimestamps?

    init(_ options: Options, _ compiler: PipelineCompiler) throws(Diagnostic) {
        source = try options.requiredSlot(compiler)
        guard let text = options.string("format"), !text.isEmpty else {
            throw options.mistake("format", "is empty", help: "write RFC3339, Unix or a layout such as '2006-01-02'")
        }
        let location = try Self.location(options)
        format = TimestampFormat(text, location: location)
        fallbacks = (options.strings("fallback_formats") ?? []).map { TimestampFormat($0, location: location) }
        switch options.string("action_on_failure") ?? "" {
        case "fudge", "": times = LastTimestamps(compiler.labelSets)
        case "skip": times = nil
        default:
            throw options.mistake("action_on_failure", "must be fudge or skip")
        }
    }

    private static func location(_ options: Options) throws(Diagnostic) -> ZoneInfo? {
        guard let name = options.string("location"), !name.isEmpty else { return nil }
        do throws(LanguageError) { return try ZoneInfo.named(name) } catch {
            throw options.mistake("location", "is no time zone: \(error.message)", help: error.help)
        }
    }

    mutating func process(_ entry: inout Entry) -> Verdict {
        guard let text = entry.text(source), let timestamp = parse(text, entry.now.wall) else {
            times?.fudge(&entry)
            return .keep
        }
        entry.timestamp = timestamp
        times?.remember(&entry)
        return .keep
    }

    @inline(__always)
    private func parse(_ text: Bytes, _ now: Timestamp) -> Timestamp? {
        format.parse(text, now: now) ?? (fallbacks.isEmpty ? nil : parseByFallbacks(text, now))
    }

    private func parseByFallbacks(_ text: Bytes, _ now: Timestamp) -> Timestamp? {
        for format in fallbacks {
            if let timestamp = format.parse(text, now: now) { return timestamp }
        }
        return nil
    }
}
