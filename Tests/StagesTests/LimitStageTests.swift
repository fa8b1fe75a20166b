import Entries
import Testing

@testable import Stages

struct LimitStageTests {
    @Test func surplusIsDroppedAndCounted() throws {
        let run = try StageRun("- limit: {rate: 2, burst: 3, drop: true}")
        for number in 1...5 { run.feed("\(number)") }
        run.advance(by: .milliseconds(499))
        run.feed("6")
        run.advance(by: .milliseconds(1))
        run.feed("7")
        #expect(run.lines == ["1", "2", "3", "7"])
        #expect(run.drops == ["ratelimit_drop_stage": 3])
        #expect(!run.pipeline.mayWait)
    }

    @Test func surplusWaitsAndNothingIsLost() throws {
        let run = try StageRun("- limit: {rate: 20, burst: 2}")
        for number in 1...6 { run.feed("\(number)") }
        #expect(run.pipeline.mayWait)
        #expect(run.lines == ["1", "2", "3", "4", "5", "6"])
        #expect(run.outcomes.map { $0 == .delivered } == [true, true, false, false, false, false])
        // Four lines beyond the burst at 20 a second.
        #expect(run.now.monotonic - StageRun.start.monotonic == 200_000_000)
    }

    @Test func waitingPipelineTellsWhenToComeBack() throws {
        let run = try StageRun("- limit: {rate: 4, burst: 1}")
        run.feed("1")
        run.feed("2")
        #expect(run.outcomes[1] == .waiting(until: StageRun.start.monotonic + 250_000_000))
    }

    @Test func eachValueOfALabelHasItsOwnLimit() throws {
        let run = try StageRun(
            """
            - json: {expressions: {app: }}
            - labels: {app: }
            - limit: {rate: 1, burst: 1, drop: true, by_label_name: app}
            """
        )
        for _ in 1...5 {
            for line in [#"{"app":"a"}"#, #"{"app":"b"}"#, "{}"] { run.feed(line) }
        }
        #expect(run.lines.count { $0.contains("a\"}") } == 1)
        #expect(run.lines.count { $0.contains("b\"}") } == 1)
        #expect(run.lines.count { $0 == "{}" } == 5)
        #expect(run.drops == ["ratelimit_drop_stage": 8])
    }

    @Test(arguments: [
        MistakeCase("- limit: {burst: 1}", "limit: 'rate' is missing"),
        MistakeCase("- limit: {rate: 1}", "limit: 'burst' is missing"),
        MistakeCase("- limit: {rate: 0, burst: 1}", "limit: 'rate' must be over 0"),
        MistakeCase("- limit: {rate: -1, burst: 1}", "limit: 'rate' must be over 0"),
        MistakeCase("- limit: {rate: .nan, burst: 1}", "limit: 'rate' must be over 0"),
        MistakeCase("- limit: {rate: 1, burst: 0}", "limit: 'burst' must be over 0"),
        MistakeCase("- limit: {rate: 1, burst: 1, by_label_name: app}", "limit: 'by_label_name' needs 'drop: true'"),
        MistakeCase(
            "- limit: {rate: 1, burst: 1, drop: true, by_label_name: app, max_distinct_labels: 5}",
            "warning: limit: 'max_distinct_labels' is taken as 10000, the least"
        ),
    ])
    func mistake(_ row: MistakeCase) { #expect(row.found == row.message) }

    @Test(arguments: ["rate: '2.5', burst: '3', drop: 'true'", "rate: 2.5, burst: 3.9, drop: 1"])
    func scalarsConvert(_ options: String) throws {
        let run = try StageRun("- limit: {\(options)}")
        for number in 1...5 { run.feed("\(number)") }
        #expect(run.lines == ["1", "2", "3"])
    }
}
