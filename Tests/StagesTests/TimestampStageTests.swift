import Entries
import Testing

@testable import Stages

struct TimestampStageTests {
    /// Stages that take the whole line as the time.
    private static func stages(_ options: String) -> String {
        "- regex: {expression: '^(?P<t>(?s).*)$'}\n- timestamp: {source: t, \(options)}"
    }

    private static func time(_ seconds: Int64, _ nanoseconds: Int64 = 0) -> Timestamp {
        Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// A format with its other options, a text, and the instant; nil: the text does not fit.
    @Test(
        arguments: [
            ("format: RFC3339", "2020-05-06T07:08:09-04:00", time(1_588_763_289)),
            ("format: RFC3339Nano", "2020-05-06T07:08:09.123456789Z", time(1_588_748_889, 123_456_789)),
            ("format: RFC3339", "2020-05-06 07:08:09", nil),
            ("format: RFC1123", "Wed, 06 May 2020 07:08:09 GMT", time(1_588_748_889)),
            ("format: '2006-01-02'", "2009-01-01", time(1_230_768_000)),
            ("format: '2006-01-02'", "2009-01-01 ", nil),
            ("format: '2006-01-02'", "2009-02-29", nil),
            (
                "format: '2006-01-02 15:04:05', location: America/New_York", "2019-07-22 20:29:32",
                time(1_563_841_772)
            ),
            ("format: '2006-01-02 15:04:05', location: ''", "2019-07-22 20:29:32", time(1_563_827_372)),
            // A named format does not look at the location.
            ("format: ANSIC, location: America/New_York", "Mon Jul 22 20:29:32 2019", time(1_563_827_372)),
            ("format: Unix", "1562708916", time(1_562_708_916)),
            ("format: Unix", "1562708916.000000123", time(1_562_708_916, 123)),
            ("format: Unix", "1562708916.5", time(1_562_708_916, 500_000_000)),
            ("format: Unix", "1e9", nil),
            ("format: UnixMs", "1562708916919", time(1_562_708_916, 919_000_000)),
            ("format: UnixMs", "1562708916.9", nil),
            ("format: UnixUs", "1562708916919001", time(1_562_708_916, 919_001_000)),
            ("format: UnixNs", "1562708916000000123", time(1_562_708_916, 123)),
            ("format: rfc3339", "2020-05-06T07:08:09Z", nil),
            ("format: UnixMs, fallback_formats: [RFC3339]", "2012-11-01T22:08:41-04:00", time(1_351_822_121)),
            ("format: UnixMs, fallback_formats: [Unix, RFC3339]", "1562708916919", time(1_562_708_916, 919_000_000)),
            ("format: RFC3339, fallback_formats: [UnixMs, Unix]", "1562708916", time(1_562_708, 916_000_000)),
            ("format: RFC3339, fallback_formats: [Unix]", "x", nil),
            (
                "format: '2006', fallback_formats: ['2006-01-02'], location: Europe/Berlin", "2020-07-01",
                time(1_593_554_400)
            ),
        ] as [(String, String, Timestamp?)]
    )
    func format(_ options: String, _ text: String, _ expected: Timestamp?) throws {
        let output = try #require(try StageRun.output(Self.stages(options), text))
        #expect(output.timestamp == expected ?? StageRun.start.wall)
        #expect(output.text == text)
    }

    /// Without a year it is the one nearest to now. (The clock of the tests stands at 2 January 2026.)
    @Test(arguments: [
        ("Dec 31 23:59:59", time(1_767_225_599)),
        ("Jan 02 03:04:05", time(1_767_323_045)),
        ("Nov 30 00:00:00", time(1_795_996_800)),
    ])
    func yearIsGuessed(_ text: String, _ expected: Timestamp) throws {
        #expect(try StageRun.output(Self.stages("format: 'Jan 02 15:04:05'"), text)?.timestamp == expected)
    }

    @Test func yearIsGuessedAroundTheEndOfTheYear() throws {
        let run = try StageRun(Self.stages("format: 'Jan 02 15:04:05'"))
        run.now = Moment(monotonic: 1, wall: Self.time(1_798_720_000))
        run.feed("Jan 01 01:02:03")
        #expect(run.outputs.map(\.timestamp) == [Self.time(1_798_765_323)])
    }

    @Test func sourceMayBeANumber() throws {
        let stages = "- json: {expressions: {t: }}\n- timestamp: {source: t, format: UnixMs}"
        #expect(
            try StageRun.output(stages, #"{"t":1562708916919}"#)?.timestamp == Self.time(1_562_708_916, 919_000_000)
        )
    }

    // MARK: - Failures

    private static let json = "- json: {expressions: {t: }}\n"

    @Test func fudgeGoesOnFromTheTimeBefore() throws {
        let run = try StageRun(Self.json + "- timestamp: {source: t, format: RFC3339Nano}")
        let other = run.addTarget(["job": "other"])
        for line in [#"{"t":"2019-01-01T00:00:00.4Z"}"#, "{}", #"{"t":null}"#, #"{"t":"no time"}"#] { run.feed(line) }
        run.feed("{}", target: other)
        run.feed(#"{"t":"2019-01-01T00:00:01Z"}"#)
        run.feed("{}")
        let good = Self.time(1_546_300_800, 400_000_000)
        #expect(
            run.outputs.map(\.timestamp) == [
                good, good.adding(nanoseconds: 1), good.adding(nanoseconds: 2), good.adding(nanoseconds: 3),
                // Labels without a time before: the time of reading.
                StageRun.start.wall, Self.time(1_546_300_801), Self.time(1_546_300_801, 1),
            ]
        )
    }

    @Test func fudgeIsTheDefaultAndKnowsLabelSetsAsTheyAreAtTheStage() throws {
        let stages = """
            - json: {expressions: {t: , app: , late: }}
            - labels: {app: }
            - timestamp: {source: t, format: RFC3339, action_on_failure: fudge}
            - labels: {late: }
            """
        let outputs = try StageRun.outputs(
            stages,
            [
                #"{"app":"a","late":"1","t":"2019-01-01T00:00:00Z"}"#, #"{"app":"a","late":"2"}"#, #"{"app":"b"}"#,
            ]
        )
        #expect(
            outputs.map(\.timestamp) == [Self.time(1_546_300_800), Self.time(1_546_300_800, 1), StageRun.start.wall]
        )
    }

    @Test func skipLeavesTheTimestamp() throws {
        let stages = Self.json + "- timestamp: {source: t, format: RFC3339, action_on_failure: skip}"
        let outputs = try StageRun.outputs(stages, [#"{"t":"2019-01-01T00:00:00Z"}"#, "{}", #"{"t":"x"}"#])
        #expect(outputs.map(\.timestamp) == [Self.time(1_546_300_800), StageRun.start.wall, StageRun.start.wall])
    }

    @Test func memoryOfLabelSetsIsBounded() throws {
        let stages = """
            - json: {expressions: {t: , id: }}
            - labels: {id: }
            - timestamp: {source: t, format: RFC3339}
            - labeldrop: [id]
            """
        let run = try StageRun(stages)
        run.feed(#"{"id":"first","t":"2019-01-01T00:00:00Z"}"#)
        for id in 0..<LabelSets.limit { run.feed(#"{"id":\#(id),"t":"2019-01-01T00:00:00Z"}"#) }
        run.feed(#"{"id":"first"}"#)
        run.feed(#"{"id":\#(LabelSets.limit - 1)}"#)
        #expect(run.outputs.suffix(2).map(\.timestamp) == [StageRun.start.wall, Self.time(1_546_300_800, 1)])
    }

    @Test(arguments: [
        MistakeCase("- timestamp: {format: RFC3339}", "timestamp: 'source' is missing"),
        MistakeCase("- timestamp: {source: '', format: RFC3339}", "timestamp: 'source' is empty"),
        MistakeCase("- timestamp: {source: t}", "timestamp: 'format' is missing"),
        MistakeCase("- timestamp: {source: t, format: ''}", "timestamp: 'format' is empty"),
        MistakeCase(
            "- timestamp: {source: t, format: Unix, location: Nowhere/Land}",
            "timestamp: 'location' is no time zone: unknown time zone Nowhere/Land"
        ),
        MistakeCase(
            "- timestamp: {source: t, format: Unix, action_on_failure: drop}",
            "timestamp: 'action_on_failure' is neither 'fudge' nor 'skip'"
        ),
        MistakeCase(
            "- timestamp: {source: t, format: Unix, action_on_failure: ''}",
            "timestamp: 'action_on_failure' is neither 'fudge' nor 'skip'"
        ),
        MistakeCase("- timestamp: {source: t, format: Unix, fallback_formats: Unix}", "takes a list of texts"),
        MistakeCase(
            "- timestamp: {source: t, format: rfc3339}",
            "test.yaml:1:34: warning: timestamp: 'format' is no name of a format; did you mean 'RFC3339'?"
        ),
        MistakeCase(
            "- timestamp: {source: t, format: Unix, fallback_formats: [RFC3339, 'yyyy-MM-dd']}",
            "warning: timestamp: 'fallback_formats' has no part of Go's reference time"
        ),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }
}
